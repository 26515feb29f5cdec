import { preparePlansDatabase } from '../../test/whole/plans/plans-database.js'
import { plansSpec } from '../../test/whole/plans/plans-spec.js'
import type { Target } from './http.js'
import type { ListWork } from './list-works.js'
import { saveReport } from './report.js'
import { startServer, THIS_CHECKOUT, type RunningServer } from './server.js'
import { compareWorks, type Side } from './turns.js'

const TURN_MS = 1000

/** How works are made for a tenant that is asked. */
export type WorksOf = (target: Target) => Promise<ListWork[]>

/** A tenant of 20,000 contacts and one of so many side by side; the report is saved as `name`. */
export async function compareTenants(
  name: string,
  title: string,
  worksOf: WorksOf,
  contacts: number,
  rounds: number,
): Promise<void> {
  const { server } = await startOverPlans(contacts)
  try {
    const sides = await openSides([await server.target('middle'), await server.target('large')], worksOf)
    const size = contacts.toLocaleString('en-US')
    await reportSides(
      name,
      `${title}: 20,000 contacts (and 20,000 companies) beside ${size}.`,
      ['20,000', size],
      sides,
      rounds,
    )
  } finally {
    await server.stop()
  }
}

/** This checkout's server over the database for plans with so many contacts in its tenant `large`, which may have to be built. */
export async function startOverPlans(contacts: number): Promise<{ dataDir: string; server: RunningServer }> {
  const dataDir = await preparePlansDatabase(plansSpec(contacts), (line) => console.error(line))
  return { dataDir, server: await startServer(THIS_CHECKOUT, dataDir) }
}

/** The works of some tenants. */
export function openSides(targets: readonly Target[], worksOf: WorksOf): Promise<Side<ListWork>[]> {
  return Promise.all(targets.map(async (target) => ({ target, works: await worksOf(target) })))
}

/** Runs the works of all sides in turn, and saves what they took beside what is promised at one connection. */
export async function reportSides(
  name: string,
  title: string,
  sideNames: readonly string[],
  sides: readonly Side<ListWork>[],
  rounds: number,
): Promise<void> {
  const promises = new Map(sides[0]?.works.map((work) => [work.name, work.promiseMs]))
  const results = (await compareWorks(sides, rounds, TURN_MS)).map((result) => {
    const promiseMs = promises.get(result.work) ?? 0
    const isMet = Math.max(...result.sides.map(({ p95Ms }) => p95Ms)) < promiseMs
    const promise = result.connections === 1 ? `p95 < ${promiseMs} ms: ${isMet ? 'met' : 'NOT MET'}` : ''
    return { ...result, promise }
  })
  saveReport(name, { title, sides: sideNames, rounds, results })
}
