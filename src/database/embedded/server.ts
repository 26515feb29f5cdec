import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { provision } from '../admin/provision.js'
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
import { withFolderLock, withFolderLockSync } from './folder-lock.js'
import { choosePlacement, type Placement } from './placement.js'
import {
  findPostmaster,
  signalStop,
  startPostmaster,
  tryConnection,
  waitForEnd,
  type Postmaster,
} from './postmaster.js'
import { isRunning, isSameProcess, processMark } from './process-mark.js'

export interface EmbeddedServer {
  readonly urls: ServerUrls
  /** false where another living process uses it: it was neither started here nor taken over from a killed one */
  readonly startedHere: boolean
  /** Ends this use. Stops the server, and waits for its end, unless another living process uses it. */
  stop(): Promise<void>
  /** The same without waiting for the end, for the very end of a process. */
  stopSync(): void
}

export interface EmbeddedOptions {
  /** made where it is missing; holds connection.json, and the data where the server's user can enter it */
  readonly dataDir: string
  readonly log?: (line: string) => void
}

interface Opened {
  readonly urls: ServerUrls
  readonly startedHere: boolean
  readonly placement: Placement
}

const SETTLE_POLL_MS = 20
const SETTLE_TIMEOUT_MS = 60_000
const EXIT_LOCK_MS = 2000

/**
 * The embedded PostgreSQL of a data folder: made at the first call, used where it runs, else started. Whoever uses it
 * last stops it; one that outlived a killed process is taken over.
 * @throws Error with what is wrong and, where there is one, the way out
 */
export async function openEmbeddedServer({ dataDir, log = () => undefined }: EmbeddedOptions): Promise<EmbeddedServer> {
  mkdirSync(dataDir, { recursive: true })
  const folder = realpathSync(dataDir)
  const { urls, startedHere, placement } = await withFolderLock(folder, log, () => open(folder, log))
  let isUsed = true
  const leaveOnce = (): Postmaster | undefined => {
    const last = isUsed ? leave(folder, placement) : undefined
    isUsed = false
    if (last) signalStop(last.pid, placement.native)
    return last
  }
  const leaveAndWait = async (): Promise<void> => {
    const last = leaveOnce()
    if (last) await waitForEnd(last.pid, placement.pgData)
  }
  return {
    urls,
    startedHere,
    // The folder may have been removed meanwhile, and its lock with it.
    stop: () => (existsSync(folder) ? withFolderLock(folder, log, leaveAndWait) : leaveAndWait()),
    stopSync() {
      // Without the lock in time it is left running, and taken over by the next start.
      if (existsSync(folder)) withFolderLockSync(folder, EXIT_LOCK_MS, leaveOnce)
      else leaveOnce()
    },
  }
}

async function open(dataDir: string, log: (line: string) => void): Promise<Opened> {
  const known = readConnectionFile(dataDir)
  const placement = choosePlacement(dataDir, known?.pgData, findBinaries(), log)
  const file = known && hasCluster(placement.pgData) ? known : initialize(dataDir, known, placement, log)
  const running = await settle(file, placement)
  const others = file.users.filter(isRunning)
  if (running && others.length === 0)
    log('The database was left running by a process that was killed: it is used again.')
  const { pid, port } = running ?? (await startPostmaster(placement, file.urls, file.port))
  const urls = withPort(file.urls, port)
  const users = [...others, processMark(process.pid)]
  const entered = { ...file, urls, port, pid, pgData: placement.pgData, isStopping: false, users }
  writeConnectionFile(dataDir, entered)
  if (!file.isProvisioned) {
    try {
      await provision({
        adminUrl: urls.admin,
        ownerPassword: passwordIn(urls.migration),
        loginPassword: passwordIn(urls.app),
        log,
      })
    } catch (error) {
      leave(dataDir, placement)
      signalStop(pid, placement.native)
      throw error
    }
    writeConnectionFile(dataDir, { ...entered, isProvisioned: true })
  }
  return { urls, startedHere: !running || others.length === 0, placement }
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

/** The server once it is neither starting nor stopping; undefined when none runs. */
async function settle(file: ConnectionFile, { pgData, native }: Placement): Promise<Postmaster | undefined> {
  const deadlineMs = performance.now() + SETTLE_TIMEOUT_MS
  for (;;) {
    const running = findPostmaster(pgData)
    if (!running) return undefined
    if (file.isStopping) {
      // It was told to and may not have heard yet; until then it would still answer.
      signalStop(running.pid, native)
      await waitForEnd(running.pid, pgData)
      return undefined
    }
    const state = await tryConnection(withPort(file.urls, running.port).admin)
    if (state === 'answers') return running
    if (state === 'refuses' || performance.now() > deadlineMs) {
      const what = state === 'refuses' ? 'refuses the password of connection.json' : 'does not answer'
      throw new Error(`PostgreSQL (process ${running.pid}) in ${pgData} ${what}.`)
    }
    await sleep(SETTLE_POLL_MS)
  }
}

/** Takes one use by this process out of the file; returns the server when that was the last one. */
function leave(dataDir: string, { pgData }: Placement): Postmaster | undefined {
  const running = findPostmaster(pgData)
  const file = existsSync(dataDir) ? readConnectionFile(dataDir) : undefined
  if (!file) return running
  const self = processMark(process.pid)
  const own = file.users.findIndex((user) => isSameProcess(user, self))
  const users = file.users.filter((user, index) => index !== own && isRunning(user))
  const last = users.length === 0 ? running : undefined
  writeConnectionFile(dataDir, { ...file, users, isStopping: last !== undefined })
  return last
}
