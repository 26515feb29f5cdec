import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const SCALARS = `id firstName middleName lastName fullName jobTitle department emailOptIn smsOptIn callOptIn birthDate
  notes externalId version createdAt updatedAt deletedAt`
const EVERYTHING = `contact { ${SCALARS} company { id name } owner { id name }
  emailAddresses { type email optedOutAt isPrimary position createdAt updatedAt }
  phoneNumbers { type number e164 extension isPrimary position }
  addresses { type line1 line2 city region postalCode country latitude longitude isPrimary position }
  socialMediaAccounts { platform handle url isPrimary position } }`
const NOW = new Date('2026-03-04T05:06:07.089Z')
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('createContact', () => {
  test('keeps every field and all nested contact info', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
    const input = {
      firstName: 'Ada',
      middleName: 'Byron',
      lastName: 'Lovelace',
      jobTitle: 'Analyst',
      department: 'Engines',
      companyId: company.id,
      ownerId: tenant.users.MEMBER,
      emailOptIn: true,
      smsOptIn: true,
      callOptIn: true,
      birthDate: '1815-12-10',
      notes: 'First line\r\n\tsecond line',
      externalId: 'A-1',
      emailAddresses: [
        { email: 'Ada@Example.com', type: 'PERSONAL', optedOutAt: '2025-01-02T03:04:05.678+01:00' },
        { email: 'ada@engines.example', isPrimary: true },
      ],
      phoneNumbers: [
        { number: '(212) 555-0123 ext. 7', type: 'MOBILE' },
        { number: '+49 30 901820', extension: '12' },
      ],
      addresses: [
        {
          type: 'HOME',
          line1: '12 St James’s Square',
          line2: 'Floor 2',
          city: 'London',
          region: 'England',
          postalCode: 'SW1Y 4JH',
          country: 'gb',
          latitude: 51.5072,
          longitude: -0.1357,
        },
        { city: 'Paris' },
      ],
      socialMediaAccounts: [
        { platform: 'LINKEDIN', handle: 'https://www.linkedin.com/in/ada' },
        { platform: 'GITHUB', handle: '@ada', url: 'github.com/ada', isPrimary: true },
      ],
    }
    const { contact, userErrors } = await desk.mutate(admin, 'createContact', input, EVERYTHING, NOW)
    expect(userErrors).toEqual([])
    const moment = NOW.toISOString()
    expect(contact).toEqual({
      id: expect.stringMatching(UUID_V7),
      firstName: 'Ada',
      middleName: 'Byron',
      lastName: 'Lovelace',
      fullName: 'Ada Byron Lovelace',
      jobTitle: 'Analyst',
      department: 'Engines',
      emailOptIn: true,
      smsOptIn: true,
      callOptIn: true,
      birthDate: '1815-12-10',
      notes: 'First line\n\tsecond line',
      externalId: 'A-1',
      version: 1,
      createdAt: moment,
      updatedAt: moment,
      deletedAt: null,
      company: { id: company.id, name: 'Acme' },
      owner: { id: tenant.users.MEMBER, name: 'MEMBER user' },
      emailAddresses: [
        {
          type: 'PERSONAL',
          email: 'Ada@Example.com',
          optedOutAt: '2025-01-02T02:04:05.678Z',
          isPrimary: false,
          position: 1,
          createdAt: moment,
          updatedAt: moment,
        },
        {
          type: 'WORK',
          email: 'ada@engines.example',
          optedOutAt: null,
          isPrimary: true,
          position: 2,
          createdAt: moment,
          updatedAt: moment,
        },
      ],
      phoneNumbers: [
        {
          type: 'MOBILE',
          number: '(212) 555-0123 ext. 7',
          e164: '+12125550123',
          extension: '7',
          isPrimary: true,
          position: 1,
        },
        { type: 'WORK', number: '+49 30 901820', e164: '+4930901820', extension: '12', isPrimary: false, position: 2 },
      ],
      addresses: [
        {
          type: 'HOME',
          line1: '12 St James’s Square',
          line2: 'Floor 2',
          city: 'London',
          region: 'England',
          postalCode: 'SW1Y 4JH',
          country: 'GB',
          latitude: 51.5072,
          longitude: -0.1357,
          isPrimary: true,
          position: 1,
        },
        {
          type: 'OFFICE',
          line1: null,
          line2: null,
          city: 'Paris',
          region: null,
          postalCode: null,
          country: null,
          latitude: null,
          longitude: null,
          isPrimary: false,
          position: 2,
        },
      ],
      socialMediaAccounts: [
        { platform: 'LINKEDIN', handle: 'ada', url: null, isPrimary: false, position: 1 },
        { platform: 'GITHUB', handle: 'ada', url: 'https://github.com/ada', isPrimary: true, position: 2 },
      ],
    })
  })

  test('leaves what is absent at its default', async () => {
    const { admin } = await openTenant(desk)
    const { contact } = await desk.mutate(admin, 'createContact', { lastName: 'Lovelace' }, EVERYTHING, NOW)
    expect(contact).toEqual({
      id: expect.stringMatching(UUID_V7),
      firstName: null,
      middleName: null,
      lastName: 'Lovelace',
      fullName: 'Lovelace',
      jobTitle: null,
      department: null,
      emailOptIn: false,
      smsOptIn: false,
      callOptIn: false,
      birthDate: null,
      notes: null,
      externalId: null,
      version: 1,
      createdAt: NOW.toISOString(),
      updatedAt: NOW.toISOString(),
      deletedAt: null,
      company: null,
      owner: null,
      emailAddresses: [],
      phoneNumbers: [],
      addresses: [],
      socialMediaAccounts: [],
    })
  })

  test('trims, composes accents and takes what shows nothing for null', async () => {
    const { admin } = await openTenant(desk)
    const input = { firstName: '  Jose\u0301 ', middleName: ' \u200b ', lastName: '', jobTitle: '\t', notes: '\n a \n' }
    const { contact } = await desk.mutate(admin, 'createContact', input, `contact { ${SCALARS} }`)
    expect(contact).toMatchObject({
      firstName: 'Jos\u00e9',
      middleName: null,
      lastName: null,
      fullName: 'Jos\u00e9',
      jobTitle: null,
      notes: 'a',
    })
  })

  test('all problems come back together, each with its place, and nothing is written', async () => {
    const { tenant, admin } = await openTenant(desk, { uniqueEmails: true })
    const taken = await desk.mutate(
      admin,
      'createContact',
      { externalId: 'A-1', emailAddresses: [{ email: 'a@example.com' }] },
      'contact { id }',
    )
    const before = await desk.rowsOf(tenant)
    const input = {
      firstName: 'a\u0000b'.replace('\u0000', '\u0007'),
      companyId: randomUUID(),
      ownerId: randomUUID(),
      birthDate: 'soon',
      externalId: 'A-1',
      emailAddresses: [{ email: 'no address' }, { email: 'A@example.com', optedOutAt: 'now' }],
      phoneNumbers: [{ number: '12', extension: 'x' }],
      addresses: [{}, { country: 'XX', latitude: 90.5 }],
      socialMediaAccounts: [{ platform: 'X' }],
    }
    const conflictingId = taken['contact'].id as string
    expect(await desk.mutate(admin, 'createContact', input, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [
        userError('BAD_USER_INPUT', ['birthDate'], '“soon” is not a date: write it YYYY-MM-DD, as 2024-02-29.'),
        userError('BAD_USER_INPUT', ['firstName'], 'The text holds the control character U+0007 at position 2.'),
        userError('NOT_FOUND', ['companyId'], 'There is no such company.'),
        userError('NOT_FOUND', ['ownerId'], 'There is no such user.'),
        userError('ALREADY_EXISTS', ['externalId'], 'Another contact has this external id.', { conflictingId }),
        userError(
          'BAD_USER_INPUT',
          ['emailAddresses', 0, 'email'],
          '“no address” is not an e-mail address: it has no @.',
        ),
        userError(
          'BAD_USER_INPUT',
          ['emailAddresses', 1, 'optedOutAt'],
          '“now” is not a time of RFC 3339: write date, time and offset, as 2024-02-29T12:30:00Z or 2024-02-29T12:30:00+01:00.',
        ),
        userError(
          'ALREADY_EXISTS',
          ['emailAddresses', '1', 'email'],
          'Another record has the e-mail address a@example.com.',
          {
            conflictingId,
          },
        ),
        userError(
          'BAD_USER_INPUT',
          ['phoneNumbers', 0, 'number'],
          '“12” is not a phone number of US: write a foreign one with + and the country code.',
        ),
        userError('BAD_USER_INPUT', ['phoneNumbers', 0, 'extension'], 'An extension is made of digits.'),
        userError('BAD_USER_INPUT', ['addresses', 0], 'An address needs one of its parts.'),
        userError(
          'BAD_USER_INPUT',
          ['addresses', 1, 'country'],
          '“XX” is not a country code of ISO 3166 with two letters, such as DE or US.',
        ),
        userError(
          'BAD_USER_INPUT',
          ['addresses', 1, 'latitude'],
          'The latitude must be a number of degrees from -90 to 90; it is 90.5.',
        ),
        userError(
          'BAD_USER_INPUT',
          ['socialMediaAccounts', 0, 'handle'],
          'An account needs a handle or the URL of its profile.',
        ),
      ],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })
})
