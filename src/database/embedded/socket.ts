import { accessSync, chownSync, constants, mkdirSync, readdirSync, rmSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { findPostmaster } from './find-postmaster.js'
import { makeBase, sharedBase, type Placement } from './placement.js'

/** Of a socket's path, without the byte that ends it: 107 on Linux, 103 on macOS. */
const LONGEST_PATH_BYTES = 103
const NAME = '.s.PGSQL.'
const LONGEST_PORT = '65535'

/**
 * The folder for a server's Unix socket, which only its user may enter: the data directory, or where its path is too
 * long for a socket, one in /var/tmp. Undefined where there can be none: on Windows, and where that folder can't be
 * made. What a server that was killed left in it is removed: there is one server to a folder, and none runs when this
 * is called.
 */
export function prepareSocketFolder(placement: Placement, log: (line: string) => void): string | undefined {
  if (process.platform === 'win32') return undefined
  try {
    const folder = isShort(placement.pgData) ? placement.pgData : makeSharedFolder(placement)
    for (const { name, parentPath } of readdirSync(folder, { withFileTypes: true }).filter(isSocketOrLock)) {
      rmSync(join(parentPath, name), { force: true })
    }
    return folder
  } catch (error) {
    log(`PostgreSQL gets no Unix socket: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

function isSocketOrLock(entry: Dirent): boolean {
  return entry.name.startsWith(NAME) && !entry.isDirectory()
}

function isShort(folder: string): boolean {
  return Buffer.byteLength(join(folder, NAME + LONGEST_PORT)) <= LONGEST_PATH_BYTES
}

function makeSharedFolder({ pgData, user }: Placement): string {
  const base = sharedBase(pgData, 'socket')
  makeBase(base, user)
  const folder = join(base, 'socket')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (user) chownSync(folder, user.uid, user.gid)
  return folder
}

/** The settings that open a socket in a folder, or none. */
export function socketSettings(folder: string | undefined): Record<string, string> {
  // A list: a folder with a comma or a blank in its name is quoted.
  const list = folder === undefined ? '' : `"${folder.replaceAll('"', '""')}"`
  return { unix_socket_directories: list, unix_socket_permissions: '0700' }
}

/**
 * A URL of the server of a data directory by the shortest way: over its Unix socket, or as it is where that has none,
 * or this process may not use it. A page of 50 rows costs less CPU that way, here and in the server.
 */
export function shortestUrl(url: string, pgData: string): string {
  const { socketFolder, port } = findPostmaster(pgData) ?? {}
  if (socketFolder === undefined) return url
  try {
    accessSync(join(socketFolder, `${NAME}${port}`), constants.R_OK | constants.W_OK)
  } catch {
    return url
  }
  const near = new URL(url)
  near.searchParams.set('host', socketFolder)
  return near.href
}
