import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { errorCode } from './error-code.js'

/** A process, told from a later one with the same number by its time of start (empty where that can't be read). */
export interface ProcessMark {
  readonly pid: number
  readonly startedAt: string
}

/** A process as others can recognize it. */
export function processMark(pid: number): ProcessMark {
  return { pid, startedAt: startTime(pid) }
}

/** Whether two marks mean the same process. */
export function isSameProcess(one: ProcessMark, other: ProcessMark): boolean {
  return one.pid === other.pid && one.startedAt === other.startedAt
}

/** Whether a process still runs, that very one. */
export function isRunning(mark: ProcessMark): boolean {
  return isAlive(mark.pid) && (mark.startedAt === '' || startTime(mark.pid) === mark.startedAt)
}

/** Whether some process has this number. One that ended and waits for its parent to notice does not count on Linux. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (errorCode(error) !== 'EPERM') return false
  }
  return statFields(pid)?.[0] !== 'Z'
}

/** The command line of a process, parts separated by blanks; undefined where it can't be read. */
export function commandLine(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return undefined
  }
  return process.platform === 'darwin' ? askPs(pid, 'command=') : undefined
}

function startTime(pid: number): string {
  if (process.platform === 'darwin') return askPs(pid, 'lstart=') ?? ''
  return statFields(pid)?.[19] ?? ''
}

/**
 * The fields behind the name, which may itself hold blanks and brackets: state first, time of start at 19. @see proc(5)
 */
function statFields(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function askPs(pid: number, column: string): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
