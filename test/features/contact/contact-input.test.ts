import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

describe('the fields of a contact', () => {
  test.each([
    ['firstName', 255],
    ['middleName', 255],
    ['lastName', 255],
    ['jobTitle', 255],
    ['department', 255],
    ['externalId', 255],
    ['notes', 65_536],
  ])('%s has %i characters at most, counted in code points', async (field, most) => {
    const { tenant, admin } = await openTenant(desk)
    const longest = '𝒜'.repeat(most)
    const base = field === 'firstName' ? {} : { firstName: 'Ada' }
    const fits = await desk.mutate(admin, 'createContact', { ...base, [field]: longest }, `contact { ${field} }`)
    expect(fits).toEqual({ contact: { [field]: longest }, userErrors: [] })
    const before = await desk.rowsOf(tenant)
    const given = (most + 1).toLocaleString('en-US')
    const message = `The text has ${given} characters; at most ${most.toLocaleString('en-US')} are allowed.`
    expect(await desk.mutate(admin, 'createContact', { ...base, [field]: `${longest}𝒜` }, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [userError('BAD_USER_INPUT', [field], message)],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test.each(['0001-01-01', '1900-02-28', '2024-02-29', '9999-12-31'])(
    'a birth date of %s is kept',
    async (birthDate) => {
      const { admin } = await openTenant(desk)
      const { contact } = await desk.mutate(
        admin,
        'createContact',
        { firstName: 'Ada', birthDate },
        'contact { birthDate }',
      )
      expect(contact).toEqual({ birthDate })
    },
  )

  test.each([
    ['2023-02-29', '“2023-02-29” is not a day of the calendar in the years 0001 to 9999.'],
    ['0000-01-01', '“0000-01-01” is not a day of the calendar in the years 0001 to 9999.'],
    ['10000-01-01', '“10000-01-01” is not a date: write it YYYY-MM-DD, as 2024-02-29.'],
    ['2024-02-29T00:00:00Z', '“2024-02-29T00:00:00Z” is not a date: write it YYYY-MM-DD, as 2024-02-29.'],
  ])('a birth date of %s is refused', async (birthDate, message) => {
    const { admin } = await openTenant(desk)
    expect(await desk.mutate(admin, 'createContact', { firstName: 'Ada', birthDate }, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [userError('BAD_USER_INPUT', ['birthDate'], message)],
    })
  })

  test.each(['emailOptIn', 'smsOptIn', 'callOptIn'])('%s must not be null', async (field) => {
    const { admin } = await openTenant(desk)
    expect(await desk.mutate(admin, 'createContact', { firstName: 'Ada', [field]: null }, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [userError('BAD_USER_INPUT', [field], 'A value is required.')],
    })
  })
})

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
