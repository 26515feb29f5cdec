import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

async function openContact(input: object = {}, settings: Parameters<typeof openTenant>[1] = {}) {
  const { tenant, admin } = await openTenant(desk, settings)
  const selection = `contact { id emailAddresses { id } phoneNumbers { id } addresses { id } socialMediaAccounts { id } }`
  const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada', ...input }, selection)
  return { tenant, admin, contact }
}

const UNREACHABLE = 'A contact needs a part of a name, an e-mail address or a phone number.'

describe('the last way to reach a contact', () => {
  test.each([
    ['EmailAddress', 'emailAddresses', { email: 'a@example.com' }, { email: 'b@example.com' }],
    ['PhoneNumber', 'phoneNumbers', { number: '+12125550123' }, { number: '+12125550124' }],
  ])('that has no name is not removed: %s', async (kind, list, row, other) => {
    const { tenant, admin, contact } = await openContact({
      firstName: null,
      [list]: [row, { ...other, isPrimary: true }],
    })
    const [first, second] = contact[list] as [{ id: string }, { id: string }]
    expect((await desk.mutate(admin, `remove${kind}`, { id: first.id }, 'removedId'))['removedId']).toBe(first.id)
    const before = await desk.rowsOf(tenant)
    expect(await desk.mutate(admin, `remove${kind}`, { id: second.id }, 'removedId owner { id }')).toEqual({
      removedId: null,
      owner: null,
      userErrors: [userError('BAD_USER_INPUT', ['id'], UNREACHABLE)],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('of a company, or of a contact with a phone number too, is removed', async () => {
    const { admin, contact } = await openContact({
      firstName: null,
      emailAddresses: [{ email: 'a@example.com' }],
      phoneNumbers: [{ number: '+12125550123' }],
    })
    const { company } = await desk.mutate(
      admin,
      'createCompany',
      { name: 'Acme', emailAddresses: [{ email: 'a@example.com' }] },
      'company { emailAddresses { id } }',
    )
    for (const { id } of [contact.emailAddresses[0], company.emailAddresses[0]]) {
      expect(await desk.mutate(admin, 'removeEmailAddress', { id }, 'removedId')).toEqual({
        removedId: id,
        userErrors: [],
      })
    }
  })
})

describe('what a row must say', () => {
  test('an address that would lose all its parts is refused', async () => {
    const { tenant, admin, contact } = await openContact({ addresses: [{ city: 'London' }] })
    const before = await desk.rowsOf(tenant)
    const { id } = contact.addresses[0]
    expect(await desk.mutate(admin, 'updateAddress', { id, city: null }, 'address { id }')).toEqual({
      address: null,
      userErrors: [userError('BAD_USER_INPUT', [], 'An address needs one of its parts.')],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    expect(await desk.mutate(admin, 'updateAddress', { id, city: null, latitude: 0 }, 'address { latitude }')).toEqual({
      address: { latitude: 0 },
      userErrors: [],
    })
  })

  test('an account keeps a handle or a profile; a profile gives the handle of the stored platform', async () => {
    const { admin, contact } = await openContact({ socialMediaAccounts: [{ platform: 'GITHUB', handle: 'ada' }] })
    const { id } = contact.socialMediaAccounts[0]
    const update = (change: object) =>
      desk.mutate(admin, 'updateSocialMediaAccount', { id, ...change }, 'socialMediaAccount { handle url }')
    expect(await update({ handle: null })).toEqual({
      socialMediaAccount: null,
      userErrors: [userError('BAD_USER_INPUT', ['handle'], 'An account needs a handle or the URL of its profile.')],
    })
    expect(await update({ handle: 'https://github.com/byron' })).toEqual({
      socialMediaAccount: { handle: 'byron', url: null },
      userErrors: [],
    })
    expect(await update({ handle: null, url: 'github.com/byron' })).toEqual({
      socialMediaAccount: { handle: null, url: 'https://github.com/byron' },
      userErrors: [],
    })
  })

  test.each([
    ['EmailAddress', 'emailAddresses', { email: 'a@example.com' }, { email: null, type: null }, ['email', 'type']],
    ['PhoneNumber', 'phoneNumbers', { number: '+12125550123' }, { number: null, type: null }, ['number', 'type']],
    ['Address', 'addresses', { city: 'London' }, { type: null }, ['type']],
    ['SocialMediaAccount', 'socialMediaAccounts', { platform: 'X', handle: 'ada' }, { platform: null }, ['platform']],
  ])('null does not clear what %s is about', async (kind, list, row, change, fields) => {
    const { tenant, admin, contact } = await openContact({ [list]: [row] })
    const before = await desk.rowsOf(tenant)
    const { userErrors } = await desk.mutate(admin, `update${kind}`, { id: contact[list][0].id, ...change })
    expect(userErrors).toEqual(fields.map((field) => userError('BAD_USER_INPUT', [field], 'A value is required.')))
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test.each([
    [{ line1: 'x'.repeat(256) }, 'line1', 'The text has 256 characters; at most 255 are allowed.'],
    [{ line2: 'x'.repeat(256) }, 'line2', 'The text has 256 characters; at most 255 are allowed.'],
    [{ city: 'x'.repeat(256) }, 'city', 'The text has 256 characters; at most 255 are allowed.'],
    [{ region: 'x'.repeat(256) }, 'region', 'The text has 256 characters; at most 255 are allowed.'],
    [{ postalCode: 'x'.repeat(33) }, 'postalCode', 'The text has 33 characters; at most 32 are allowed.'],
    [
      { longitude: 180.000001 },
      'longitude',
      'The longitude must be a number of degrees from -180 to 180; it is 180.000001.',
    ],
  ])('an address is refused at %j', async (part, field, message) => {
    const { tenant, admin, contact } = await openContact()
    const before = await desk.rowsOf(tenant)
    expect(await desk.mutate(admin, 'addAddress', { ownerId: contact.id, address: part }, 'address { id }')).toEqual({
      address: null,
      userErrors: [userError('BAD_USER_INPUT', ['address', field], message)],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('an extension has 32 digits at most', async () => {
    const { admin, contact } = await openContact()
    const add = (extension: string) =>
      desk.mutate(
        admin,
        'addPhoneNumber',
        { ownerId: contact.id, phoneNumber: { number: '+12125550123', extension } },
        'phoneNumber { extension }',
      )
    expect(await add('1'.repeat(32))).toEqual({ phoneNumber: { extension: '1'.repeat(32) }, userErrors: [] })
    const message = 'The text has 33 characters; at most 32 are allowed.'
    expect(await add('1'.repeat(33))).toEqual({
      phoneNumber: null,
      userErrors: [userError('BAD_USER_INPUT', ['phoneNumber', 'extension'], message)],
    })
  })

  test('a number without a country code is read by the country of the tenant', async () => {
    const german = await openContact({}, { defaultCountry: 'DE' })
    const nowhere = await openContact({}, { defaultCountry: null })
    const add = ({ admin, contact }: typeof german) =>
      desk.mutate(
        admin,
        'addPhoneNumber',
        { ownerId: contact.id, phoneNumber: { number: '030 901820' } },
        'phoneNumber { e164 }',
      )
    expect(await add(german)).toEqual({ phoneNumber: { e164: '+4930901820' }, userErrors: [] })
    const message =
      '“030 901820” has no country code, and no country is set to read it by: write it with + and the country code.'
    expect(await add(nowhere)).toEqual({
      phoneNumber: null,
      userErrors: [userError('BAD_USER_INPUT', ['phoneNumber', 'number'], message)],
    })
  })
})

describe('unique e-mail addresses', () => {
  const emailAddresses = [{ email: 'Ada@Example.com' }]
  const TAKEN = 'Another record has the e-mail address ada@example.com.'

  test('are no rule unless the tenant wants it', async () => {
    const { admin } = await openContact({ emailAddresses: [...emailAddresses, ...emailAddresses] })
    expect(
      await desk.mutate(
        admin,
        'createCompany',
        { name: 'Acme', emailAddresses },
        'company { emailAddresses { email } }',
      ),
    ).toEqual({
      company: { emailAddresses },
      userErrors: [],
    })
  })

  test('are refused wherever they come in, with the holder', async () => {
    const { tenant, admin, contact } = await openContact({ emailAddresses }, { uniqueEmails: true })
    const other = await desk.mutate(
      admin,
      'createCompany',
      { name: 'Acme', emailAddresses: [{ email: 'info@acme.com' }] },
      'company { id emailAddresses { id } }',
    )
    const { id: ownerId, emailAddresses: rows } = other['company']
    const before = await desk.rowsOf(tenant)
    const email = 'ADA@example.COM'
    for (const [mutation, input, field] of [
      ['createContact', { emailAddresses: [{ email }] }, ['emailAddresses', '0', 'email']],
      ['createCompany', { name: 'New', emailAddresses: [{ email }] }, ['emailAddresses', '0', 'email']],
      [
        'updateCompany',
        { id: ownerId, version: 1, emailAddresses: { add: [{ email }] } },
        ['emailAddresses', 'add', '0', 'email'],
      ],
      [
        'updateCompany',
        { id: ownerId, version: 1, emailAddresses: { update: [{ id: rows[0].id, email }] } },
        ['emailAddresses', 'update', '0', 'email'],
      ],
      ['addEmailAddress', { ownerId, emailAddress: { email } }, ['emailAddress', 'email']],
      ['updateEmailAddress', { id: rows[0].id, email }, ['email']],
    ] as const) {
      const { userErrors } = await desk.mutate(admin, mutation, input)
      expect([mutation, userErrors]).toEqual([
        mutation,
        [userError('ALREADY_EXISTS', [...field], TAKEN, { conflictingId: contact.id })],
      ])
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('stand once on a record', async () => {
    const { tenant, admin, contact } = await openContact({ emailAddresses }, { uniqueEmails: true })
    const before = await desk.rowsOf(tenant)
    const twice = (...field: string[]) =>
      userError('BAD_USER_INPUT', [...field, 'email'], 'The same e-mail address stands twice on this record.')
    const add = { ownerId: contact.id, emailAddress: { email: 'ada@example.com' } }
    expect((await desk.mutate(admin, 'addEmailAddress', add)).userErrors).toEqual([twice('emailAddress')])
    const two = { firstName: 'Grace', emailAddresses: [{ email: 'g@example.com' }, { email: 'G@EXAMPLE.com' }] }
    expect((await desk.mutate(admin, 'createContact', two)).userErrors).toEqual([twice('emailAddresses', '1')])
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('are free again when the row, the record, or the text of it is gone', async () => {
    const { admin, contact } = await openContact({ emailAddresses }, { uniqueEmails: true })
    const take = () => desk.mutate(admin, 'createContact', { emailAddresses }, 'contact { id emailAddresses { id } }')
    const first = contact.emailAddresses[0].id as string
    expect((await take()).userErrors).toHaveLength(1)
    await desk.mutate(admin, 'updateEmailAddress', { id: first, email: 'other@example.com' })
    const second = (await take())['contact']
    await desk.mutate(admin, 'addPhoneNumber', { ownerId: second.id, phoneNumber: { number: '+12125550123' } })
    await desk.mutate(admin, 'removeEmailAddress', { id: second.emailAddresses[0].id })
    const third = (await take())['contact']
    await desk.mutate(admin, 'deleteContact', { id: third.id, version: 1 })
    expect((await take()).userErrors).toEqual([])
  })

  test('of several who take one address at once, one gets it', async () => {
    const { tenant, admin } = await openContact({}, { uniqueEmails: true })
    const create = () => desk.mutate(admin, 'createContact', { emailAddresses }, 'contact { version }')
    const payloads = await Promise.all([1, 2, 3, 4].map(create))
    expect(payloads.filter((payload) => payload['contact'] !== null)).toEqual([
      { contact: { version: 1 }, userErrors: [] },
    ])
    const refused = payloads.filter((payload) => payload['contact'] === null).map(({ userErrors }) => userErrors)
    const error = { code: 'ALREADY_EXISTS', field: ['emailAddresses', '0', 'email'] }
    expect(refused).toEqual([1, 2, 3].map(() => [expect.objectContaining(error)]))
    expect((await desk.rowsOf(tenant))['email_addresses']).toHaveLength(1)
  })
})

describe('phone numbers', () => {
  test('stand once on a record, however they are written; other extensions are other numbers', async () => {
    const number = '+1 212 555 0123'
    const { tenant, admin, contact } = await openContact({ phoneNumbers: [{ number }, { number, extension: '12' }] })
    const rows = (await desk.rowsOf(tenant))['phone_numbers'] as { id: string; extension: string | null }[]
    const [plain, extended] = [null, '12'].map((extension) => rows.find((row) => row.extension === extension)?.id)
    const before = await desk.rowsOf(tenant)
    const twice = (...field: string[]) =>
      userError('BAD_USER_INPUT', [...field, 'number'], 'The same phone number stands twice on this record.')
    const add = { ownerId: contact.id, phoneNumber: { number: '(212) 555-0123' } }
    expect((await desk.mutate(admin, 'addPhoneNumber', add)).userErrors).toEqual([twice('phoneNumber')])
    expect((await desk.mutate(admin, 'updatePhoneNumber', { id: extended, extension: null })).userErrors).toEqual([
      twice(),
    ])
    const changes = {
      add: [{ number: '+12125550199' }, { number: '+1 (212) 555 0199' }],
      update: [{ id: plain, number: '212-555-0123 ext 12' }],
    }
    const update = { id: contact.id, phoneNumbers: changes }
    expect((await desk.mutate(admin, 'updateContact', update)).userErrors).toEqual([
      twice('phoneNumbers', 'update', '0'),
      twice('phoneNumbers', 'add', '1'),
    ])
    expect(await desk.rowsOf(tenant)).toEqual(before)
    // What the input as a whole allows is allowed: one goes, the other takes its place.
    const moved = { remove: [plain], update: [{ id: extended, extension: null }] }
    expect((await desk.mutate(admin, 'updateContact', { id: contact.id, phoneNumbers: moved })).userErrors).toEqual([])
  })
})
