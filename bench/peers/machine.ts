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

/** The CPU time of each of a server's processes, in milliseconds by the scheduler's own clock; not its PostgreSQL's. */
export function serverCpuMs(pid: number, postgresPid: number): Map<number, number> {
  const children = childrenOfAll()
  const pids = [pid]
  for (const parent of pids) pids.push(...(children.get(parent) ?? []).filter((child) => child !== postgresPid))
  return new Map(pids.map((each) => [each, scheduledMs(each)]))
}

/** The same of PostgreSQL's processes, without autovacuum. */
export function databaseCpuMs(postgresPid: number): Map<number, number> {
  const backends = (childrenOfAll().get(postgresPid) ?? []).filter((pid) => !isAutovacuum(pid))
  return new Map(backends.map((pid) => [pid, scheduledMs(pid)]))
}

/** What processes took between two moments; those that ended in between have taken their time with them. */
export function tookMs(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  return [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0)
}

function childrenOfAll(): Map<number, number[]> {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const [, parent] = readProc(entry, 'stat').split(') ').at(-1)?.split(' ') ?? []
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(entry)])
  }
  return children
}

const isAutovacuum = (pid: number): boolean => readProc(pid, 'cmdline').includes('autovacuum')

function scheduledMs(pid: number): number {
  let nanoseconds = 0
  for (const thread of threadsOf(pid)) nanoseconds += Number(readProc(pid, `task/${thread}/schedstat`).split(' ')[0])
  return nanoseconds / 1_000_000
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** A file of a process; empty where it has ended. */
function readProc(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
