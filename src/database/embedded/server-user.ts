import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The user under whom PostgreSQL runs; it refuses to run as root. */
export interface ServerUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

const OWN_NAME = 'kith-postgres'

/**
 * For root an unprivileged user: `postgres` where it exists, else `kith-postgres`, which is made. Undefined for everyone
 * else, who runs PostgreSQL as themselves.
 * @throws Error where the user can't be made
 */
export function findServerUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const known = lookUp('postgres') ?? lookUp(OWN_NAME)
  if (known) return known
  const { status, stderr } = spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', OWN_NAME], {
    encoding: 'utf8',
  })
  const made = lookUp(OWN_NAME)
  if (!made) throw new Error(`PostgreSQL does not run as root, and no user could be made for it (useradd: ${status ?? ''} ${stderr}).`)
  return made
}

function lookUp(name: string): ServerUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}:`))
  if (!line) return undefined
  const [, , uid, gid] = line.split(':')
  return { name, uid: Number(uid), gid: Number(gid) }
}

/** Whether a user may enter a folder and every folder above it. */
export function canEnter(user: ServerUser, folder: string): boolean {
  const { mode, uid, gid } = statSync(folder)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  const parent = dirname(folder)
  return (mode & bit) !== 0 && (parent === folder || canEnter(user, parent))
}
