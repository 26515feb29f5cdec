import { openCheckouts, readOptions } from './load/checkouts.js'
import { DEMO_COUNT } from './load/demo.js'
import { listWorks } from './load/list-works.js'
import { compareTenants, openSides, reportSides } from './load/tenants.js'

const DEFAULT_CONTACTS = 1_000_000
const TITLE = 'Lists over HTTP'

/**
 * Lists and searches over HTTP, at one and at 16 connections. By itself: a tenant of 20,000 contacts and a large one
 * side by side, and whether the promised times hold at one connection. Against another checkout: both side by side,
 * each with the demo tenant.
 */
export async function run(): Promise<void> {
  const { against, contacts, rounds } = readOptions(process.argv.slice(3))
  if (against === undefined) await compareTenants('lists', TITLE, listWorks, contacts ?? DEFAULT_CONTACTS, rounds)
  else await compareCheckouts(against, contacts ?? DEMO_COUNT, rounds)
}

async function compareCheckouts(against: string, contacts: number, rounds: number): Promise<void> {
  const { targets, names, stop } = await openCheckouts('lists', against, contacts)
  try {
    const title = `${TITLE}, ${contacts.toLocaleString('en-US')} contacts.`
    await reportSides('lists', title, names, await openSides(targets, listWorks), rounds)
  } finally {
    await stop()
  }
}
