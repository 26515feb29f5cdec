import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

// Of the kernel, on every architecture that Node runs on.
const TICKS_PER_SECOND = 100

/** The CPU time that a process and all its descendants have taken, in milliseconds. Linux alone says so. */
export function cpuMsOfTree(pid: number): number {
  const parents = new Map<number, number>()
  const ticks = new Map<number, number>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = statOf(entry)
      parents.set(Number(entry), Number(fields[1]))
      // With those of collected children.
      ticks.set(Number(entry), ticksOf(fields, [11, 12, 13, 14]))
    } catch {
      // It has ended since the folder was read.
    }
  }
  const isOfTree = (process: number): boolean =>
    process === pid || (parents.has(process) && isOfTree(parents.get(process) ?? 0))
  const sum = [...ticks].reduce((total, [process, count]) => total + (isOfTree(process) ? count : 0), 0)
  return (sum * 1000) / TICKS_PER_SECOND
}

/** The CPU time that a process alone has taken, in milliseconds. */
export function cpuMsOfProcess(pid: number): number {
  return (ticksOf(statOf(String(pid)), [11, 12]) * 1000) / TICKS_PER_SECOND
}

/** Behind the name, which may have spaces: state, parent, …, user and system time, and those of collected children. */
function statOf(entry: string): string[] {
  return readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
}

function ticksOf(fields: readonly string[], places: readonly number[]): number {
  return places.reduce((sum, place) => sum + Number(fields[place]), 0)
}

/** The memory of a process in MB: now, and the most since the last call of `forgetPeak`. */
export function memoryMb(pid: number): { readonly now: number; readonly peak: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024
  return { now: read('VmRSS'), peak: read('VmHWM') }
}

/** Lets the peak of a process begin anew at what it has now. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
