import { setTimeout as sleep } from 'node:timers/promises'
import { RECOVERED_MS, restartPauseMs } from '../../lib/restart-pause.js'
import { isRunning, processMark, type ProcessMark } from './process-mark.js'

export interface KeeperOptions {
  /** the server's process, as it was started or found */
  readonly pid: number
  /**
   * Starts the server again, or finds one that somebody else started; returns its process. @throws Error where it can't
   */
  readonly restart: () => Promise<number>
  readonly log: (line: string) => void
  /** ends the watch */
  readonly signal: AbortSignal
}

const LOOK_MS = 100

/**
 * Starts a server again whenever its process has ended: a `kill -9`, out of memory, a crash that it could not repair.
 * At once the first time, then after 0.1, 0.2, 0.4 … 10 s, until it has lived for a minute. Comes back when the watch
 * ends.
 */
export async function keepRunning({ pid, restart, log, signal }: KeeperOptions): Promise<void> {
  let mark = markOf(pid)
  let startedAtMs = -Infinity
  let failures = 0
  while (await pause(LOOK_MS, signal)) {
    if (isRunning(mark)) continue
    const diedAtMs = performance.now()
    if (diedAtMs - startedAtMs > RECOVERED_MS) failures = 0
    log(`PostgreSQL (process ${mark.pid}) has ended by itself: it is started again.`)
    let next: number | undefined
    while (next === undefined) {
      if (failures > 0 && !(await pause(restartPauseMs(failures), signal))) return
      failures += 1
      next = await restart().catch((error: unknown) => {
        if (!signal.aborted) log(`${String(error)}\nThe next try is in ${restartPauseMs(failures) / 1000} s.`)
        return undefined
      })
      if (signal.aborted) return
    }
    mark = markOf(next)
    startedAtMs = performance.now()
    log(`PostgreSQL (process ${next}) runs again after ${((startedAtMs - diedAtMs) / 1000).toFixed(1)} s.`)
  }
}

/** Waits, without keeping the process alive; false where the watch has ended. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { ref: false, signal }).catch(() => undefined)
  return !signal.aborted
}

// Reading the time of a start runs a program elsewhere, and nobody wants that ten times a second.
function markOf(pid: number): ProcessMark {
  return process.platform === 'linux' ? processMark(pid) : { pid, startedAt: '' }
}
