import { randomBytes } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { provision } from '../admin/provision.js'
import { asError } from '../errors.js'
import { findBinaries } from './binaries.js'
import { hasCluster, initializeCluster } from './cluster.js'
import {
  makeUrls,
  passwordIn,
  readConnectionFile,
  withPort,
  writeConnectionFile,
  type ConnectionFile,
  type ServerUrls,
} from './connection-file.js'
import { makeDataFolder } from './data-folder.js'
import { diskTrouble, isNoRoom, logLength, sayDisk } from './disk.js'
import { findPostmaster, type Postmaster } from './find-postmaster.js'
import { withFolderLock, withFolderLockSync } from './folder-lock.js'
import { keepRunning } from './keeper.js'
import { choosePlacement, type Placement } from './placement.js'
import { askState, startPostmaster } from './postmaster.js'
import { isRunning, isSameProcess, processMark } from './process-mark.js'
import { shortestUrl } from './socket.js'
import { signal, STOP_LIMITS, stopPostmaster, type StopLimits } from './stop.js'

export interface EmbeddedServer {
  readonly urls: ServerUrls
  /** that of the login by the shortest way: over a Unix socket where there is one */
  readonly appUrl: string
  /** false where another living process uses it: it was neither started here nor taken over from a killed one */
  readonly startedHere: boolean
  /** Ends this use. Stops the server, and waits for its end, unless another living process uses it. */
  stop(): Promise<void>
  /** The same without waiting for the end, for the very end of a process. */
  stopSync(): void
  /** What to say of a full disk, where it has been full since this use began; undefined otherwise. */
  diskTrouble(): string | undefined
}

export interface EmbeddedOptions {
  /** made where it is missing; holds connection.json, and the data where the server's user can enter it */
  readonly dataDir: string
  readonly log?: (line: string) => void
  /** whether this process starts the server again when it dies; false */
  readonly isKept?: boolean
  readonly limits?: ServerLimits
}

/** How long a server is waited for, in milliseconds. */
export interface ServerLimits extends StopLimits {
  /** one that runs already and says nothing; after that it is stopped and started anew */
  readonly silenceMs: number
}

interface Opened {
  readonly urls: ServerUrls
  readonly startedHere: boolean
  readonly placement: Placement
  readonly server: Postmaster
  /** how long its log was before */
  readonly logStart: number
}

const SERVER_LIMITS: ServerLimits = { ...STOP_LIMITS, silenceMs: 60_000 }
// One that repairs itself after a crash is waited for longer than one that says nothing.
const REPAIR_TIMEOUT_MS = 300_000
const SETTLE_POLL_MS = 20
const EXIT_LOCK_MS = 2000

/**
 * The embedded PostgreSQL of a data folder: made at the first call, used where it runs, else started. Whoever uses it
 * last stops it; one that outlived a killed process is taken over.
 * @throws DiskFull; NoDataFolder; Error with what is wrong and, where there is one, the way out
 */
export async function openEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const pgData = join(resolve(options.dataDir), 'postgres')
  return sayDisk(pgData, logLength(pgData), () => use(options))
}

async function use({
  dataDir,
  log = () => undefined,
  isKept = false,
  limits = SERVER_LIMITS,
}: EmbeddedOptions): Promise<EmbeddedServer> {
  makeDataFolder(dataDir)
  const folder = realpathSync(dataDir)
  const opened = await withFolderLock(folder, log, () => open(folder, limits, log))
  const { urls, startedHere, placement, server, logStart } = opened
  let isUsed = true
  const ended = new AbortController()
  const leaveOnce = (): Postmaster | undefined => {
    ended.abort()
    const last = isUsed ? leave(folder, placement, log) : undefined
    isUsed = false
    if (last) signal(last.pid, placement.native, 'INT')
    return last
  }
  const leaveAndWait = async (): Promise<void> => {
    const last = leaveOnce()
    if (last) await stopPostmaster(last.pid, placement, log, limits)
  }
  const restart = (): Promise<number> =>
    sayDisk(placement.pgData, logStart, () =>
      withFolderLock(folder, log, async () => {
        // Nobody waits for it any more.
        if (!isUsed) return server.pid
        return (await startAgain(folder, placement, { ...server, urls }, log)).pid
      }),
    )
  if (isKept) void keepRunning({ pid: server.pid, restart, log, signal: ended.signal })
  return {
    urls,
    appUrl: shortestUrl(urls.app, placement.pgData),
    startedHere,
    async stop() {
      ended.abort()
      try {
        // The folder may have been removed meanwhile, and its lock with it.
        if (existsSync(folder)) return await withFolderLock(folder, log, leaveAndWait)
      } catch (error) {
        // A full disk has no room for a lock, of others neither.
        if (!isNoRoom(error)) throw error
      }
      await leaveAndWait()
    },
    stopSync() {
      try {
        // Without the lock in time it is left running, and taken over by the next start.
        if (existsSync(folder)) return void withFolderLockSync(folder, EXIT_LOCK_MS, leaveOnce)
      } catch (error) {
        if (!isNoRoom(error)) throw error
      }
      leaveOnce()
    },
    diskTrouble: () => diskTrouble(placement.pgData, logStart),
  }
}

async function open(dataDir: string, limits: ServerLimits, log: (line: string) => void): Promise<Opened> {
  const known = readConnectionFile(dataDir)
  const placement = choosePlacement(dataDir, known?.pgData, findBinaries(), log)
  const logStart = logLength(placement.pgData)
  const opened = await sayDisk(placement.pgData, logStart, () => enter(dataDir, known, placement, limits, log))
  return { ...opened, placement, logStart }
}

/** Finds or starts the server and enters this process among its users. */
async function enter(
  dataDir: string,
  known: ConnectionFile | undefined,
  placement: Placement,
  limits: ServerLimits,
  log: (line: string) => void,
): Promise<Pick<Opened, 'urls' | 'startedHere' | 'server'>> {
  const file = known && hasCluster(placement.pgData) ? known : initialize(dataDir, known, placement, log)
  const others = file.users.filter(isRunning)
  const running = await settle(file, placement, others.length > 0, limits, log)
  if (running && others.length === 0)
    log('The database was left running by a process that was killed: it is used again.')
  const server = running ?? (await startPostmaster(placement, file.urls, file.port, { log }))
  const urls = withPort(file.urls, server.port)
  const users = [...others, processMark(process.pid)]
  const { pid, port } = server
  const entered = { ...file, urls, pid, port, pgData: placement.pgData, isStopping: false, users }
  let isEntered = false
  try {
    writeConnectionFile(dataDir, entered)
    isEntered = true
    if (!file.isProvisioned) {
      const [ownerPassword, loginPassword] = [passwordIn(urls.migration), passwordIn(urls.app)]
      await provision({ adminUrl: urls.admin, ownerPassword, loginPassword, log })
      writeConnectionFile(dataDir, { ...entered, isProvisioned: true })
    }
  } catch (error) {
    if (isEntered) leave(dataDir, placement, log)
    if (isEntered || others.length === 0) signal(server.pid, placement.native, 'INT')
    throw error
  }
  return { urls, startedHere: !running || others.length === 0, server }
}

/**
 * The server of a process that uses it, after its death: at the same port, where the pools of all its users look for
 * it.
 */
async function startAgain(
  dataDir: string,
  placement: Placement,
  { port, urls }: { readonly port: number; readonly urls: ServerUrls },
  log: (line: string) => void,
): Promise<Postmaster> {
  const running = findPostmaster(placement.pgData)
  if (running && running.port !== port) {
    throw new Error(`PostgreSQL (process ${running.pid}) runs at port ${running.port} now, no longer at ${port}.`)
  }
  const server = running ?? (await startPostmaster(placement, urls, port, { isPortFixed: true, log }))
  const file = readConnectionFile(dataDir)
  if (file) writeConnectionFile(dataDir, { ...file, pid: server.pid, port })
  return server
}

function initialize(
  dataDir: string,
  known: ConnectionFile | undefined,
  placement: Placement,
  log: (line: string) => void,
): ConnectionFile {
  if (hasCluster(placement.pgData)) {
    throw new Error(
      `${dataDir}/connection.json is missing, and with it the passwords of ${placement.pgData}. Put it back, or remove that folder to begin anew.`,
    )
  }
  if (known?.isProvisioned) log(`The data in ${known.pgData} is gone.`)
  log('Making the local database …')
  const [admin, migration, app] = [0, 1, 2].map(() => randomBytes(24).toString('base64url')) as [string, string, string]
  const putInPlace = initializeCluster(placement, admin)
  const urls = makeUrls({ admin, migration, app })
  const file = { urls, port: 0, pid: 0, pgData: placement.pgData, isProvisioned: false, isStopping: false, users: [] }
  // In this order: a cluster without its passwords would be of no use.
  writeConnectionFile(dataDir, file)
  putInPlace()
  return file
}

/**
 * The server once it is neither starting nor stopping; undefined when none runs. One that hangs is stopped, unless
 * another process uses it.
 */
async function settle(
  file: ConnectionFile,
  placement: Placement,
  hasOthers: boolean,
  limits: ServerLimits,
  log: (line: string) => void,
): Promise<Postmaster | undefined> {
  const { pgData } = placement
  const startedAtMs = performance.now()
  for (;;) {
    const running = findPostmaster(pgData)
    if (!running) return undefined
    // It was told to and may not have heard yet; until then it would still answer.
    const state = file.isStopping ? 'stops' : await askState(withPort(file.urls, running.port).admin)
    if (state === 'answers') return running
    const what = `PostgreSQL (process ${running.pid}) in ${pgData}`
    if (state === 'refuses the password') throw new Error(`${what} refuses the password of connection.json.`)
    const waitedMs = performance.now() - startedAtMs
    const hangs = waitedMs > (state === 'starts' ? REPAIR_TIMEOUT_MS : limits.silenceMs)
    if (hangs && hasOthers) throw new Error(`${what} does not answer.`)
    if (hangs) log(`${what} does not answer: it is stopped and started again.`)
    if (hangs || state === 'stops') {
      await stopPostmaster(running.pid, placement, log, limits)
      return undefined
    }
    await sleep(SETTLE_POLL_MS)
  }
}

/**
 * Takes one use by this process out of the file; returns the server when that was the last one, be the disk too full for the
 * file: what it says of this process counts until its end, and the server must not outlive the last one.
 */
function leave(dataDir: string, { pgData }: Placement, log: (line: string) => void): Postmaster | undefined {
  const running = findPostmaster(pgData)
  const file = existsSync(dataDir) ? readConnectionFile(dataDir) : undefined
  if (!file) return running
  const self = processMark(process.pid)
  const own = file.users.findIndex((user) => isSameProcess(user, self))
  const users = file.users.filter((user, index) => index !== own && isRunning(user))
  const last = users.length === 0 ? running : undefined
  try {
    writeConnectionFile(dataDir, { ...file, users, isStopping: last !== undefined })
  } catch (error) {
    log(`${join(dataDir, 'connection.json')} can't be written: ${asError(error).message}`)
  }
  return last
}
