import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { discardDatabase } from '../../test/whole/plans/plans-database.js'
import type { Target } from './http.js'
import { startServer } from './server.js'

/** Companies of the demo data, and contacts unless more are asked for. */
export const DEMO_COUNT = 20_000

/** The demo tenant of a checkout's own server. */
export interface Demo {
  readonly target: Target
  /** the process of its server */
  readonly pid: number
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
  const dataDir = join(checkout, '.data/bench', `${bench}-${contacts}`)
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
    return { target: await server.target('demo'), pid: server.pid, stop: server.stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** A hash of what decides about a checkout's database: migrations, roles, demo data, versions of packages. */
function fingerprint(checkout: string): string {
  const files = ['prisma/migrations', 'src'].flatMap((folder) =>
    readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(checkout, '/').length))
      .filter((path) => folder !== 'src' || path.startsWith('src/demo/') || path.includes('provision')),
  )
  const hash = createHash('sha256')
  for (const path of ['package-lock.json', ...files.sort()]) {
    hash.update(`\n${path}\n`).update(readFileSync(join(checkout, path)))
  }
  return hash.digest('hex')
}
