import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `<data folder>/connection.json` says: how commands reach the server, and which process is to stop it. */
export interface ConnectionFile {
  readonly port: number
  readonly adminPassword: string
  /** login and password of the owner and of the server's own login; null until they were made */
  readonly migration: Credentials | null
  readonly app: Credentials | null
  readonly pgData: string
  readonly owner: ProcessMark
  readonly urls?: { readonly admin: string; readonly migration: string; readonly app: string }
}

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** A process, told from a later one with the same number by its time of start (empty where that can't be read). */
export interface ProcessMark {
  readonly pid: number
  readonly startedAt: string
}

/** The file of a data folder; undefined where there is none that can be read. */
export function readConnectionFile(dataDir: string): ConnectionFile | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'connection.json'), 'utf8')) as ConnectionFile
  } catch {
    return undefined
  }
}

/** Writes the file as a whole, readable by its owner alone: it holds passwords. */
export function writeConnectionFile(dataDir: string, file: ConnectionFile): void {
  const path = join(dataDir, 'connection.json')
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, path)
}

/** The URLs for a port. */
export function urlsOf(file: ConnectionFile): { admin: string; migration: string; app: string } {
  const url = (user: string, password: string, database: string): string =>
    `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${file.port}/${database}`
  return {
    admin: url('postgres', file.adminPassword, 'postgres'),
    migration: url(file.migration?.user ?? '', file.migration?.password ?? '', 'kith'),
    app: url(file.app?.user ?? '', file.app?.password ?? '', 'kith'),
  }
}

/** The running process as others can recognize it. */
export function processMark(pid: number): ProcessMark {
  return { pid, startedAt: startTime(pid) }
}

/** Whether a process still runs. */
export function isRunning({ pid, startedAt }: ProcessMark): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return startedAt === '' || startTime(pid) === startedAt
}

function startTime(pid: number): string {
  try {
    // Field 22, counted behind the name, which may itself hold spaces and brackets. @see proc(5)
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
