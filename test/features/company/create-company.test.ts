import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const FIELDS = `id name legalName domain website employeeCount annualRevenue annualRevenueCurrency foundedYear leadScore status
  priority lastContactedAt nextFollowUpAt notes externalId version createdAt updatedAt deletedAt
  industry { name } size { name minEmployees maxEmployees } assignedTo { name }
  emailAddresses { email isPrimary } phoneNumbers { e164 } addresses { city } socialMediaAccounts { handle }`
const NOW = new Date('2026-03-04T05:06:07.089Z')

async function tryCompany(input: object, selection = 'id', settings: object = {}) {
  const { tenant, admin } = await openTenant(desk, settings)
  const payload = await desk.mutate(admin, 'createCompany', { name: 'Acme', ...input }, `company { ${selection} }`)
  return { tenant, admin, payload }
}

describe('createCompany', () => {
  test('keeps every field and all nested contact info', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { industry } = await desk.mutate(admin, 'createIndustry', { name: 'Robots' }, 'industry { id }')
    const size = { name: 'Small', minEmployees: 1, maxEmployees: 10 }
    const { companySize } = await desk.mutate(admin, 'createCompanySize', size, 'companySize { id }')
    const input = {
      name: ' Acme ',
      legalName: 'Acme, Inc.',
      domain: 'https://www.Acme.com/about',
      website: 'ACME.com/About',
      industryId: industry.id,
      sizeId: companySize.id,
      employeeCount: 7,
      annualRevenue: '9999999999999999.99',
      annualRevenueCurrency: 'eur',
      foundedYear: 1888,
      leadScore: 100,
      status: 'CUSTOMER',
      priority: 'URGENT',
      assignedToId: tenant.users.VIEWER,
      lastContactedAt: '2026-01-02T03:04:05.678+01:00',
      nextFollowUpAt: '2026-01-03T00:00:00Z',
      notes: 'Some\nnotes',
      externalId: 'C-1',
      emailAddresses: [{ email: 'info@acme.com' }],
      phoneNumbers: [{ number: '(212) 555-0123' }],
      addresses: [{ city: 'London' }],
      socialMediaAccounts: [{ platform: 'X', handle: '@acme' }],
    }
    expect(await desk.mutate(admin, 'createCompany', input, `company { ${FIELDS} }`, NOW)).toEqual({
      company: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: 'Acme',
        legalName: 'Acme, Inc.',
        domain: 'acme.com',
        website: 'https://acme.com/About',
        employeeCount: 7,
        annualRevenue: '9999999999999999.99',
        annualRevenueCurrency: 'EUR',
        foundedYear: 1888,
        leadScore: 100,
        status: 'CUSTOMER',
        priority: 'URGENT',
        lastContactedAt: '2026-01-02T02:04:05.678Z',
        nextFollowUpAt: '2026-01-03T00:00:00.000Z',
        notes: 'Some\nnotes',
        externalId: 'C-1',
        version: 1,
        createdAt: NOW.toISOString(),
        updatedAt: NOW.toISOString(),
        deletedAt: null,
        industry: { name: 'Robots' },
        size,
        assignedTo: { name: 'VIEWER user' },
        emailAddresses: [{ email: 'info@acme.com', isPrimary: true }],
        phoneNumbers: [{ e164: '+12125550123' }],
        addresses: [{ city: 'London' }],
        socialMediaAccounts: [{ handle: 'acme' }],
      },
      userErrors: [],
    })
  })

  test('leaves what is absent at its default', async () => {
    const { admin } = await openTenant(desk)
    const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, `company { ${FIELDS} }`, NOW)
    expect(company).toEqual({
      id: expect.any(String),
      name: 'Acme',
      legalName: null,
      domain: null,
      website: null,
      employeeCount: null,
      annualRevenue: null,
      annualRevenueCurrency: null,
      foundedYear: null,
      leadScore: null,
      status: 'LEAD',
      priority: 'MEDIUM',
      lastContactedAt: null,
      nextFollowUpAt: null,
      notes: null,
      externalId: null,
      version: 1,
      createdAt: NOW.toISOString(),
      updatedAt: NOW.toISOString(),
      deletedAt: null,
      industry: null,
      size: null,
      assignedTo: null,
      emailAddresses: [],
      phoneNumbers: [],
      addresses: [],
      socialMediaAccounts: [],
    })
  })

  test.each([
    ['name', 255],
    ['legalName', 255],
    ['externalId', 255],
    ['notes', 65_536],
  ])('%s has %i characters at most, counted after composing accents', async (field, most) => {
    const longest = 'e\u0301'.repeat(most)
    const { tenant, admin, payload } = await tryCompany({ [field]: longest }, field)
    expect(payload).toEqual({ company: { [field]: '\u00e9'.repeat(most) }, userErrors: [] })
    const before = await desk.rowsOf(tenant)
    const given = (most + 1).toLocaleString('en-US')
    const input = { name: 'Acme', [field]: `${longest}x` }
    expect(await desk.mutate(admin, 'createCompany', input, 'company { id }')).toEqual({
      company: null,
      userErrors: [
        userError(
          'BAD_USER_INPUT',
          [field],
          `The text has ${given} characters; at most ${most.toLocaleString('en-US')} are allowed.`,
        ),
      ],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test.each([
    ['employeeCount', [0, 2_147_483_647], [-1], '0 to 2,147,483,647'],
    ['foundedYear', [1000, 2100], [999, 2101], '1000 to 2100'],
    ['leadScore', [0, 100], [-1, 101], '0 to 100'],
  ])('%s is kept at the edges of its range and refused beyond', async (field, kept, refused, range) => {
    for (const value of kept) {
      expect((await tryCompany({ [field]: value }, field)).payload).toEqual({
        company: { [field]: value },
        userErrors: [],
      })
    }
    for (const value of refused) {
      const { tenant, payload } = await tryCompany({ [field]: value })
      const message = `The number must be a whole number from ${range}; it is ${value}.`
      expect(payload).toEqual({ company: null, userErrors: [userError('BAD_USER_INPUT', [field], message)] })
      expect((await desk.rowsOf(tenant))['companies']).toEqual([])
    }
  })

  test.each([
    '0001-01-01T00:00:00.000Z',
    '0099-12-31T23:59:59.999Z',
    '1900-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
  ])('a moment of %s is kept', async (lastContactedAt) => {
    expect((await tryCompany({ lastContactedAt }, 'lastContactedAt')).payload).toEqual({
      company: { lastContactedAt },
      userErrors: [],
    })
  })

  test.each([
    ['0', '0.00'],
    ['-1.5', '-1.50'],
    ['-9999999999999999.99', '-9999999999999999.99'],
    ['9007199254740993', '9007199254740993.00'],
  ])('a revenue of %s is kept as %s, in the currency of the tenant', async (annualRevenue, stored) => {
    const { payload } = await tryCompany({ annualRevenue }, 'annualRevenue annualRevenueCurrency')
    expect(payload).toEqual({ company: { annualRevenue: stored, annualRevenueCurrency: 'USD' }, userErrors: [] })
  })

  test.each([
    [
      { annualRevenue: '10000000000000000' },
      'annualRevenue',
      'The number has 17 digits before the point; at most 16 are allowed.',
    ],
    [{ annualRevenue: '1.005' }, 'annualRevenue', 'The number has 3 digits after the point; at most 2 are allowed.'],
    [{ annualRevenue: '1', annualRevenueCurrency: null }, 'annualRevenueCurrency', 'An amount needs a currency.'],
    [{ name: ' ' }, 'name', 'A value is required.'],
    [{ status: null }, 'status', 'A value is required.'],
    [{ priority: null }, 'priority', 'A value is required.'],
    [
      { website: 'ftp://acme.com' },
      'website',
      '“ftp://acme.com” is not a web address: it must begin with https:// or http://.',
    ],
  ])('%j is refused', async (input, field, message) => {
    const { tenant, payload } = await tryCompany(input)
    expect(payload).toEqual({ company: null, userErrors: [userError('BAD_USER_INPUT', [field], message)] })
    expect((await desk.rowsOf(tenant))['companies']).toEqual([])
  })

  test('without a currency of its own or of the tenant, a revenue is refused', async () => {
    const { payload } = await tryCompany({ annualRevenue: '1' }, 'id', { defaultCurrency: null })
    expect(payload['userErrors']).toEqual([
      userError('BAD_USER_INPUT', ['annualRevenueCurrency'], 'An amount needs a currency.'),
    ])
  })
})
