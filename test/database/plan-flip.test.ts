import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { createDatabase, type Database } from '../../src/database/database.js'
import type { Statement, StatementEvent } from '../../src/database/statement.js'
import { createPlanSampler } from '../../src/metrics/plan-sampler.js'
import { createPlans, type PlanFlip, type PlanNode } from '../../src/metrics/plans.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { testDatabaseOptions } from '../support/api.js'
import { createTenant } from '../support/records.js'

let clone: ClonedDatabase
let admin: pg.Client
let database: Database

const events: StatementEvent[] = []

beforeAll(async () => {
  clone = await cloneDatabase()
  const observeStatement = (event: StatementEvent): void => void events.push(event)
  database = createDatabase({ ...testDatabaseOptions(clone.databaseUrl), observeStatement })
  admin = new pg.Client({ connectionString: clone.adminUrl })
  await admin.connect()
})

afterAll(async () => {
  await admin.end()
  await database.close()
  await clone.drop()
})

/** All nodes of a plan, from the top. */
function nodes(plan: PlanNode): string[] {
  const own = [plan['Node Type'], plan['Index Name'], plan['Relation Name']].filter(Boolean).join(' ')
  return [own, ...(plan.Plans ?? []).flatMap(nodes)]
}

test('a statement whose index is dropped is told with both plans, once', async () => {
  const { settings } = await createTenant(database)
  await admin.query(
    `insert into industries (tenant_id, id, name, position, created_at, updated_at)
     select $1, gen_random_uuid(), 'Industry ' || n, n, now(), now() from generate_series(1, 2000) as n`,
    [settings.id],
  )
  await admin.query('analyze industries')
  const statement: Statement = {
    label: 'industryByName',
    prepared: true,
    text: 'select id from industries where tenant_id = $1 and name_folded = $2',
    values: [settings.id, 'industry 7'],
  }
  let nowMs = 0
  const flips: PlanFlip[] = []
  const sampler = createPlanSampler((event: StatementEvent) => database.genericPlan(event), createPlans(10), {
    nowMs: () => nowMs,
    onFlip: (flip) => void flips.push(flip),
    pauseMs: 0,
  })
  const run = async (): Promise<unknown[]> => {
    events.length = 0
    const rows = await database.reader(settings.id).read(statement)
    for (const event of events) sampler.offer(event, true)
    await sampler.settled()
    nowMs += 60_000
    return rows
  }
  expect(await run()).toHaveLength(1)
  await run()
  expect(flips).toEqual([])
  await admin.query('drop index industries_name_key')
  expect(await run()).toHaveLength(1)
  await run()
  sampler.close()
  expect(flips).toHaveLength(1)
  const [flip] = flips as [PlanFlip]
  expect([flip.label, flip.role, flip.sql]).toEqual([
    'industryByName',
    'kith_app',
    'select id from industries where tenant_id = $1 and name_folded = $2',
  ])
  expect(nodes(flip.before.plan).join(', ')).toContain('industries_name_key')
  expect(nodes(flip.after.plan).join(', ')).not.toContain('industries_name_key')
  expect([flip.before.sampledAtMs, flip.after.sampledAtMs]).toEqual([60_000, 120_000])
  expect(JSON.stringify(flip)).not.toContain('industry 7')
  expect(JSON.stringify(flip)).not.toContain(settings.id)
})
