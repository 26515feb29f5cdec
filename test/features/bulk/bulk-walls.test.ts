import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import { makeContacts, previewContacts } from './bulk-desk.js'

let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(async () => {
  ;({ admin } = await openTenant(desk))
})
afterAll(() => desk.close())

const update = (filter: object, values: object) => ({ action: 'UPDATE', filter, update: values })
const start = (principal: Principal, change: object, hash: string) =>
  desk.mutate(principal, 'startBulkContacts', { change, hash }, 'job { id }')

test("a filter, a link and a new owner of another tenant's records are as those of records that don't exist", async () => {
  const { tenant: other, admin: stranger } = await openTenant(desk)
  const { company } = await desk.mutate(stranger, 'createCompany', { name: 'Acme' }, 'company { id }')
  await makeContacts(desk, stranger, 1, () => ({ companyId: company.id }))
  await makeContacts(desk, admin, 2)
  const byCompany = update({ company: { id: { eq: company.id } } }, { jobTitle: 'x' })
  expect((await previewContacts(desk, admin, byCompany)).total).toBe(0)
  expect((await previewContacts(desk, stranger, byCompany)).total).toBe(1)
  const isNone = update({ not: { companyId: { eq: company.id } } }, { jobTitle: 'x' })
  expect((await previewContacts(desk, admin, isNone)).total).toBe(2)
  expect(await start(admin, update({}, { companyId: company.id }), 'a-hash')).toEqual({
    job: null,
    userErrors: [userError('NOT_FOUND', ['change', 'update', 'companyId'], 'There is no such company.')],
  })
  expect(await start(admin, { action: 'SET_OWNER', filter: {}, ownerId: other.users.MEMBER }, 'a-hash')).toEqual({
    job: null,
    userErrors: [userError('NOT_FOUND', ['change', 'ownerId'], 'There is no such user.')],
  })
})

test('texts that no database can hold are refused at their place', async () => {
  const message = 'It holds a NUL character or half of a surrogate pair, which no text has.'
  const refused = async (change: object) => (await start(admin, change, 'a-hash')).userErrors
  const error = (...field: string[]) => [userError('BAD_USER_INPUT', ['change', ...field], message)]
  for (const text of ['a\0b', 'a\ud800b']) {
    expect(await refused(update({ jobTitle: { eq: text } }, { jobTitle: 'x' }))).toEqual(error('filter'))
    expect(await refused({ ...update({}, { jobTitle: 'x' }), search: text })).toEqual(error('search'))
    expect(await refused(update({}, { customFields: [{ key: 'a', text }] }))).toEqual(error('update'))
    expect(await refused(update({}, { jobTitle: text }))).toMatchObject([
      { code: 'BAD_USER_INPUT', field: ['change', 'update', 'jobTitle'] },
    ])
  }
  expect(desk.api.faults).toEqual([])
})
