import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { program } from './binaries.js'
import type { Placement } from './placement.js'

/**
 * Locales with UTF-8 and its letters, best first: under C there are no trigrams for '山' and lower('É') does nothing.
 * The builtin provider's C.UTF-8 doesn't count for pg_trgm, which looks at LC_CTYPE.
 */
const LOCALES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['C.UTF-8', 'en_US.UTF-8'],
  darwin: ['en_US.UTF-8'],
  win32: ['en-US'],
}

/** Whether there is a cluster in a folder. */
export function hasCluster(pgData: string): boolean {
  return existsSync(join(pgData, 'PG_VERSION'))
}

/**
 * Makes a cluster beside `pgData`, with passwords for every connection; the returned function puts it in place, as a
 * whole. What an earlier call left half done is removed.
 * @throws Error with what initdb said
 */
export function initializeCluster({ native, pgData, user }: Placement, adminPassword: string): () => void {
  const draft = `${pgData}.new`
  const passwordFile = `${pgData}.password`
  const failures: string[] = []
  try {
    for (const locale of LOCALES[process.platform] ?? ['C.UTF-8']) {
      rmSync(draft, { recursive: true, force: true })
      rmSync(passwordFile, { force: true })
      mkdirSync(draft, { mode: 0o700 })
      writeFileSync(passwordFile, adminPassword, { mode: 0o600, flag: 'wx' })
      if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid)
      // Without C.UTF-8, the order of plain C is the same.
      const collation = locale.startsWith('C.') ? locale : 'C'
      const { status, stderr, error } = spawnSync(
        program(native, 'initdb'),
        [
          ...['-D', draft, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'],
          ...[`--locale=${locale}`, `--lc-collate=${collation}`, '--lc-messages=C'],
        ],
        { encoding: 'utf8', cwd: dirname(pgData), ...processOptions(user) },
      )
      if (status === 0) return () => renameSync(draft, pgData)
      failures.push(error?.message ?? stderr.trim())
    }
    rmSync(draft, { recursive: true, force: true })
    throw new Error(`initdb failed: ${failures.join('\n')}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/** Who a program runs as, and with an empty environment, so that no PG… or LC_… variable takes part. */
export function processOptions(user: Placement['user']): { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } {
  // Windows programs don't start without SystemRoot.
  const environment = process.platform === 'win32' ? {} : { env: {} }
  return user ? { ...environment, uid: user.uid, gid: user.gid } : environment
}
