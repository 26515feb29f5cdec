import { readdirSync, readFileSync } from 'node:fs'
import { cpuMsOfTree } from '../load/process-use.js'

/** What the machine has done until a moment, in milliseconds of CPU. */
export interface MachineUse {
  readonly atMs: number
  /** of all processes, interrupts not counted: those of the loopback belong to nobody */
  readonly busyMs: number
  /** taken by other machines on the same hardware */
  readonly stolenMs: number
  /** of this bench and all that it started */
  readonly ownMs: number
}

const MS_PER_TICK = 10

/** Reads what the machine has done. Linux alone says so. */
export function readMachine(): MachineUse {
  const [total = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = total.split(/ +/).slice(1).map(Number)
  return {
    atMs: performance.now(),
    busyMs: (user + nice + system) * MS_PER_TICK,
    stolenMs: steal * MS_PER_TICK,
    ownMs: cpuMsOfTree(process.pid),
  }
}

/** Cores that others had between two moments: processes that are none of this bench's, and other machines. */
export function coresOfOthers(before: MachineUse, after: MachineUse): number {
  const othersMs = after.busyMs - before.busyMs - (after.ownMs - before.ownMs)
  return (Math.max(0, othersMs) + after.stolenMs - before.stolenMs) / (after.atMs - before.atMs)
}

/** The CPU time of a process with all its threads, in milliseconds, by the scheduler's own clock. */
export function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  return threads.reduce((sum, thread) => sum + scheduledMs(`/proc/${pid}/task/${thread}/schedstat`), 0)
}

/** The CPU time of each backend of a PostgreSQL by its process, without autovacuum. */
export function backendsCpuMs(postgresPid: number): Map<number, number> {
  const backends = new Map<number, number>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      if (Number(fields[1]) !== postgresPid) continue
      if (readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes('autovacuum')) continue
      backends.set(Number(entry), scheduledMs(`/proc/${entry}/schedstat`))
    } catch {
      // It has ended since the folder was read.
    }
  }
  return backends
}

/** What backends took between two moments; those that ended in between have taken their time with them. */
export function backendsTookMs(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  return [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0)
}

function scheduledMs(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]) / 1_000_000
  } catch {
    return 0
  }
}
