import { readdirSync, readFileSync } from 'node:fs'

/** What others have done on the machine until a moment, in milliseconds of CPU. */
export interface UseOfOthers {
  readonly atMs: number
  /** of each process that is none of this bench's */
  readonly processes: ReadonlyMap<number, number>
  /** taken by other machines on the same hardware */
  readonly stolenMs: number
}

const MS_PER_TICK = 10

/** Reads what others have done. Linux alone says so. */
export function readOthers(): UseOfOthers {
  const [total = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const children = childrenOfAll()
  const own = new Set(treeOf(process.pid, children))
  const others = [...children.values()].flat().filter((pid) => !own.has(pid))
  return {
    atMs: performance.now(),
    processes: new Map(others.map((pid) => [pid, scheduledMs(pid)])),
    stolenMs: Number(total.split(/ +/)[8]) * MS_PER_TICK,
  }
}

/** Cores that others had between two moments. */
export function coresOfOthers(before: UseOfOthers, after: UseOfOthers): number {
  const stolenMs = after.stolenMs - before.stolenMs
  return (tookMs(before.processes, after.processes) + stolenMs) / (after.atMs - before.atMs)
}

/** The CPU time of each of a server's processes, in milliseconds by the scheduler's own clock; not its PostgreSQL's. */
export function serverCpuMs(pid: number, postgresPid: number): Map<number, number> {
  return new Map(treeOf(pid, childrenOfAll(), postgresPid).map((each) => [each, scheduledMs(each)]))
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

/** A process and all below it, but for one with what is below it. */
function treeOf(pid: number, children: ReadonlyMap<number, readonly number[]>, without?: number): number[] {
  const pids = [pid]
  for (const parent of pids) pids.push(...(children.get(parent) ?? []).filter((child) => child !== without))
  return pids
}

function childrenOfAll(): Map<number, number[]> {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const [, parent] = readProc(entry, 'stat').split(') ').at(-1)?.split(' ') ?? []
    if (parent !== undefined) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(entry)])
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
