import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import type { TestTenant } from '../../support/records.js'

const LATER = new Date(Date.now() + 3_600_000)

let desk: Desk
let admin: Principal
let tenant: TestTenant

beforeAll(async () => {
  desk = await openDesk()
  ;({ admin, tenant } = await openTenant(desk))
})

afterAll(() => desk.close())

test.each([
  ['Industry', 'industry', 'industries'],
  ['CompanySize', 'companySize', 'company_sizes'],
] as const)('an entry that is renamed to its own name is not written (%s)', async (type, field, table) => {
  const row = (id: string) =>
    desk.sql(`select xmin, * from ${table} where tenant_id = $1 and id = $2`, [tenant.settings.id, id])
  const made = await desk.mutate(admin, `create${type}`, { name: 'Trade' }, `${field} { id updatedAt }`)
  const { id, updatedAt } = made[field] as { id: string; updatedAt: string }
  const before = await row(id)
  const rename = (name: string) =>
    desk.mutate(admin, `rename${type}`, { id, name }, `${field} { id name updatedAt } isChanged`, LATER)
  expect(await rename('Trade')).toEqual({ [field]: { id, name: 'Trade', updatedAt }, isChanged: false, userErrors: [] })
  expect(await row(id)).toEqual(before)
  expect(await rename('TRADE')).toEqual({
    [field]: { id, name: 'TRADE', updatedAt: LATER.toISOString() },
    isChanged: true,
    userErrors: [],
  })
  expect(await row(id)).not.toEqual(before)
})

test('a user who is given what it has, is not written', async () => {
  const id = tenant.users.VIEWER
  const row = () => desk.sql('select xmin, * from users where tenant_id = $1 and id = $2', [tenant.settings.id, id])
  const [before] = await row()
  const save = (mutation: string, input: object) =>
    desk.mutate(admin, mutation, { id, ...input }, 'user { id name } isChanged', LATER)
  const name: string = before?.['name']
  const same = { user: { id, name }, isChanged: false, userErrors: [] }
  expect(await save('updateUser', { name, role: 'VIEWER' })).toEqual(same)
  expect(await save('reactivateUser', {})).toEqual(same)
  expect(await row()).toEqual([before])
  expect(await save('updateUser', { name: 'Vera' })).toEqual({
    user: { id, name: 'Vera' },
    isChanged: true,
    userErrors: [],
  })
  expect((await save('deactivateUser', {})).isChanged).toBe(true)
  expect((await save('deactivateUser', {})).isChanged).toBe(false)
})
