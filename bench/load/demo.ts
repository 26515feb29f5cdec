import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  readConnectionFile,
  type ConnectionFile,
  type ServerUrls,
} from '../../src/database/embedded/connection-file.js'
import { discardDatabase } from '../../test/whole/plans/plans-database.js'
import type { Target } from './http.js'
import { startServer } from './server.js'

/** Companies of the demo data, and contacts unless more are asked for. */
export const DEMO_COUNT = 20_000

/** The demo tenant of a checkout's own server. */
export interface Demo {
  readonly target: Target
  /** the same for another user */
  readonly otherTarget: Target
  /** the process of its server */
  readonly pid: number
  /** the process of its PostgreSQL */
  readonly postgresPid: number
  /** of its PostgreSQL, as superuser, as owner of the tables and as Kith */
  readonly urls: ServerUrls
  readonly stop: () => Promise<void>
}

/** Stands in a folder whose demo data is whole, and says what made it. */
const MADE_BY = 'made-by'

/**
 * Starts a checkout over the demo data of a bench, `.data/bench/<name>` in the checkout: kept between runs, and made
 * anew where migrations, roles or demo data of the checkout have changed since.
 * @throws Error where the server doesn't start; then nothing runs on
 */
export async function openDemo(checkout: string, bench: string, contacts: number): Promise<Demo> {
  const dataDir = demoFolder(checkout, bench, contacts)
  const mark = join(dataDir, MADE_BY)
  const sources = fingerprint(checkout)
  const isMade = existsSync(mark) && readFileSync(mark, 'utf8') === sources
  if (!isMade && existsSync(dataDir)) await discardDatabase(dataDir)
  mkdirSync(dataDir, { recursive: true })
  console.error(`Starting ${checkout}${isMade ? '' : ', which loads its demo data first'} …`)
  const server = await startServer(checkout, dataDir)
  try {
    await server.loaded()
    if (!isMade) {
      if (contacts > DEMO_COUNT) await server.command('seed', '--tenant', 'demo', '--contacts', String(contacts))
      writeFileSync(mark, sources)
    }
    const [target, otherTarget] = [await server.target('demo'), await server.target('demo', 'MEMBER')]
    const { pid: postgresPid, urls } = connectionOf(dataDir)
    return { target, otherTarget, pid: server.pid, postgresPid, urls, stop: server.stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Where the demo data of a checkout's bench is. */
export function demoFolder(checkout: string, bench: string, contacts: number): string {
  return join(checkout, '.data/bench', `${bench}-${contacts}`)
}

/** How the embedded PostgreSQL of a data folder is reached. @throws Error where there is none */
function connectionOf(dataDir: string): ConnectionFile {
  const file = readConnectionFile(dataDir)
  if (!file) throw new Error(`${dataDir} has no database.`)
  return file
}

/** Whether a checkout's server can use the database of another one. */
export function haveSameMigrations(one: string, other: string): boolean {
  const [first, second] = [one, other].map((checkout) => hashOf(checkout, filesOf(checkout, 'prisma/migrations')))
  return first === second
}

/** A hash of what decides about a checkout's database: migrations, roles, demo data, versions of packages. */
function fingerprint(checkout: string): string {
  const sources = filesOf(checkout, 'src').filter((path) => path.startsWith('src/demo/') || path.includes('provision'))
  return hashOf(checkout, ['package-lock.json', ...[...filesOf(checkout, 'prisma/migrations'), ...sources].sort()])
}

/** All files below a folder, by their paths in the checkout. */
function filesOf(checkout: string, folder: string): string[] {
  return readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(checkout, '/').length))
    .sort()
}

function hashOf(checkout: string, paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`\n${path}\n`).update(readFileSync(join(checkout, path)))
  return hash.digest('hex')
}
