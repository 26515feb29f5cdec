import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

describe('mutations in one document', () => {
  test('run one after the other, each sees what was written before, and a refusal does not stop the next', async () => {
    const { admin } = await openTenant(desk)
    const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada' }, 'contact { id }')
    const contactId = contact.id as string
    const query = `mutation ($id: ID!) {
      a: updateContact(input: { id: $id, version: 1, firstName: "Grace" }) { contact { firstName version } userErrors { code } }
      b: updateContact(input: { id: $id, version: 1, firstName: "Lost" }) { contact { id } userErrors { code currentVersion } }
      c: updateContact(input: { id: $id, version: 2, lastName: "Hopper" }) { contact { fullName version } userErrors { code } }
    }`
    expect(await desk.ask(admin, query, { id: contactId })).toEqual({
      a: { contact: { firstName: 'Grace', version: 2 }, userErrors: [] },
      b: { contact: null, userErrors: [{ code: 'CONFLICT', currentVersion: 2 }] },
      c: { contact: { fullName: 'Grace Hopper', version: 3 }, userErrors: [] },
    })
    expect((await desk.mutate(admin, 'deleteContact', { id: contactId, version: 1 })).userErrors).toEqual([
      userError('CONFLICT', ['version'], 'The contact changed since it was read.', { currentVersion: 3 }),
    ])
  })
})
