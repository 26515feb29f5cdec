import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

// The statistics of the database are of all tenants' rows. What is frequent in another tenant must not be told by them.

let desk: Desk
let admin: Principal
let foreignCompanyId: string

beforeAll(async () => {
  desk = await openDesk()
  const own = await openTenant(desk)
  const other = await openTenant(desk)
  admin = own.admin
  const { company } = await desk.mutate(other.admin, 'createCompany', { name: 'Acme' }, 'company { id }')
  foreignCompanyId = company.id as string
  const fill = `insert into contacts (tenant_id, id, first_name, job_title, company_id, created_at, updated_at)
    select $1, gen_random_uuid(), 'Contact', $2, $3, now(), now() from generate_series(1, $4)`
  await desk.sql(fill, [own.tenant.settings.id, 'Clerk', null, 1000])
  await desk.sql(fill, [other.tenant.settings.id, 'Zookeeper', foreignCompanyId, 3000])
  await desk.sql('analyze')
})

afterAll(() => desk.close())

test.each([
  ['a text', () => ['{ jobTitle: { eq: "zookeeper" } }', '{ jobTitle: { eq: "nobody" } }', 0]],
  ['an id', () => [`{ companyId: { eq: "${foreignCompanyId}" } }`, `{ companyId: { eq: "${randomUUID()}" } }`, 0]],
  ['what it is not', () => ['{ jobTitle: { ne: "zookeeper" } }', '{ jobTitle: { ne: "nobody" } }', 1000]],
] as const)('an estimate by %s of another tenant is that by one that does not exist', async (_, filters) => {
  const [foreign, unknown, count] = filters()
  const query = `{ foreign: contacts(filter: ${foreign}) { estimatedCount } unknown: contacts(filter: ${unknown}) { estimatedCount } }`
  expect(await desk.ask(admin, query)).toEqual({
    foreign: { estimatedCount: count },
    unknown: { estimatedCount: count },
  })
})

test('without a filter it is about the number of own rows', async () => {
  const { contacts } = await desk.ask(admin, '{ contacts { estimatedCount } }')
  expect(contacts).toEqual({ estimatedCount: 1000 })
})
