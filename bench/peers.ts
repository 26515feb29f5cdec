import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readOptions } from './peers/options.js'
import { compareAnswers } from './peers/compare.js'
import { installPackages } from './peers/install.js'
import { openSides } from './peers/open-sides.js'
import { machineOf, saveReport } from './peers/report.js'
import type { WorkName } from './peers/side.js'
import { saveSizes } from './peers/sizes-report.js'
import { timeWorks, type Pace } from './peers/slots.js'
import { openTenants } from './peers/tenants.js'
import { DEMO_COUNT } from './load/demo.js'
import { commitOf } from './load/report.js'
import { THIS_CHECKOUT } from './load/server.js'

const PEERS = fileURLToPath(new URL('./peers/', import.meta.url))

/**
 * Kith beside PostGraphile, a plain server of Apollo, Prisma and DataLoader, Keystone, and a hand-written statement for
 * each work, all over the same rows: answers compared, then timed in turn at one and at 16 connections.
 */
export async function run(): Promise<void> {
  const { works, pace, peers, against, contacts } = readOptions(process.argv.slice(3))
  if (!existsSync('/proc/self/schedstat'))
    throw new Error('npm run bench -- peers needs Linux: it reads CPU times in /proc.')
  if (contacts !== undefined) {
    await runSizes(works, pace, contacts)
    return
  }
  installPackages(PEERS)
  const { sides, postgresVersion, close } = await openSides(peers, against)
  try {
    console.error('Comparing answers …')
    await compareAnswers(sides, works)
    const results = await timeWorks(sides, works, pace)
    saveReport({
      machine: machineOf(),
      versions: versionsOf(peers, postgresVersion),
      commit: commitOf(THIS_CHECKOUT),
      contacts: DEMO_COUNT,
      pace,
      sides: sides.map(({ name }) => name),
      results,
    })
  } finally {
    await close()
  }
}

/** The same works in a tenant of 20,000 contacts and in one of so many, in turn, by one server and database. */
async function runSizes(works: readonly WorkName[], pace: Pace, contacts: number): Promise<void> {
  const { sides, close } = await openTenants(contacts)
  try {
    const results = await timeWorks(sides, works, { ...pace, mayFail: true })
    saveSizes(results, contacts, pace, commitOf(THIS_CHECKOUT))
  } finally {
    await close()
  }
}

/** Of what was measured, by the packages' own names. */
function versionsOf(peers: readonly string[], postgresVersion: string): Record<string, string> {
  const folders = [PEERS, ...(peers.includes('Keystone') ? [join(PEERS, 'keystone')] : [])]
  const dependencies = folders.map((folder) => {
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    return dependencies
  })
  return Object.assign({ Node: process.versions.node, PostgreSQL: postgresVersion }, ...dependencies) as Record<
    string,
    string
  >
}
