import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, plain, userError, type Desk } from '../support/desk.js'

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

  test('keep their answers where one of them is forbidden', async () => {
    const { tenant } = await openTenant(desk)
    const query = `mutation ($id: ID!) {
      a: createContact(input: { firstName: "Ada" }) { contact { firstName } }
      b: deleteContact(input: { id: $id, version: 1 }) { userErrors { code } }
      c: createContact(input: { firstName: "Grace" }) { contact { firstName } }
    }`
    const { data, errors } = await desk.api.run(tenant.principal('MEMBER'), query, { id: tenant.users.MEMBER })
    expect(plain(data)).toEqual({
      a: { contact: { firstName: 'Ada' } },
      b: null,
      c: { contact: { firstName: 'Grace' } },
    })
    expect(errors).toMatchObject([{ path: ['b'], extensions: { code: 'FORBIDDEN' } }])
  })
})

describe('lists of an input', () => {
  const emailAddresses = (count: number) => Array.from({ length: count }, (_, index) => ({ email: `bad ${index}` }))

  test('that have more than 250 items are refused before any is looked at', async () => {
    const { admin } = await openTenant(desk)
    const query = 'mutation ($input: CreateContactInput!) { createContact(input: $input) { userErrors { code } } }'
    const input = { firstName: 'Ada', emailAddresses: emailAddresses(251) }
    const statements = await desk.api.statements(async () => {
      const { errors, status } = await desk.api.run(admin, query, { input })
      expect(status).toBe(400)
      expect(errors).toMatchObject([
        {
          message: 'At most 250 values may be given, not 251.',
          extensions: { code: 'BAD_USER_INPUT', field: 'createContact.input.emailAddresses' },
        },
      ])
    })
    expect(statements).toEqual([])
  })

  test('of which too much is wrong are refused with 99 problems and how many more there are', async () => {
    const { admin } = await openTenant(desk)
    const input = { firstName: 'Ada', emailAddresses: emailAddresses(250) }
    const { userErrors } = await desk.mutate(admin, 'createContact', input)
    expect(userErrors).toHaveLength(100)
    expect(userErrors.slice(0, 99).map(({ field }) => field)).toEqual(
      Array.from({ length: 99 }, (_, index) => ['emailAddresses', String(index), 'email']),
    )
    // 250 addresses that are none, and more than 25 of them.
    expect(userErrors[99]).toEqual(userError('BAD_USER_INPUT', [], 'There are 152 more problems.'))
  })
})
