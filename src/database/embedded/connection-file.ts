import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from './error-code.js'
import type { ProcessMark } from './process-mark.js'

/** The server's URLs as superuser, as owner of the database, and as the login that serves. */
export interface ServerUrls {
  readonly admin: string
  readonly migration: string
  readonly app: string
}

/** What `<data folder>/connection.json` says: how to reach the server, and which processes use it. */
export interface ConnectionFile {
  readonly urls: ServerUrls
  readonly port: number
  /** of the server as it was last started; 0 before */
  readonly pid: number
  /** PostgreSQL's data directory; not always below the data folder */
  readonly pgData: string
  /** whether roles and database were made */
  readonly isProvisioned: boolean
  /** whether the last one to use it told the server to stop */
  readonly isStopping: boolean
  /** one entry for each use, the oldest first: whoever leaves last stops the server */
  readonly users: readonly ProcessMark[]
}

/**
 * The file of a data folder; undefined where there is none.
 * @throws Error where it is there and can't be read: it holds the only copy of the passwords
 */
export function readConnectionFile(dataDir: string): ConnectionFile | undefined {
  const path = join(dataDir, 'connection.json')
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ConnectionFile
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw new Error(`${path} can't be read: ${String(error)}`, { cause: error })
  }
}

/** Writes the file as a whole, readable by its owner alone: it holds passwords. */
export function writeConnectionFile(dataDir: string, file: ConnectionFile): void {
  const path = join(dataDir, 'connection.json')
  const draft = `${path}.new`
  try {
    writeFileSync(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** URLs for new passwords. */
export function makeUrls(passwords: ServerUrls): ServerUrls {
  const url = (user: string, password: string, database: string): string =>
    `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:0/${database}`
  return {
    admin: url('postgres', passwords.admin, 'postgres'),
    migration: url('kith_owner', passwords.migration, 'kith'),
    app: url('kith', passwords.app, 'kith'),
  }
}

/** The same URLs at another port. */
export function withPort(urls: ServerUrls, port: number): ServerUrls {
  const at = (text: string): string => Object.assign(new URL(text), { port: String(port) }).href
  return { admin: at(urls.admin), migration: at(urls.migration), app: at(urls.app) }
}

/** The password in a URL. */
export function passwordIn(url: string): string {
  return decodeURIComponent(new URL(url).password)
}
