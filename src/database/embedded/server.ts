import { existsSync, mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { provision } from '../provision.js'
import { findBinaries } from './binaries.js'
import { isRunning, processMark, readConnectionFile, urlsOf, writeConnectionFile, type ConnectionFile } from './connection-file.js'
import { withFolderLock } from './folder-lock.js'
import { choosePlacement, type Placement } from './placement.js'
import { acceptsConnections, freePort, initializeCluster, isPostgres, postmasterPid, signalStop, startPostmaster, waitForEnd } from './postmaster.js'

export interface EmbeddedServer {
  readonly urls: { readonly admin: string; readonly migration: string; readonly app: string }
  /** whether this process is to stop it: it started it, or adopted one whose process was killed */
  readonly startedHere: boolean
  /** Stops the server and waits for its end, where it is this process's. */
  stop(): Promise<void>
  /** The same without waiting, for the very end of a process. */
  stopSync(): void
}

export interface EmbeddedOptions {
  readonly dataDir: string
  readonly log?: (line: string) => void
}

const SETTLE_MS = 50
const SETTLE_TIMEOUT_MS = 30_000

/**
 * The embedded PostgreSQL of a data folder: made at the first call, used where it runs, else started. A server that
 * another living process started is left running by `stop`; one whose process was killed is adopted.
 * @throws Error with what is wrong and, where there is one, the way out
 */
export async function openEmbeddedServer({ dataDir, log = () => undefined }: EmbeddedOptions): Promise<EmbeddedServer> {
  mkdirSync(dataDir, { recursive: true })
  return withFolderLock(dataDir, async () => {
    const binaries = findBinaries()
    const placement = choosePlacement(dataDir, binaries, log)
    const file = readConnectionFile(dataDir) ?? initialize(dataDir, placement, log)
    const running = await settledPid(placement.pgData, file)
    const self = processMark(process.pid)
    if (running !== undefined && isRunning(file.owner) && file.owner.pid !== self.pid) {
      return { urls: urlsOf(file), startedHere: false, stop: () => Promise.resolve(), stopSync: () => undefined }
    }
    const port = running === undefined ? await freePort(file.port) : file.port
    const current = { ...file, port, owner: self }
    const pid = running ?? (await startPostmaster(placement, port, urlsOf(current).admin))
    const ready = await provisioned(current, log)
    writeConnectionFile(dataDir, { ...ready, urls: urlsOf(ready) })
    return {
      urls: urlsOf(ready),
      startedHere: true,
      async stop() {
        signalStop(pid)
        await waitForEnd(pid)
      },
      stopSync: () => signalStop(pid),
    }
  })
}

function initialize(dataDir: string, placement: Placement, log: (line: string) => void): ConnectionFile {
  if (existsSync(placement.pgData)) {
    throw new Error(
      `${dataDir}/connection.json is missing, and with it the passwords of ${placement.pgData}. Put it back, or remove that folder to begin anew.`,
    )
  }
  log('Making the local database …')
  const adminPassword = initializeCluster(placement)
  const owner = processMark(process.pid)
  const file = { port: 0, adminPassword, migration: null, app: null, pgData: placement.pgData, owner }
  // Written at once: without the password the cluster would be lost.
  writeConnectionFile(dataDir, file)
  return file
}

/** The process of the server once it is neither starting nor stopping; undefined when none runs. */
async function settledPid(pgData: string, file: ConnectionFile): Promise<number | undefined> {
  const deadlineMs = performance.now() + SETTLE_TIMEOUT_MS
  for (;;) {
    const pid = postmasterPid(pgData)
    if (pid === undefined || !isPostgres(pid)) return undefined
    if (await acceptsConnections(urlsOf(file).admin)) return pid
    if (performance.now() > deadlineMs) throw new Error(`PostgreSQL (process ${pid}) in ${pgData} does not answer.`)
    await sleep(SETTLE_MS)
  }
}

async function provisioned(file: ConnectionFile, log: (line: string) => void): Promise<ConnectionFile> {
  if (file.migration && file.app) return file
  const { admin } = urlsOf(file)
  const known = await provision({ adminUrl: admin, log })
  // A run that was killed between the roles and this file left passwords that nobody knows.
  const { migrationUrl, databaseUrl } = known.passwordsKnown
    ? known
    : await provision({ adminUrl: admin, ownerPassword: file.adminPassword, loginPassword: file.adminPassword, log })
  return { ...file, migration: credentials(migrationUrl), app: credentials(databaseUrl) }
}

function credentials(url: string): { user: string; password: string } {
  const { username, password } = new URL(url)
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) }
}
