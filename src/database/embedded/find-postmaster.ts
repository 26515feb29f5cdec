import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, isAlive } from './process-mark.js'

/** A PostgreSQL server's first process. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
}

/** A server that runs, as its own file says. */
export interface FoundPostmaster extends Postmaster {
  /** the folder of its Unix socket; undefined where it has none */
  readonly socketFolder: string | undefined
}

/** The living server of a data directory; undefined where none runs. */
export function findPostmaster(pgData: string): FoundPostmaster | undefined {
  try {
    // Lines: 1 process, 4 port, 5 folder of the socket.
    const lines = readFileSync(join(pgData, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!isPostmaster(pid, pgData)) return undefined
    return { pid, port: Number(lines[3]), socketFolder: lines[4]?.trim() || undefined }
  } catch {
    return undefined
  }
}

/** Whether a process is the server of this data directory: after a reboot its number may be somebody else's. */
export function isPostmaster(pid: number, pgData: string): boolean {
  return isAlive(pid) && (commandLine(pid)?.includes(pgData) ?? process.platform !== 'linux')
}
