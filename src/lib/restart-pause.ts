const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
/** A process that lived for less has not recovered: the next pause is longer than the last one. */
export const RECOVERED_MS = 60_000

/**
 * How long is waited before a process is started again, after so many starts that failed or didn't last: 0, 100, 200, 400
 * … 10,000 ms.
 */
export function restartPauseMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS)
}
