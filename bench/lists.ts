import { preparePlansDatabase } from '../test/whole/plans/plans-database.js'
import { plansSpec } from '../test/whole/plans/plans-spec.js'
import { openCheckouts, readOptions } from './load/checkouts.js'
import { DEMO_COUNT } from './load/demo.js'
import type { Target } from './load/http.js'
import { listWorks, type ListWork } from './load/list-works.js'
import { saveReport } from './load/report.js'
import { startServer, THIS_CHECKOUT } from './load/server.js'
import { compareWorks, type Side } from './load/turns.js'

const DEFAULT_CONTACTS = 1_000_000
const TURN_MS = 1000

/**
 * Lists and searches over HTTP, at one and at 16 connections. By itself: a tenant of 20,000 contacts and a large one
 * side by side, and whether the promised times hold at one connection. Against another checkout: both side by side,
 * each with the demo tenant.
 */
export async function run(): Promise<void> {
  const { against, contacts, rounds } = readOptions(process.argv.slice(3))
  if (against === undefined) await compareTenants(contacts ?? DEFAULT_CONTACTS, rounds)
  else await compareCheckouts(against, contacts ?? DEMO_COUNT, rounds)
}

async function compareTenants(contacts: number, rounds: number): Promise<void> {
  const dataDir = await preparePlansDatabase(plansSpec(contacts), (line) => console.error(line))
  const server = await startServer(THIS_CHECKOUT, dataDir)
  try {
    const sides = await openSides([await server.target('middle'), await server.target('large')])
    const size = contacts.toLocaleString('en-US')
    const title = `Lists over HTTP: 20,000 contacts (and 20,000 companies) beside ${size}.`
    await report(title, ['20,000', size], sides, rounds)
  } finally {
    await server.stop()
  }
}

async function compareCheckouts(against: string, contacts: number, rounds: number): Promise<void> {
  const { targets, names, stop } = await openCheckouts('lists', against, contacts)
  try {
    const title = `Lists over HTTP, ${contacts.toLocaleString('en-US')} contacts.`
    await report(title, names, await openSides(targets), rounds)
  } finally {
    await stop()
  }
}

function openSides(targets: readonly Target[]): Promise<Side<ListWork>[]> {
  return Promise.all(targets.map(async (target) => ({ target, works: await listWorks(target) })))
}

async function report(
  title: string,
  names: readonly string[],
  sides: readonly Side<ListWork>[],
  rounds: number,
): Promise<void> {
  const promises = new Map(sides[0]?.works.map(({ name, promiseMs }) => [name, promiseMs]))
  const results = (await compareWorks(sides, rounds, TURN_MS)).map((result) => {
    const promiseMs = promises.get(result.work) ?? 0
    const isMet = Math.max(...result.sides.map(({ p95Ms }) => p95Ms)) < promiseMs
    const promise = result.connections === 1 ? `p95 < ${promiseMs} ms: ${isMet ? 'met' : 'NOT MET'}` : ''
    return { ...result, promise }
  })
  saveReport('lists', { title, sides: names, rounds, results })
}
