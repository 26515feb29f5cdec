import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, isAlive } from './process-mark.js'

/** A PostgreSQL server's first process. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
}

/** The living server of a data directory; undefined where none runs. */
export function findPostmaster(pgData: string): Postmaster | undefined {
  try {
    // Lines: 1 process, 4 port.
    const lines = readFileSync(join(pgData, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return isPostmaster(pid, pgData) ? { pid, port: Number(lines[3]) } : undefined
  } catch {
    return undefined
  }
}

/** Whether a process is the server of this data directory: after a reboot its number may be somebody else's. */
export function isPostmaster(pid: number, pgData: string): boolean {
  return isAlive(pid) && (commandLine(pid)?.includes(pgData) ?? process.platform !== 'linux')
}
