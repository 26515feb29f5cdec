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
 * For root an unprivileged user: `postgres` where it exists, else `kith-postgres`, which is made, and where users can't
 * be made (no useradd, /etc read-only) `nobody`. Undefined for everyone else, who runs PostgreSQL as themselves.
 * @throws Error where there is none of them
 */
export function findServerUser(log: (line: string) => void): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const known = lookUp('postgres') ?? lookUp(OWN_NAME)
  if (known) return known
  const { stderr } = spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', OWN_NAME], {
    encoding: 'utf8',
  })
  const made = lookUp(OWN_NAME)
  if (made) log(`PostgreSQL does not run as root: the user ${OWN_NAME} was made for it.`)
  const user = made ?? lookUp('nobody')
  if (!user)
    throw new Error(`PostgreSQL does not run as root, and there is no other user for it. ${stderr ?? ''}`.trim())
  return user
}

function lookUp(name: string): ServerUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}:`))
  if (!line) return undefined
  const [, , uid, gid] = line.split(':')
  return { name, uid: Number(uid), gid: Number(gid) }
}

/** Whether a user may enter a folder and every folder above it; all may where no user is given. */
export function canEnter(user: ServerUser | undefined, folder: string): boolean {
  if (!user) return true
  const { mode, uid, gid } = statSync(folder)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  const parent = dirname(folder)
  return (mode & bit) !== 0 && (parent === folder || canEnter(user, parent))
}
