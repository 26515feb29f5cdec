import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createScope, FULL_ACCESS, type Scope } from '../../src/access/scope.js'
import { flightPrelude } from '../../src/database/prelude.js'
import { withCustomFields } from '../../src/concepts/registry.js'
import { createConnectionPool } from '../../src/database/connection-pool.js'
import { createDatabase, createDatabaseOver, type Database } from '../../src/database/database.js'
import { countRows } from '../../src/list/count.js'
import { listIds } from '../../src/list/id-page.js'
import { readListQuery, type ListArguments } from '../../src/list/list-query.js'
import type { Lister } from '../../src/list/lister.js'
import type { OrderInput } from '../../src/list/order.js'
import { createServices } from '../../src/start/services.js'
import type { Principal } from '../../src/lib/principal.js'
import { TEST_SECRET, testDatabaseOptions } from '../support/api.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'
import { explain, type Sent } from '../whole/plans/explain.js'
import { planBuffers, planText } from '../whole/plans/plan.js'

/*
 * A tenant whose rows came after the last ANALYZE, beside others that fill the statistics: the planner believes that it
 * has one row. What a page or a count takes may grow with the tenant then, not with its square.
 */

const services = createServices({} as never, TEST_SECRET)
const KNOWN_TENANTS = 3
const KNOWN_RECORDS = 200
/** contacts, and as many companies and numbers of contacts, of the tenant that isn't known */
const RECORDS = 2000
// Contacts, companies and numbers, each row by way of an index: 3 buffers at most. A nested loop takes hundreds a
// contact.
const MAX_BUFFERS = 3 * 3 * RECORDS
// By a custom field of the company each contact is looked up among hidden companies and among those without a value.
const MAX_RANK_BUFFERS = 2 * MAX_BUFFERS

let desk: Desk
let database: Database
let client: pg.Client
const tenants: Record<'known' | 'unknown', { scope: Scope; principal: Principal }> = {} as never

beforeAll(async () => {
  desk = await openDesk()
  database = createDatabase(testDatabaseOptions(desk.databaseUrl))
  client = new pg.Client({ connectionString: desk.databaseUrl })
  await client.connect()
  for (let n = 0; n < KNOWN_TENANTS; n++) tenants.known = await fill(KNOWN_RECORDS)
  const tables = ['contacts', 'companies', 'phone_numbers', 'users', 'custom_field_values']
  await desk.sql(`vacuum (analyze) ${tables.join(', ')}`)
  // Else autovacuum, which looks once a minute, makes the tenant known in the middle of the tests.
  for (const table of tables) {
    await desk.sql(`alter table ${table} set (autovacuum_enabled = off)`)
  }
  tenants.unknown = await fill(RECORDS)
})

afterAll(async () => {
  await client.end()
  await database.close()
  await desk.close()
})

/** A tenant of so many contacts, each with a company and a number. Two thirds of the companies have a rank, a custom field. */
async function fill(records: number): Promise<{ scope: Scope; principal: Principal }> {
  const { tenant, admin } = await openTenant(desk)
  const { id } = tenant.settings
  await desk.sql(
    `with made as (
        insert into companies (tenant_id, id, name, status, created_at, updated_at)
          select $1, gen_random_uuid(), 'Company ' || n, case when n % 3 = 0 then 'PARTNER' else 'LEAD' end, now(), now()
          from generate_series(1, $2::int) as n returning id),
      hired as (
        insert into contacts (tenant_id, id, last_name, company_id, owner_id, created_at, updated_at)
          select $1, gen_random_uuid(), 'Name', id, $3, now(), now() from made returning id)
      insert into phone_numbers (tenant_id, id, entity_type, entity_id, type, number, number_e164, position, created_at, updated_at)
        select $1, gen_random_uuid(), 'CONTACT', id, case when n % 2 = 0 then 'MOBILE' else 'WORK' end,
          '+4930' || 100000 + n, '+4930' || 100000 + n, 1, now(), now()
        from (select id, row_number() over () as n from hired) as numbered`,
    [id, records, tenant.users.ADMIN],
  )
  const [field] = await desk.sql(
    `insert into custom_field_definitions (tenant_id, id, created_at, updated_at, entity_type, key, label, type, position)
      values ($1, gen_random_uuid(), now(), now(), 'COMPANY', 'rank', 'Rank', 'NUMBER', 1) returning id`,
    [id],
  )
  await desk.sql(
    `insert into custom_field_values (tenant_id, id, created_at, updated_at, entity_type, entity_id, definition_id, number_value)
      select tenant_id, gen_random_uuid(), now(), now(), 'COMPANY', id, $2, substr(name, 9)::int % 7 from companies
      where tenant_id = $1 and substr(name, 9)::int % 3 > 0`,
    [id, field?.['id']],
  )
  const rank = { id: field?.['id'] as string, key: 'rank', type: 'NUMBER', isUnique: false, options: [] } as const
  const registry = withCustomFields(services.registry, new Map([['Company', new Map([['rank', rank]])]]))
  return { scope: createScope(admin, registry, new Date(), FULL_ACCESS), principal: admin }
}

/** The statement of kith_keys that `read` sends, in the role and the settings in which it would run. */
async function sentBy(scope: Scope, read: (lister: Lister) => Promise<unknown>): Promise<Sent> {
  const sent: Sent[] = []
  const noting: Database = {
    ...database,
    keys(tenantId, statement) {
      sent.push({ statement, role: 'kith_keys', tenantId })
      return Promise.resolve([])
    },
  }
  await read({ ...services, database: noting })
  expect(sent).toHaveLength(1)
  return { ...(sent[0] as Sent), tenantId: scope.tenantId }
}

/** Why a statement takes too much; empty where it doesn't. */
async function fault(
  scope: Scope,
  read: (lister: Lister) => Promise<unknown>,
  maxBuffers = MAX_BUFFERS,
): Promise<string> {
  const plan = await explain(client, await sentBy(scope, read))
  const buffers = planBuffers(plan)
  return buffers > maxBuffers ? `${buffers} buffers instead of ${maxBuffers} at most\n${planText(plan)}` : ''
}

const RANK = { companyCustomField: 'rank' }
const ORDERS: readonly (readonly [string, OrderInput])[] = [
  ...['LAST_NAME', 'COMPANY_NAME', 'COMPANY_STATUS', 'OWNER_NAME', 'OWNER_EMAIL'].map(
    (field) => [field, { field }] as const,
  ),
  ['the rank of the company', RANK],
  ['the rank, from the end', { ...RANK, direction: 'DESC', nulls: 'FIRST' }],
]
const FILTERS: readonly (readonly [string, object])[] = [
  ['one number', { phoneNumbers: { some: { number: { endsWith: '1042' } } } }],
  ['no number', { phoneNumbers: { some: { number: { endsWith: '9999' } } } }],
  ['half of the numbers', { phoneNumbers: { some: { type: { eq: 'MOBILE' } } } }],
  ['without such a number', { phoneNumbers: { none: { type: { eq: 'MOBILE' } } } }],
  ['all but one number', { not: { phoneNumbers: { some: { number: { endsWith: '1042' } } } } }],
  ['one company', { company: { name: { eq: 'Company 42' } } }],
  ['a third of the companies', { company: { status: { eq: 'PARTNER' } } }],
  ['the owner', { owner: { role: { eq: 'ADMIN' } } }],
  ['a rank of the company', { company: { customFields: [{ key: 'rank', number: { eq: 3 } }] } }],
  ['companies without a rank', { company: { customFields: [{ key: 'rank', isNull: true }] } }],
]

describe.each(FILTERS)('contacts by %s, of a tenant that statistics do not know', (_, filter) => {
  test.each(ORDERS)('ordered by %s, take no square of its rows', async (_, step) => {
    const { scope } = tenants.unknown
    const args: ListArguments = { filter, orderBy: [step], first: 36 }
    const query = readListQuery(scope, services, scope.registry.concept('Contact'), args)
    const max = step.companyCustomField ? MAX_RANK_BUFFERS : MAX_BUFFERS
    expect(await fault(scope, (lister) => listIds(scope, lister, query), max)).toBe('')
  })

  test('and their count', async () => {
    const { scope } = tenants.unknown
    const query = readListQuery(scope, services, scope.registry.concept('Contact'), { filter })
    expect(await fault(scope, (lister) => countRows(scope, lister, query, 10_000))).toBe('')
  })
})

test.each([['first', 36], ['last', 36]] as const)('the %s page by the rank of the company takes no square of its rows', async (side, size) => {
  const { scope } = tenants.unknown
  const query = readListQuery(scope, services, scope.registry.concept('Contact'), { orderBy: [RANK], [side]: size })
  expect(await fault(scope, (lister) => listIds(scope, lister, query))).toBe('')
}) // prettier-ignore

test('a tenant that statistics know has plans for its own values', async () => {
  const modes: Record<string, unknown> = {}
  for (const [name, { scope }] of Object.entries(tenants)) {
    const filter = { phoneNumbers: { some: { type: { eq: 'MOBILE' } } } }
    const query = readListQuery(scope, services, scope.registry.concept('Contact'), { filter })
    const { statement } = await sentBy(scope, (lister) => listIds(scope, lister, query))
    expect(statement.tables).toEqual(['contacts', 'phone_numbers'])
    const { timeouts } = testDatabaseOptions('')
    await client.query(flightPrelude('kith_keys', scope.tenantId, 'read', timeouts, statement.tables))
    const { rows } = await client.query<{ plan_cache_mode: string }>('show plan_cache_mode')
    await client.query('rollback')
    modes[name] = rows[0]?.plan_cache_mode
  }
  expect(modes).toEqual({ known: 'auto', unknown: 'force_generic_plan' })
})

test('a tenant that statistics know is remembered, one that they do not know is asked for each time', async () => {
  const remembered: [string, readonly string[]][] = []
  const asked = { pool: createConnectionPool(testDatabaseOptions(desk.databaseUrl).pool), observe: () => undefined }
  const isKnown = (tenantId: string) => remembered.some(([id]) => id === tenantId)
  const over = createDatabaseOver({
    ...asked,
    timeouts: testDatabaseOptions('').timeouts,
    knownTenants: { isKnown, add: (tenantId, tables) => void remembered.push([tenantId, tables]) },
  })
  const filter = { phoneNumbers: { some: { type: { eq: 'MOBILE' } } } }
  for (const { scope } of [tenants.unknown, tenants.known, tenants.known, tenants.unknown]) {
    const query = readListQuery(scope, services, scope.registry.concept('Contact'), { filter })
    await listIds(scope, { ...services, database: over }, query)
  }
  await over.close()
  expect(remembered).toEqual([[tenants.known.scope.tenantId, ['contacts', 'phone_numbers']]])
})

test('the rows are those that are asked for', async () => {
  const { principal } = tenants.unknown
  const { contacts } = await desk.ask(
    principal,
    `{ contacts(orderBy: [{ field: COMPANY_NAME }], filter: { phoneNumbers: { some: { number: { endsWith: "1042" } } } }) {
      totalCount nodes { phoneNumbers { number } } } }`,
  )
  expect(contacts).toEqual({ totalCount: 1, nodes: [{ phoneNumbers: [{ number: '+4930101042' }] }] })
})
