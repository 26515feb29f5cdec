import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { linkLibraries, type Binaries } from './binaries.js'
import { canEnter, findServerUser, type ServerUser } from './server-user.js'

/** Where the programs and the data of one embedded server are, and who runs it. */
export interface Placement {
  readonly native: string
  /** PostgreSQL's data directory */
  readonly pgData: string
  readonly user: ServerUser | undefined
}

/** Where that goes which the server's user could not reach otherwise; outlives a reboot, /tmp does not. */
const SHARED_FOLDER = '/var/tmp'

/**
 * Chooses the place. Usually that is the package's folder and `<dataDir>/postgres`. What the server's user can't reach
 * (a clone below /root, say) goes to /var/tmp: a copy of the programs, made once, and the data beside it. Data that
 * exists stays where it is.
 * @param knownData where the data was at the last start
 * @throws Error when data that exists is out of reach, or the place in /var/tmp is somebody else's
 */
export function choosePlacement(
  dataDir: string,
  knownData: string | undefined,
  binaries: Binaries,
  log: (line: string) => void,
): Placement {
  const user = findServerUser(log)
  const near = join(dataDir, 'postgres')
  const base = sharedBase(dataDir, binaries.version)
  const isReached = linkLibraries(binaries.native) && canEnter(user, binaries.native)
  const native = isReached ? binaries.native : copyPrograms(binaries.native, base, user, log)
  const existing = [near, knownData].find((folder) => folder !== undefined && existsSync(folder))
  if (existing !== undefined && user && !canEnter(user, join(existing, '..'))) {
    throw new Error(
      `PostgreSQL runs as ${user.name}, who can't enter ${existing}. Open the folders above it, or move it.`,
    )
  }
  if (existing !== undefined || canEnter(user, dataDir)) return { native, pgData: existing ?? near, user }
  makeBase(base, user)
  log(`PostgreSQL runs as ${user?.name ?? ''}, who can't enter ${dataDir}: its data goes to ${join(base, 'postgres')}.`)
  return { native, pgData: join(base, 'postgres'), user }
}

function copyPrograms(source: string, base: string, user: ServerUser | undefined, log: (line: string) => void): string {
  const native = join(base, 'native')
  makeBase(base, user)
  if (existsSync(native)) return native
  log(`PostgreSQL can't run from ${source} as ${user?.name ?? 'this user'}: its programs are copied to ${native}.`)
  const draft = `${native}.new`
  rmSync(draft, { recursive: true, force: true })
  cpSync(source, draft, { recursive: true, verbatimSymlinks: true })
  if (user) openToAll(draft)
  if (!linkLibraries(draft)) throw new Error(`The libraries in ${draft} can't be linked.`)
  renameSync(draft, native)
  return native
}

/** The folder of ours in /var/tmp for something that belongs to a data folder, as `kith-18.4.0-0123456789ab`. */
export function sharedBase(dataDir: string, what: string): string {
  return join(SHARED_FOLDER, `kith-${what}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`)
}

/**
 * Makes such a folder. Only we may put anything into it; the server's user passes through it.
 * @throws Error where it is somebody else's
 */
export function makeBase(base: string, user: ServerUser | undefined): void {
  mkdirSync(base, { recursive: true, mode: 0o755 })
  const stat = lstatSync(base)
  // Everybody may write to /var/tmp: programs that somebody put there beforehand must not be run.
  if (!stat.isDirectory() || (process.getuid && stat.uid !== process.getuid()) || (stat.mode & 0o022) !== 0) {
    throw new Error(`${base} exists and is not this user's own folder: remove it.`)
  }
  chmodSync(base, user ? 0o755 : 0o700)
}

/** An installation under a strict umask is readable by its owner alone, and so would be the copy. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) chmodSync(path, 0o755)
    if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
}
