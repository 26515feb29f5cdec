import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createScope, FULL_ACCESS } from '../../../src/access/scope.js'
import { listContactsOfCompany } from '../../../src/features/contact/contact.service.js'
import type { Principal } from '../../../src/lib/principal.js'
import { createServices } from '../../../src/start/services.js'
import { TEST_SECRET } from '../../support/api.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

const COMPANIES = 3
const CONTACTS = 4

let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
  const opened = await openTenant(desk)
  admin = opened.admin
  await desk.sql(
    `with made as (insert into companies (tenant_id, id, name, created_at, updated_at)
        select $1, gen_random_uuid(), 'Company ' || n, now(), now() from generate_series(1, ${COMPANIES}) as n returning id)
      insert into contacts (tenant_id, id, last_name, company_id, email_opt_in, created_at, updated_at)
        select $1, gen_random_uuid(), 'Name ' || n, id, n % 2 = 0, now(), now() from made, generate_series(1, ${CONTACTS}) as n`,
    [opened.tenant.settings.id],
  )
})

afterAll(() => desk.close())

/** The answer of a query and how often the contacts of its companies were counted. */
async function counted(query: string): Promise<{ companies: unknown[]; counts: number }> {
  let companies: unknown[] = []
  const statements = await desk.api.statements(async () => {
    companies = (await desk.ask(admin, query))['companies'].nodes
  })
  return { companies, counts: statements.filter(({ label }) => label === 'countContactsByCompanies').length }
}

const all = <Value>(value: Value): Value[] => Array.from({ length: COMPANIES }, () => value)

test('three pages of the same contacts, of other lengths and orders, are counted once', async () => {
  const query = `{ companies { nodes {
    a: contacts(first: 1) { totalCount } b: contacts(first: 2) { totalCount }
    c: contacts(first: 3, orderBy: [{ field: LAST_NAME }]) { totalCount totalCountIsExact } } } }`
  expect(await counted(query)).toEqual({
    companies: all({ a: { totalCount: 4 }, b: { totalCount: 4 }, c: { totalCount: 4, totalCountIsExact: true } }),
    counts: 1,
  })
})

test('other filters and other bounds are counted each by itself', async () => {
  const query = `{ companies { nodes {
    a: contacts(first: 1) { totalCount } b: contacts(first: 2, filter: { emailOptIn: { eq: true } }) { totalCount }
    c: contacts(first: 3) { totalCount(max: 3) totalCountIsExact(max: 3) } } } }`
  expect(await counted(query)).toEqual({
    companies: all({ a: { totalCount: 4 }, b: { totalCount: 2 }, c: { totalCount: 3, totalCountIsExact: false } }),
    counts: 3,
  })
})

/** How often a filter and an order are looked at where so many companies of one request are asked for by one field. */
function readings(companies: number): { filter: number; order: number } {
  const services = createServices({} as never, TEST_SECRET)
  const scope = createScope(admin, services.registry, new Date(), FULL_ACCESS)
  const seen = { filter: 0, order: 0 }
  const args = {
    filter: {
      get lastName() {
        seen.filter++
        return { eq: 'Smith' }
      },
    },
    orderBy: [
      {
        get field() {
          seen.order++
          return 'LAST_NAME'
        },
      },
    ],
  }
  const field = {}
  for (let n = 0; n < companies; n++) listContactsOfCompany(scope, services, {} as never, randomUUID(), args, field)
  return seen
}

test('filter and order are read once for all companies', () => {
  const once = readings(1)
  expect([once.filter > 0, once.order > 0]).toEqual([true, true])
  expect(readings(200)).toEqual(once)
})
