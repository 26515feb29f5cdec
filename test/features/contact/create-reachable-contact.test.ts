import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

describe('a new contact can be reached or named', () => {
  test.each([
    ['a name', { middleName: 'B' }],
    ['an e-mail address', { emailAddresses: [{ email: 'a@example.com' }] }],
    ['a phone number', { phoneNumbers: [{ number: '+1 212 555 0123' }] }],
  ])('%s is enough', async (_, input) => {
    const { admin } = await openTenant(desk)
    expect(await desk.mutate(admin, 'createContact', input, 'contact { version }')).toEqual({
      contact: { version: 1 },
      userErrors: [],
    })
  })

  test('without any name, e-mail or phone it is refused', async () => {
    const { tenant, admin } = await openTenant(desk)
    const before = await desk.rowsOf(tenant)
    const input = {
      firstName: ' ',
      jobTitle: 'Analyst',
      emailAddresses: [],
      phoneNumbers: [],
      addresses: [{ city: 'Paris' }],
    }
    expect(await desk.mutate(admin, 'createContact', input, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [
        userError('BAD_USER_INPUT', [], 'A contact needs a part of a name, an e-mail address or a phone number.'),
      ],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })
})
