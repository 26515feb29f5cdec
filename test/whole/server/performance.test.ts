import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { tokenKeys } from '../../../src/features/identity/principal.service.js'
import { signOperatorToken, signToken } from '../../../src/features/identity/token.js'
import type { Role } from '../../../src/lib/principal.js'
import { runAsAdmin } from '../../setup/test-run.js'
import { TEST_SECRET } from '../../support/api.js'
import { createTenant, type TestTenant } from '../../support/records.js'
import { startHttpServer, type GraphQLBody, type HttpServer } from '../support/http-server.js'

const KEYS = tokenKeys(TEST_SECRET)
const SLOW_MS = 300

let server: HttpServer
let others: TestTenant

const TIMING = 'timing { count failed rows statements p95Ms maxMs }'
const OWN = `performance {
  operations { entries { name hash client clientVersion ${TIMING} } others { count } evictions }
  statements { entries { name role ${TIMING} } }
  dataOperations { entries { name ${TIMING} } }
  transactions { entries { name timing { count attempts } } }
  slowQueries { entries { name sql tenantId operation durationMs failed errorCode } total evictions }
  fields { entries { field client clientVersion count } unattributed }
}`
const WHOLE = ['planFlips { name }', 'tenants { tenantId }', 'pools { total }', 'tables { name }', 'indexes { name }']
const WHOLE_TOO = [
  'serverStatements { missing }',
  'recommendations { kind }',
  'alerts { id }',
  'alertRules { name }',
  'marks { kind }',
]

/** A token of a role in a tenant. */
function tokenOf(tenant: TestTenant, role: Role = 'ADMIN'): Promise<string> {
  const claims = { tenantId: tenant.settings.id, userId: tenant.users[role], role }
  return signToken(KEYS.tenants, claims, new Date(), 600)
}

const operatorToken = (): Promise<string> => signOperatorToken(KEYS.operators, new Date(), 600)

async function send(token: string, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, body: (await response.json()) as GraphQLBody }
}

const client = (name: string): Record<string, string> => ({
  'apollographql-client-name': name,
  'apollographql-client-version': '1.2.3',
})

/** Errors by path, code and message. */
const refusals = ({ errors = [] }: GraphQLBody): unknown[] =>
  errors.map(({ message, extensions: { code } }) => ({ code, message }))

beforeAll(async () => {
  server = await startHttpServer({ isLocal: false, hasSandbox: false, slowQueryMs: SLOW_MS })
  others = await createTenant(server.database)
  await runAsAdmin(
    server.clone.adminUrl,
    `create function test_slow() returns text language sql volatile as $$ select pg_sleep(0.4)::text $$`,
  )
  const [mine, theirs] = [await tokenOf(server.tenant), await tokenOf(others)]
  for (let count = 0; count < 3; count++) {
    await send(mine, 'query MineSecret { contacts(first: 5) { nodes { fullName } } }', client('mine-client'))
  }
  await send(mine, 'mutation MineWrites { createContact(input: { firstName: "Ada" }) { contact { id } } }')
  await send(mine, 'query MineFails { contacts(first: 5, after: "x") { nodes { id } } }')
  await send(theirs, 'query TheirSecret { companies(first: 5) { nodes { name } } }', client('their-client'))
})

afterAll(() => server.close())

describe("a tenant's ADMIN", () => {
  test('sees the own operations, statements, transactions and fields, counted exactly', async () => {
    const { status, body } = await send(await tokenOf(server.tenant), `query Look { ${OWN} }`)
    expect([status, body.errors]).toEqual([200, undefined])
    const { operations, statements, transactions, fields } = body.data['performance']
    const byName = Object.fromEntries(operations.entries.map((one: { name: string }) => [one.name, one]))
    expect(Object.keys(byName).sort()).toEqual(['MineFails', 'MineSecret', 'MineWrites'])
    expect(byName['MineSecret']).toEqual({
      name: 'MineSecret',
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      client: 'mine-client',
      clientVersion: '1.2.3',
      timing: { count: 3, failed: 0, rows: 0, statements: 3, p95Ms: expect.any(Number), maxMs: expect.any(Number) },
    })
    expect(byName['MineFails'].timing).toMatchObject({ count: 1, failed: 1, rows: 0, statements: 0 })
    expect([operations.others, operations.evictions]).toEqual([null, 0])
    const counts = Object.fromEntries(
      statements.entries.map((one: { name: string; role: string; timing: { count: number; failed: number } }) => [
        `${one.name} ${one.role}`,
        [one.timing.count, one.timing.failed],
      ]),
    )
    expect(counts).toMatchObject({ 'list.contacts kith_keys': [3, 0], 'insertRows.contacts kith_app': [1, 0] })
    expect(Object.keys(counts).filter((name) => name.includes('companies'))).toEqual([])
    const labels = transactions.entries.map((one: { name: string }) => one.name)
    expect(labels).toContain('change.insertRows.contacts')
    expect(fields.entries).toContainEqual({
      field: 'Contact.fullName',
      client: 'mine-client',
      clientVersion: '1.2.3',
      count: 3,
    })
    expect(fields.unattributed).toBe(0)
  })

  test('sees nothing of another tenant, whose names are secret', async () => {
    const text = JSON.stringify((await send(await tokenOf(server.tenant), `{ ${OWN} }`)).body)
    for (const secret of ['TheirSecret', 'their-client', others.settings.id, 'list.companies', 'Company.name']) {
      expect(text).not.toContain(secret)
    }
    const theirs = JSON.stringify((await send(await tokenOf(others), `{ ${OWN} }`)).body)
    expect(theirs).toContain('TheirSecret')
    for (const secret of ['MineSecret', 'MineWrites', 'mine-client', server.tenant.settings.id, 'contacts']) {
      expect(theirs).not.toContain(secret)
    }
  })

  test.each([...WHOLE, ...WHOLE_TOO])('may not see %s, and the rest is answered', async (field) => {
    const { status, body } = await send(
      await tokenOf(server.tenant),
      `{ performance { coverage { slowQueryMs } ${field} } }`,
    )
    const name = field.slice(0, field.indexOf(' '))
    expect([status, body.data]).toEqual([200, { performance: { coverage: { slowQueryMs: SLOW_MS }, [name]: null } }])
    expect(body.errors).toMatchObject([
      {
        message: "This is of the whole server: it needs an operator's token.",
        path: ['performance', name],
        extensions: { code: 'FORBIDDEN' },
      },
    ])
  })
})

test.each(['MANAGER', 'MEMBER', 'VIEWER'] as const)('a %s is refused', async (role) => {
  const { body } = await send(await tokenOf(server.tenant, role), `{ ${OWN} }`)
  expect(body.data).toBeNull()
  expect(refusals(body)).toEqual([{ code: 'FORBIDDEN', message: `This needs the role ADMIN; yours is ${role}.` }])
})

describe('without a valid token', () => {
  test('nothing is answered', async () => {
    const response = await fetch(`${server.base}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ ${OWN} }` }),
    })
    expect(response.status).toBe(401)
    expect(refusals((await response.json()) as GraphQLBody)).toEqual([
      { code: 'UNAUTHENTICATED', message: 'A valid bearer token is needed.' },
    ])
  })

  test("an operator's token of the tenants' key, an expired one, and one of another secret are none", async () => {
    const hourAgo = new Date(Date.now() - 3_600_000)
    const tokens = [
      await signOperatorToken(KEYS.tenants, new Date(), 600),
      await signOperatorToken(KEYS.operators, hourAgo, 600),
      await signOperatorToken(tokenKeys('another secret, of more than 32 bytes too').operators, new Date(), 600),
      await signToken(
        KEYS.operators,
        { tenantId: server.tenant.settings.id, userId: server.tenant.users.ADMIN, role: 'ADMIN' },
        new Date(),
        600,
      ),
    ]
    for (const token of tokens) expect((await send(token, `{ ${OWN} }`)).status).toBe(401)
  })
})

describe('an operator', () => {
  test('sees the operations of all tenants, the pool, the tables and the indexes', async () => {
    const fields = `tenants { tenantId requests { count } connections } pools { total limit waits { count } refused exhausted }
      tables { name rows bytes indexBytes statisticsSince } indexes { name table isUnique isValid coveredBy isUnused definition }
      recommendations { kind about ddl verified unverified }`
    const { status, body } = await send(
      await operatorToken(),
      `{ performance { operations { entries { name } } ${fields} coverage { plansMissing processId } } }`,
    )
    expect([status, body.errors]).toEqual([200, undefined])
    const { operations, tenants, pools, tables, indexes, coverage } = body.data['performance']
    const names = operations.entries.map((one: { name: string }) => one.name)
    for (const name of ['MineSecret', 'TheirSecret']) expect(names).toContain(name)
    const ids = tenants.map((one: { tenantId: string }) => one.tenantId)
    for (const { settings } of [server.tenant, others]) expect(ids).toContain(settings.id)
    expect(pools).toEqual([
      { total: expect.any(Number), limit: 10, waits: { count: expect.any(Number) }, refused: 0, exhausted: 0 },
    ])
    expect(tables.find((one: { name: string }) => one.name === 'contacts')).toMatchObject({
      bytes: expect.any(Number),
      statisticsSince: expect.any(String),
    })
    const index = indexes.find((one: { name: string }) => one.name === 'idx_contacts_full_name')
    // A day of history says nothing about use.
    expect(index).toMatchObject({ table: 'contacts', isUnique: false, isValid: true, isUnused: null })
    expect(coverage).toEqual({ plansMissing: null, processId: process.pid })
  })

  test.each([
    '{ me { role } }',
    '{ contacts { nodes { id } } }',
    '{ node(id: "0190b0c0-0000-7000-8000-000000000001") { id } }',
    'mutation { createContact(input: { firstName: "x" }) { contact { id } } }',
    'mutation { updateTenant(input: { name: "x" }) { tenant { name } } }',
  ])('may do nothing else: %s', async (query) => {
    const before = await runAsAdmin(server.clone.adminUrl, 'select count(*) from contacts')
    const { body } = await send(await operatorToken(), query)
    expect(refusals(body)).toEqual([
      {
        code: 'FORBIDDEN',
        message: "An operator's token belongs to no tenant: it reads `performance` and looks after alerts.",
      },
    ])
    const after = await runAsAdmin(server.clone.adminUrl, 'select count(*) from contacts')
    expect(after.rows).toEqual(before.rows)
  })

  test('is told why pg_stat_statements says nothing, where it is missing', async () => {
    await runAsAdmin(server.clone.adminUrl, 'drop extension if exists pg_stat_statements')
    const query = '{ performance { serverStatements { missing entries { sql } } tables { name } } }'
    const { body } = await send(await operatorToken(), query)
    expect(body.errors).toBeUndefined()
    expect(body.data['performance'].serverStatements).toEqual({
      missing: expect.stringMatching(/^The extension pg_stat_statements is not in this database\. Run: /),
      entries: [],
    })
    expect(body.data['performance'].tables.length).toBeGreaterThan(10)
  })
})

test('a slow statement is kept for its tenant with its operation, and its plan for the operator alone', async () => {
  await runAsAdmin(
    server.clone.adminUrl,
    `create policy test_slow on contacts as restrictive for select to kith_app using (test_slow() is not null)`,
  )
  const mine = await tokenOf(server.tenant)
  await send(mine, 'query SlowOne { contacts(first: 1) { nodes { fullName notes } } }')
  await runAsAdmin(server.clone.adminUrl, 'drop policy test_slow on contacts')
  const fields = 'name role sql tenantId operation durationMs rows failed errorCode'
  const { body } = await send(mine, `{ performance { slowQueries { entries { ${fields} } total evictions } } }`)
  expect(body.data['performance'].slowQueries).toEqual({
    entries: [
      {
        name: 'findContactsByIds',
        role: 'kith_app',
        sql: expect.stringContaining('tenant_id = $'),
        tenantId: server.tenant.settings.id,
        operation: 'SlowOne',
        durationMs: expect.any(Number),
        rows: 1,
        failed: false,
        errorCode: null,
      },
    ],
    total: null,
    evictions: null,
  })
  expect(body.data['performance'].slowQueries.entries[0].durationMs).toBeGreaterThanOrEqual(SLOW_MS)
  const theirs = await send(await tokenOf(others), `{ performance { slowQueries { entries { name } } } }`)
  expect(theirs.body.data['performance'].slowQueries.entries).toEqual([])
  const plan = await send(mine, '{ performance { slowQueries { entries { plan { shape } } } } }')
  expect(plan.body.data['performance'].slowQueries.entries).toEqual([{ plan: null }])
  expect(refusals(plan.body)).toEqual([
    { code: 'FORBIDDEN', message: "This is of the whole server: it needs an operator's token." },
  ])
  // Plans are sampled beside the work, five a second: until then there is none.
  const look = async () => {
    const query = '{ performance { slowQueries { entries { name plan { shape json } } total evictions } } }'
    return (await send(await operatorToken(), query)).body.data['performance'].slowQueries
  }
  const planIn = ({ entries }: Awaited<ReturnType<typeof look>>) =>
    entries.find((one: { name: string }) => one.name === 'findContactsByIds').plan
  let seen = await look()
  for (const untilMs = Date.now() + 10_000; planIn(seen) === null && Date.now() < untilMs;) seen = await look()
  const { entries, total, evictions } = seen
  expect([total, evictions]).toEqual([entries.length, 0])
  const shown = planIn(seen)
  expect(shown.shape).toMatch(/^[0-9a-f]{12}$/)
  expect(JSON.stringify(shown.json)).toContain('"Relation Name":"contacts"')
  expect(JSON.stringify(shown.json)).not.toContain(server.tenant.settings.id)
})
