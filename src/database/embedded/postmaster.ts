import { spawn } from 'node:child_process'
import { chmodSync, closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { program } from './binaries.js'
import { processOptions } from './cluster.js'
import { withPort, type ServerUrls } from './connection-file.js'
import { logLength } from './disk.js'
import type { Postmaster } from './find-postmaster.js'
import type { Placement } from './placement.js'
import { prepareSocketFolder, socketSettings } from './socket.js'
import { signal } from './stop.js'

const POLL_MS = 20
// After a crash it first repairs itself from its log, which may take a while on a slow disk.
const CRASHED_PORT_TIMEOUT_MS = 3000
const START_TIMEOUT_MS = 300_000
const PORT_ATTEMPTS = 3
// What a killed server leaves: children that keep its memory until they notice, and a pid file whose process isn't
// collected.
const REMAINS = /pre-existing shared memory block|lock file .* already exists/
const REMAINS_TIMEOUT_MS = 20_000
// Some file systems, as those of shared folders, have no sockets.
const NO_SOCKET = /Unix.domain socket/
const REMAINS_POLL_MS = 100
const LOG_LIMIT_BYTES = 10 * 1024 * 1024

// Given at each start, so that a newer Kith brings its own. fsync stays on: local data is somebody's data.
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  max_connections: '250',
  shared_preload_libraries: 'pg_stat_statements',
  // Each SET LOCAL app.tenant_id = '…' would be an entry of its own.
  'pg_stat_statements.track_utility': 'off',
  shared_buffers: '256MB',
  maintenance_work_mem: '256MB',
  // With 2 GB, 705 MB of WAL stayed in the folder after the demo load; with this it takes no longer.
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  // Nobody copies this server from its WAL.
  wal_level: 'minimal',
  max_wal_senders: '0',
  random_page_cost: '1.1',
  // Compiling costs more than the short statements of an API take.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/**
 * Starts the server in a process group of its own, so that Ctrl-C in the terminal reaches Kith alone, which drains
 * first. Takes the wanted port where it is free, else another, unless it must be that one; listens on a Unix socket as
 * well where there can be one. Resolves when the server takes connections.
 * @throws Error with the end of its log
 */
export async function startPostmaster(
  placement: Placement,
  urls: ServerUrls,
  wantedPort: number,
  {
    isPortFixed = false,
    log = () => undefined,
  }: { readonly isPortFixed?: boolean; readonly log?: (line: string) => void } = {},
): Promise<Postmaster> {
  const deadlineMs = performance.now() + REMAINS_TIMEOUT_MS
  let socketFolder = prepareSocketFolder(placement, log)
  for (let attempt = 1; ; attempt += 1) {
    const isFirstPort = isPortFixed || attempt === 1
    const port = isFirstPort ? await portAfterCrash(placement.pgData, wantedPort) : await freePort(0)
    if (isPortFixed && port !== wantedPort) throw new Error(`Another program listens on port ${wantedPort} now.`)
    const { pid, failure } = await launch(placement, withPort(urls, port).admin, port, socketFolder)
    if (failure === undefined) return { pid, port }
    if (socketFolder !== undefined && NO_SOCKET.test(failure)) {
      attempt -= 1
      socketFolder = undefined
    } else if (REMAINS.test(failure) && performance.now() < deadlineMs) {
      attempt -= 1
      await sleep(REMAINS_POLL_MS)
      // Between the look and the start somebody else may take the port.
    } else if (attempt === PORT_ATTEMPTS || !failure.includes('could not bind')) throw new Error(failure)
  }
}

async function launch(
  { native, pgData, user }: Placement,
  adminUrl: string,
  port: number,
  socketFolder: string | undefined,
): Promise<{ pid: number; failure?: string }> {
  const logPath = `${pgData}.log`
  const log = openSync(logPath, logLength(pgData) > LOG_LIMIT_BYTES ? 'w' : 'a')
  chmodSync(logPath, 0o600)
  const logStart = logLength(pgData)
  const all = { ...SETTINGS, ...socketSettings(socketFolder) }
  const settings = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
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
    if ((await askState(adminUrl)) === 'answers') return { pid }
    await sleep(POLL_MS)
  }
  if (end === undefined) signal(pid, native, 'INT')
  const said = readFileSync(logPath).subarray(logStart).toString().trim().split('\n').slice(-8).join('\n')
  return { pid, failure: `PostgreSQL did not start (${end ?? 'no answer in time'}). The end of ${logPath}:\n${said}` }
}

/** What a server does when it is asked. */
export type ServerState = 'answers' | 'refuses the password' | 'starts' | 'stops' | 'is silent'

const NOT_NOW = '57P03'

/** What the server behind a URL does; silent are also those that aren't there, or say something else. */
export async function askState(adminUrl: string): Promise<ServerState> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT 1')
    return 'answers'
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) return 'is silent'
    if (error.code === '28P01') return 'refuses the password'
    if (error.code !== NOT_NOW) return 'is silent'
    // "the database system is shutting down", "… is starting up", "… is in recovery mode": the cluster speaks English.
    return error.message.includes('shutting down') ? 'stops' : 'starts'
  } finally {
    // It never ends where the server says nothing.
    void client.end().catch(() => undefined)
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
