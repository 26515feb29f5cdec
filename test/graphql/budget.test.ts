import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createBudget, REQUEST_LIMITS } from '../../src/graphql/limits.js'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

const LIMITS = { ...REQUEST_LIMITS, answerBytes: 200_000, durationMs: 700 }
let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk(undefined, { limits: LIMITS })
  const { tenant, admin: first } = await openTenant(desk)
  admin = first
  await desk.sql(
    `insert into contacts (tenant_id, id, created_at, updated_at, last_name, notes)
     select $1, gen_random_uuid(), now(), now(), 'Long', repeat('é', 60000) from generate_series(1, 3)`,
    [tenant.settings.id],
  )
})

afterAll(() => desk.close())

test('an answer of too many bytes is one error, which says how many may be', async () => {
  const { data, errors, status, extensions } = await desk.api.run(admin, '{ contacts { nodes { id notes } } }')
  expect(data).toBeUndefined()
  expect(errors).toEqual([
    {
      message: 'The answer has more than 200,000 bytes. Ask for fewer rows, or fewer long texts.',
      extensions: { code: 'LIMIT_ANSWER', limit: 200_000, requestId: expect.any(String) },
    },
  ])
  expect(status).toBe(400)
  expect(extensions).toEqual({ cost: { requested: 301, limit: 20_000 } })
  // The one after it has its own budget.
  expect((await desk.api.run(admin, '{ contacts(first: 1) { nodes { notes } } }')).errors).toBeUndefined()
})

test('rows that were begun before the answer was too large end unheard', async () => {
  const { admin: other } = await openTenant(desk)
  for (const n of [1, 2, 3]) {
    const input = { lastName: 'Wide', notes: 'é'.repeat(60_000), emailAddresses: [{ email: `a${n}@example.com` }] }
    expect((await desk.mutate(other, 'createContact', input)).userErrors).toEqual([])
  }
  // The first row waits for its e-mail addresses when the second one is too much, and fails when they come: a promise
  // that nobody hears would end a server, and fails this test.
  const query = '{ contacts { nodes { notes id emailAddresses { email } } } }'
  const { data, errors } = await desk.api.run(other, query)
  expect(data).toBeUndefined()
  expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_ANSWER' } }])
  expect(await desk.ask(other, '{ contacts(first: 1) { nodes { emailAddresses { email } } } }')).toEqual({
    contacts: { nodes: [{ emailAddresses: [{ email: 'a3@example.com' }] }] },
  })
})

test('what mutations changed stays changed, though the answer is too large', async () => {
  const aliases = Array.from({ length: 4 }, (_, index) => `n${index}: notes`).join(' ')
  const before = await desk.sql("select id, version from contacts where last_name = 'Long' order by id limit 1")
  const [{ id }] = before as [{ id: string }]
  const query = `mutation ($input: UpdateContactInput!) { updateContact(input: $input) { contact { ${aliases} } } }`
  const { data, errors } = await desk.api.run(admin, query, { input: { id, version: 1, jobTitle: 'Changed' } })
  expect(data).toBeUndefined()
  expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_ANSWER' } }])
  expect(await desk.sql('select version, job_title from contacts where id = $1', [id])).toEqual([
    { version: 2, job_title: 'Changed' },
  ])
})

test('a statement is cancelled when the time of its request is over', async () => {
  const database = desk.api.database.until(performance.now() + 300)
  const tenantId = admin.tenant.id
  const statement = { label: 'test.sleep', text: 'select pg_sleep(20)', values: [] }
  await expect(database.reader(tenantId).read(statement)).rejects.toMatchObject({ code: 'TIMEOUT' })
  await expect(database.change(tenantId, (change) => change.ask(statement))).rejects.toMatchObject({ code: 'TIMEOUT' })
  const active =
    "select count(*)::int as count from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and datname = current_database() and pid <> pg_backend_pid()"
  expect(await desk.sql(active)).toEqual([{ count: 0 }])
  // Nothing is sent any more when it has passed.
  const statements = await desk.api.statements(() =>
    expect(
      desk.api.database
        .until(performance.now() - 1)
        .reader(tenantId)
        .read(statement),
    ).rejects.toMatchObject({
      code: 'TIMEOUT',
    }),
  )
  expect(statements).toEqual([])
})

test('a request that takes too long is one error, whatever it has by then', () => {
  const budget = createBudget(LIMITS, performance.now() - LIMITS.durationMs)
  const spendMany = () => {
    for (let calls = 0; calls < 64; calls += 1) budget.spend('a', 1)
  }
  expect(spendMany).toThrow('The request took longer than 0.7 s. Ask for less at once.')
  expect(budget.failure()).toMatchObject({ code: 'TIMEOUT' })
  expect(createBudget(LIMITS, performance.now()).failure()).toBeNull()
})
