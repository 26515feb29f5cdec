import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { StatementEvent } from '../../../src/database/statement.js'
import { findRecommendations } from '../../../src/features/performance/performance.service.js'
import type { SlowStatement } from '../../../src/metrics/slow-statements.js'
import { processEnvironment } from '../../setup/test-run.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

const CONTACTS = 4000
const NOW = new Date('2026-11-30T12:00:00.000Z')

let desk: Desk
let tenantId: string
let hasHypopg: boolean

// Where the server offers hypopg (`.ci/run` runs this file on one that does, too), proposals are tried out.
beforeAll(async () => {
  desk = await openDesk()
  tenantId = (await openTenant(desk)).tenant.settings.id
  const offered = await desk.sql(`select 1 from pg_available_extensions where name = 'hypopg'`)
  hasHypopg = offered.length > 0
  if (processEnvironment()['HYPOPG'] === 'required') expect(hasHypopg).toBe(true)
  if (hasHypopg) await desk.sql('create extension hypopg')
  await desk.sql(
    `insert into contacts (tenant_id, id, first_name, department, birth_date, created_at, updated_at)
      select $1, gen_random_uuid(), 'Ada', 'Department ' || n % 400, date '1980-01-01' + n, now(), now() from generate_series(1, $2::int) as n`,
    [tenantId, CONTACTS],
  )
  // Told after ANALYZE, the new rows would be counted twice.
  await desk.sql('select pg_stat_force_next_flush()')
  await desk.sql('analyze contacts')
})

afterAll(() => desk.close())

/** A statement that the tenant runs, as if it had taken 900 ms. */
async function slowly(label: string, condition: string, value: unknown): Promise<SlowStatement> {
  const text = `select c.id from contacts as c where c.tenant_id = $1 and c.deleted_at is null and ${condition}`
  const { api } = desk
  const events = await api.statements(() =>
    api.database.reader(tenantId).read({ label, text, values: [tenantId, value] }),
  )
  const { rows, role, tables } = events.find((event) => event.label === label) as StatementEvent
  const times = { endedAtMs: NOW.getTime(), durationMs: 900, failed: false, errorCode: null, request: null }
  return { ...times, label, role, rows, tables, text, sql: text, planKey: label, tenantId }
}

const propose = async (...slow: SlowStatement[]) =>
  (await findRecommendations(desk.api.database, NOW, slow, 1000)).filter(({ kind }) => kind === 'MISSING_INDEX')

test('a slow statement that lacks an index proposes it, tried out where hypopg is', async () => {
  const statement = await slowly('report.byDepartment', 'c.department = $2', 'Department 7')
  const [proposal, ...others] = await propose(statement, { ...statement, durationMs: 300 })
  expect(others).toEqual([])
  expect(proposal).toEqual({
    kind: 'MISSING_INDEX',
    about: 'contacts',
    evidence:
      'report.byDepartment took 900 ms for 10 rows: it looks for department among the 4,000 rows of contacts, and no index begins with that.',
    ddl: 'CREATE INDEX CONCURRENTLY ON contacts (tenant_id, department);',
    cost: expect.stringMatching(/^Each write of contacts keeps it up, beside \d\d others\.$/),
    verified: hasHypopg ? true : null,
    unverified: hasHypopg ? null : 'hypopg is not in this database.',
  })
  // Nothing is left of what was tried out, where connections would plan with it.
  expect(await propose(statement)).toEqual([proposal])
  expect(await desk.sql(`select 1 from pg_indexes where indexdef like '%(tenant_id, department)%'`)).toEqual([])
})

test('an index that the planner would not take does not hold', async () => {
  // All contacts have one name.
  const statement = await slowly('report.byFirstName', 'c.first_name = $2', 'Bob')
  const [proposal] = await propose(statement)
  expect([proposal?.ddl, proposal?.verified]).toEqual([
    'CREATE INDEX CONCURRENTLY ON contacts (tenant_id, first_name);',
    hasHypopg ? false : null,
  ])
})

test('one that has its index proposes none, nor does one that failed or can no longer be planned', async () => {
  const byId = await slowly('report.byId', 'c.id = $2', randomUUID())
  const failed = { ...(await slowly('report.failed', 'c.department = $2', 'x')), failed: true }
  const gone = { ...byId, planKey: 'gone', text: 'select * from table_that_is_gone' }
  expect(await propose(byId, failed, gone)).toEqual([])
})
