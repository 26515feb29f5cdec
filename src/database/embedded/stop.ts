import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isPostmaster } from './find-postmaster.js'
import type { Placement } from './placement.js'

/** How long each way to stop may take, in milliseconds. */
export interface StopLimits {
  /** cuts all connections and writes out what changed; with a slow disk and 256 MB of buffers that takes its time */
  readonly fastMs: number
  /** leaves everything as it is, for the next start to repair; PostgreSQL itself kills what doesn't end within 5 s */
  readonly immediateMs: number
  readonly killMs: number
}

export const STOP_LIMITS: StopLimits = { fastMs: 20_000, immediateMs: 8000, killMs: 5000 }

const POLL_MS = 20

/**
 * Stops a server and waits for its end: fast, then immediately, then by a kill. PostgreSQL 18 was seen to hang in its
 * fast shutdown after its disk had been full, until it got a SIGQUIT. No way loses what was committed.
 * @throws Error where it runs even then
 * @see "Shutting Down the Server" in PostgreSQL's documentation
 */
export async function stopPostmaster(
  pid: number,
  { native, pgData }: Placement,
  log: (line: string) => void,
  limits: StopLimits = STOP_LIMITS,
): Promise<void> {
  const steps = [
    ['INT', limits.fastMs],
    ['QUIT', limits.immediateMs],
    ['KILL', limits.killMs],
  ] as const
  for (const [index, [name, limitMs]] of steps.entries()) {
    signal(pid, native, name)
    if (await waitForEnd(pid, pgData, limitMs)) return
    const next = steps[index + 1]?.[0]
    if (next) log(`PostgreSQL (process ${pid}) did not stop within ${limitMs / 1000} s: it is sent SIG${next}.`)
  }
  throw new Error(`PostgreSQL (process ${pid}) in ${pgData} did not stop, not even by SIGKILL.`)
}

/** Sends a signal to a server and doesn't wait: INT stops it fast, QUIT immediately. */
export function signal(pid: number, native: string, name: 'INT' | 'QUIT' | 'KILL'): void {
  if (process.platform === 'win32') {
    // Node can only kill there.
    spawnSync(join(native, 'bin', 'pg_ctl.exe'), ['kill', name, String(pid)])
    return
  }
  try {
    process.kill(pid, `SIG${name}`)
  } catch {
    // It is gone already.
  }
}

/** Waits for the end of a server; false where it still runs after the limit. */
export async function waitForEnd(pid: number, pgData: string, limitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + limitMs
  while (isPostmaster(pid, pgData)) {
    if (performance.now() > deadlineMs) return false
    await sleep(POLL_MS)
  }
  return true
}
