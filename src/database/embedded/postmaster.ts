import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { program } from './binaries.js'
import type { Placement } from './placement.js'

const POLL_MS = 20
const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 30_000

/**
 * A locale with UTF-8 and its letters: under C there are no trigrams for '山' and lower('É') does nothing. The builtin
 * provider's C.UTF-8 doesn't count for pg_trgm, which looks at LC_CTYPE.
 */
const LOCALES: Partial<Record<NodeJS.Platform, string>> = { linux: 'C.UTF-8', darwin: 'en_US.UTF-8', win32: 'en-US' }

const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '250',
  shared_preload_libraries: 'pg_stat_statements',
  // Each SET LOCAL app.tenant_id = '…' would be an entry of its own.
  'pg_stat_statements.track_utility': 'off',
  shared_buffers: '256MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  random_page_cost: '1.1',
  // Compiling costs more than the short statements of an API take.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** Makes a cluster in `pgData` as a whole or not at all; returns the superuser's password. */
export function initializeCluster({ native, pgData, user }: Placement): string {
  const password = randomBytes(24).toString('base64url')
  const draft = `${pgData}.new`
  const passwordFile = `${pgData}.password`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid)
  const locale = LOCALES[process.platform] ?? 'C.UTF-8'
  const { status, stderr, error } = spawnSync(
    program(native, 'initdb'),
    ['-D', draft, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', `--locale=${locale}`],
    { encoding: 'utf8', env: {}, ...identity(user), cwd: dirname(pgData) },
  )
  rmSync(passwordFile, { force: true })
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true })
    throw new Error(`initdb failed: ${error?.message ?? stderr.trim()}`)
  }
  renameSync(draft, pgData)
  return password
}

function identity(user: Placement['user']): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {}
}

/** The process of a cluster that runs, or ran, in `pgData`; undefined where none did. */
export function postmasterPid(pgData: string): number | undefined {
  try {
    return Number(readFileSync(join(pgData, 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return undefined
  }
}

/** Whether a process is a living postgres: after a reboot its number may be somebody else's. */
export function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
  } catch {
    return process.platform !== 'linux'
  }
}

/**
 * Starts the server in a process group of its own, so that Ctrl-C in the terminal reaches Kith alone, which drains
 * first. Resolves when it takes connections.
 * @throws Error with the end of its log
 */
export async function startPostmaster({ native, pgData, user }: Placement, port: number, adminUrl: string): Promise<number> {
  const logPath = `${pgData}.log`
  const log = openSync(logPath, 'a')
  chmodSync(logPath, 0o600)
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(program(native, 'postgres'), ['-D', pgData, '-p', String(port), ...settings], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {},
    cwd: dirname(pgData),
    ...identity(user),
  })
  closeSync(log)
  child.unref()
  let failure: Error | undefined
  child.on('error', (error) => (failure = error))
  const deadlineMs = performance.now() + START_TIMEOUT_MS
  while (!failure && child.exitCode === null && performance.now() < deadlineMs) {
    if (await acceptsConnections(adminUrl)) return child.pid as number
    await sleep(POLL_MS)
  }
  const tail = readFileSync(logPath, 'utf8').trim().split('\n').slice(-5).join('\n')
  throw new Error(`PostgreSQL did not start: ${failure?.message ?? ''}\n${tail}`)
}

/** Whether a server answers on a URL. */
export async function acceptsConnections(adminUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Tells the server to end open transactions and stop; does not wait. @see "Shutting Down the Server", fast shutdown */
export function signalStop(pid: number): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // It is gone already.
  }
}

/** Waits until a server's process has ended. @throws Error after half a minute */
export async function waitForEnd(pid: number): Promise<void> {
  const deadlineMs = performance.now() + STOP_TIMEOUT_MS
  while (isPostgres(pid)) {
    if (performance.now() > deadlineMs) throw new Error(`PostgreSQL (process ${pid}) did not stop.`)
    await sleep(POLL_MS)
  }
}

/** The wanted port when nobody listens on it, else any free one. */
export async function freePort(wanted: number): Promise<number> {
  const listen = (port: number): Promise<number | undefined> =>
    new Promise((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(undefined))
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address()
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
      })
    })
  return (await listen(wanted)) ?? (await listen(0)) ?? wanted
}
