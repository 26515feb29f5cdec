import { createHash } from 'node:crypto'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
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

/** Where copies go that the server's user could not reach otherwise. */
const SHARED_FOLDER = '/var/tmp'

/**
 * Chooses the place. Usually that is the package's folder and `<dataDir>/postgres`; where the server's user can't enter
 * a folder above them (a clone below /root, say), the programs are copied once and the data stands beside the copy.
 */
export function choosePlacement(dataDir: string, binaries: Binaries, log: (line: string) => void): Placement {
  const user = findServerUser()
  const realDataDir = realpathSync(dataDir)
  const isLinked = linkLibraries(binaries.native)
  if (isLinked && (!user || (canEnter(user, binaries.native) && canEnter(user, realDataDir)))) {
    return { native: binaries.native, pgData: join(realDataDir, 'postgres'), user }
  }
  const hash = createHash('sha256').update(realDataDir).digest('hex').slice(0, 12)
  const base = join(SHARED_FOLDER, `kith-${binaries.version}-${hash}`)
  const native = join(base, 'native')
  mkdirSync(base, { recursive: true })
  if (user) {
    // Only root may put anything into the folder itself; the server's user passes through it.
    chownSync(base, 0, 0)
    chmodSync(base, 0o755)
  }
  if (!existsSync(native)) {
    log(`The database's user can't reach this folder: its programs are copied to ${base}, and its data stands there.`)
    const copy = join(base, `native.${process.pid}`)
    cpSync(binaries.native, copy, { recursive: true, verbatimSymlinks: true })
    linkLibraries(copy)
    try {
      renameSync(copy, native)
    } catch {
      // Another process was quicker with the same copy.
      rmSync(copy, { recursive: true, force: true })
    }
  }
  return { native, pgData: join(base, 'postgres'), user }
}
