import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { program } from './binaries.js'
import { processOptions } from './cluster.js'
import { withPort, type ServerUrls } from './connection-file.js'
import type { Placement } from './placement.js'
import { commandLine, isAlive } from './process-mark.js'

/** A PostgreSQL server's first process. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
}

const POLL_MS = 20
// After a crash it first repairs itself from its log, which may take a while on a slow disk.
const CRASHED_PORT_TIMEOUT_MS = 3000
const START_TIMEOUT_MS = 300_000
const STOP_TIMEOUT_MS = 60_000
const PORT_ATTEMPTS = 3
const LOG_LIMIT_BYTES = 10 * 1024 * 1024

// Given at each start, so that a newer Kith brings its own. fsync stays on: local data is somebody's data.
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '250',
  shared_preload_libraries: 'pg_stat_statements',
  // Each SET LOCAL app.tenant_id = '…' would be an entry of its own.
  'pg_stat_statements.track_utility': 'off',
  shared_buffers: '256MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '2GB',
  random_page_cost: '1.1',
  // Compiling costs more than the short statements of an API take.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
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
function isPostmaster(pid: number, pgData: string): boolean {
  return isAlive(pid) && (commandLine(pid)?.includes(pgData) ?? process.platform !== 'linux')
}

/**
 * Starts the server in a process group of its own, so that Ctrl-C in the terminal reaches Kith alone, which drains
 * first. Takes the wanted port where it is free, else another. Resolves when the server takes connections.
 * @throws Error with the end of its log
 */
export async function startPostmaster(placement: Placement, urls: ServerUrls, wantedPort: number): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    const port = attempt === 1 ? await portAfterCrash(placement.pgData, wantedPort) : await freePort(0)
    const { pid, failure } = await launch(placement, withPort(urls, port).admin, port)
    if (failure === undefined) return { pid, port }
    // Between the look and the start somebody else may take the port.
    if (attempt === PORT_ATTEMPTS || !failure.includes('could not bind')) throw new Error(failure)
  }
}

async function launch(
  { native, pgData, user }: Placement,
  adminUrl: string,
  port: number,
): Promise<{ pid: number; failure?: string }> {
  const logPath = `${pgData}.log`
  const isLogLarge = (statSync(logPath, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES
  const log = openSync(logPath, isLogLarge ? 'w' : 'a')
  chmodSync(logPath, 0o600)
  const logStart = statSync(logPath).size
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(program(native, 'postgres'), ['-D', pgData, '-p', String(port), ...settings], {
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log],
    cwd: dirname(pgData),
    ...processOptions(user),
  })
  closeSync(log)
  child.unref()
  let end: string | undefined
  child.on('error', (error) => (end = error.message))
  child.on('exit', (code, signal) => (end ??= `ended with ${signal ?? code}`))
  const pid = child.pid ?? 0
  const deadlineMs = performance.now() + START_TIMEOUT_MS
  while (end === undefined && performance.now() < deadlineMs) {
    if ((await tryConnection(adminUrl)) === 'answers') return { pid }
    await sleep(POLL_MS)
  }
  if (end === undefined) signalStop(pid, native)
  const said = readFileSync(logPath).subarray(logStart).toString().trim().split('\n').slice(-8).join('\n')
  return { pid, failure: `PostgreSQL did not start (${end ?? 'no answer in time'}). The end of ${logPath}:\n${said}` }
}

/** Whether a server answers on a URL, is not there or not ready, or refuses the password. */
export async function tryConnection(adminUrl: string): Promise<'answers' | 'silent' | 'refuses'> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT 1')
    return 'answers'
  } catch (error) {
    return error instanceof pg.DatabaseError && error.code === '28P01' ? 'refuses' : 'silent'
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Tells the server to cut its connections and stop; does not wait. @see "Shutting Down the Server", fast shutdown */
export function signalStop(pid: number, native: string): void {
  if (process.platform === 'win32') {
    // Node can only kill there.
    spawnSync(join(native, 'bin', 'pg_ctl.exe'), ['kill', 'INT', String(pid)])
    return
  }
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // It is gone already.
  }
}

/** Waits until a server's process has ended. @throws Error after a minute */
export async function waitForEnd(pid: number, pgData: string): Promise<void> {
  const deadlineMs = performance.now() + STOP_TIMEOUT_MS
  while (isPostmaster(pid, pgData)) {
    if (performance.now() > deadlineMs) throw new Error(`PostgreSQL (process ${pid}) in ${pgData} did not stop.`)
    await sleep(POLL_MS)
  }
}

// A server that was killed leaves its pid file, and children that hold the port until they notice. Processes that share
// the server know the old port, so it is worth a wait.
async function portAfterCrash(pgData: string, wanted: number): Promise<number> {
  const deadlineMs = performance.now() + CRASHED_PORT_TIMEOUT_MS
  for (;;) {
    const port = await freePort(wanted)
    const isWorthWaiting = wanted !== 0 && existsSync(join(pgData, 'postmaster.pid')) && performance.now() < deadlineMs
    if (port === wanted || !isWorthWaiting) return port
    await sleep(POLL_MS)
  }
}

/** The wanted port when nobody listens on it, else any free one. */
async function freePort(wanted: number): Promise<number> {
  const listen = (port: number): Promise<number | undefined> =>
    new Promise((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(undefined))
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address()
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
      })
    })
  const port = (await listen(wanted)) ?? (await listen(0))
  if (port === undefined) throw new Error('No port is free on 127.0.0.1.')
  return port
}
