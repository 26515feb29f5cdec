import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const FIELDS = `id name legalName domain website employeeCount annualRevenue annualRevenueCurrency foundedYear leadScore status
  priority lastContactedAt nextFollowUpAt notes externalId version createdAt updatedAt industry { id } size { id } assignedTo { id }`
const CREATED = new Date('2026-03-04T05:06:07.089Z')
const UPDATED = new Date('2026-03-05T00:00:00.001Z')

async function openCompany(input: object = {}) {
  const { tenant, admin } = await openTenant(desk)
  const { industry } = await desk.mutate(admin, 'createIndustry', { name: 'Robots' }, 'industry { id }')
  const { companySize } = await desk.mutate(admin, 'createCompanySize', { name: 'Small' }, 'companySize { id }')
  const full = {
    name: 'Acme',
    legalName: 'Acme, Inc.',
    domain: 'acme.com',
    website: 'https://acme.com',
    industryId: industry.id,
    sizeId: companySize.id,
    employeeCount: 7,
    annualRevenue: '100.50',
    annualRevenueCurrency: 'EUR',
    foundedYear: 1888,
    leadScore: 50,
    status: 'CUSTOMER',
    priority: 'HIGH',
    assignedToId: tenant.users.MEMBER,
    lastContactedAt: '2026-01-02T03:04:05.678Z',
    nextFollowUpAt: '2026-01-03T00:00:00.000Z',
    notes: 'Some notes',
    externalId: 'C-1',
    ...input,
  }
  const { company } = await desk.mutate(admin, 'createCompany', full, `company { ${FIELDS} }`, CREATED)
  return { tenant, admin, company, industry, companySize }
}

describe('updateCompany', () => {
  test('leaves what is absent', async () => {
    const { admin, company } = await openCompany()
    const { id } = company
    expect(await desk.mutate(admin, 'updateCompany', { id, version: 1 }, `company { ${FIELDS} }`, UPDATED)).toEqual({
      company,
      userErrors: [],
    })
  })

  test('null clears', async () => {
    const { admin, company } = await openCompany()
    const cleared = {
      legalName: null,
      domain: null,
      website: null,
      employeeCount: null,
      annualRevenue: null,
      annualRevenueCurrency: null,
      foundedYear: null,
      leadScore: null,
      lastContactedAt: null,
      nextFollowUpAt: null,
      notes: null,
      externalId: null,
    }
    const input = { id: company.id, version: 1, ...cleared, industryId: null, sizeId: null, assignedToId: null }
    expect(await desk.mutate(admin, 'updateCompany', input, `company { ${FIELDS} }`, UPDATED)).toEqual({
      company: {
        ...cleared,
        id: company.id,
        name: 'Acme',
        status: 'CUSTOMER',
        priority: 'HIGH',
        version: 2,
        createdAt: CREATED.toISOString(),
        updatedAt: UPDATED.toISOString(),
        industry: null,
        size: null,
        assignedTo: null,
      },
      userErrors: [],
    })
  })

  test('sets every field', async () => {
    const { tenant, admin, company } = await openCompany()
    const { industry } = await desk.mutate(admin, 'createIndustry', { name: 'Cars' }, 'industry { id }')
    const { companySize } = await desk.mutate(admin, 'createCompanySize', { name: 'Large' }, 'companySize { id }')
    const changed = {
      name: 'Emca',
      legalName: 'Emca AG',
      domain: 'emca.de',
      website: 'https://emca.de/',
      employeeCount: 8,
      annualRevenue: '-1.00',
      annualRevenueCurrency: 'CHF',
      foundedYear: 1900,
      leadScore: 0,
      status: 'CHURNED',
      priority: 'LOW',
      lastContactedAt: '2026-02-02T03:04:05.678Z',
      nextFollowUpAt: '2026-02-03T00:00:00.000Z',
      notes: 'Other notes',
      externalId: 'C-2',
    }
    const links = { industryId: industry.id, sizeId: companySize.id, assignedToId: tenant.users.VIEWER }
    const input = { id: company.id, version: 1, ...changed, ...links }
    expect(await desk.mutate(admin, 'updateCompany', input, `company { ${FIELDS} }`, UPDATED)).toEqual({
      company: {
        ...changed,
        id: company.id,
        version: 2,
        createdAt: CREATED.toISOString(),
        updatedAt: UPDATED.toISOString(),
        industry: { id: industry.id },
        size: { id: companySize.id },
        assignedTo: { id: tenant.users.VIEWER },
      },
      userErrors: [],
    })
  })

  test.each([
    [{ name: null }, 'name', 'A value is required.'],
    [{ name: '\u200b' }, 'name', 'A value is required.'],
    [{ status: null }, 'status', 'A value is required.'],
    [{ priority: null }, 'priority', 'A value is required.'],
    [{ annualRevenueCurrency: null }, 'annualRevenueCurrency', 'An amount needs a currency.'],
    [{ foundedYear: 2101 }, 'foundedYear', 'The number must be a whole number from 1000 to 2100; it is 2101.'],
  ])('%j is refused and nothing changes', async (change, field, message) => {
    const { tenant, admin, company } = await openCompany()
    const before = await desk.rowsOf(tenant)
    expect(
      await desk.mutate(admin, 'updateCompany', { id: company.id, version: 1, ...change }, 'company { id }'),
    ).toEqual({
      company: null,
      userErrors: [userError('BAD_USER_INPUT', [field], message)],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test.each([
    ['the stored currency', {}, 'EUR'],
    ['the currency of the tenant where there was none', { annualRevenue: null, annualRevenueCurrency: null }, 'USD'],
  ])('an amount alone takes %s', async (_, stored, currency) => {
    const { admin, company } = await openCompany(stored)
    const input = { id: company.id, version: 1, annualRevenue: '2' }
    expect(await desk.mutate(admin, 'updateCompany', input, 'company { annualRevenue annualRevenueCurrency }')).toEqual(
      {
        company: { annualRevenue: '2.00', annualRevenueCurrency: currency },
        userErrors: [],
      },
    )
  })

  test('an outdated version is a CONFLICT with the current one, and changes nothing', async () => {
    const { tenant, admin, company } = await openCompany()
    await desk.mutate(admin, 'updateCompany', { id: company.id, version: 1, name: 'Emca' })
    const before = await desk.rowsOf(tenant)
    expect(
      await desk.mutate(admin, 'updateCompany', { id: company.id, version: 1, name: ' ' }, 'company { id }'),
    ).toEqual({
      company: null,
      userErrors: [userError('CONFLICT', ['version'], 'The company changed since it was read.', { currentVersion: 2 })],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('of 50 writers with one version one wins and 49 get CONFLICT', async () => {
    const { admin, company } = await openCompany()
    const write = (leadScore: number) =>
      desk.mutate(admin, 'updateCompany', { id: company.id, version: 1, leadScore }, 'company { version leadScore }')
    const payloads = await Promise.all(Array.from({ length: 50 }, (_, index) => write(index)))
    const winners = payloads.flatMap(({ company: written }) => (written ? [written] : []))
    expect(winners).toEqual([{ version: 2, leadScore: expect.any(Number) }])
    const conflict = userError('CONFLICT', ['version'], 'The company changed since it was read.', { currentVersion: 2 })
    const refusals = payloads.filter((payload) => payload['company'] === null).map(({ userErrors }) => userErrors)
    expect(refusals).toEqual(Array.from({ length: 49 }, () => [conflict]))
    const [stored] = await desk.sql('select version, lead_score from companies where id = $1', [company.id])
    expect(stored).toEqual({ version: 2, lead_score: winners[0].leadScore })
  })
})

describe('the references of a company', () => {
  test.each(['createCompany', 'updateCompany'] as const)(
    '%s refuses what the tenant does not have',
    async (mutation) => {
      const { tenant, admin, company } = await openCompany()
      const other = await openCompany()
      const base = mutation === 'createCompany' ? { name: 'Emca' } : { id: company.id, version: 1 }
      const foreign = {
        industryId: other.industry.id,
        sizeId: other.companySize.id,
        assignedToId: other.tenant.users.ADMIN,
      }
      const missing = { industryId: randomUUID(), sizeId: randomUUID(), assignedToId: randomUUID() }
      const crossed = { industryId: company.size.id, sizeId: company.industry.id, assignedToId: company.id }
      const before = await desk.rowsOf(tenant)
      for (const links of [foreign, missing, crossed]) {
        expect(await desk.mutate(admin, mutation, { ...base, ...links }, 'company { id }')).toEqual({
          company: null,
          userErrors: [
            userError('NOT_FOUND', ['industryId'], 'There is no such industry.'),
            userError('NOT_FOUND', ['sizeId'], 'There is no such company size.'),
            userError('NOT_FOUND', ['assignedToId'], 'There is no such user.'),
          ],
        })
      }
      expect(await desk.rowsOf(tenant)).toEqual(before)
    },
  )

  test.each(['createCompany', 'updateCompany'] as const)(
    '%s refuses a domain and an external id that are taken',
    async (mutation) => {
      const { tenant, admin, company } = await openCompany()
      const second = await desk.mutate(admin, 'createCompany', { name: 'Emca', externalId: 'C-2' }, 'company { id }')
      const base = mutation === 'createCompany' ? { name: 'New' } : { id: second['company'].id, version: 1 }
      const before = await desk.rowsOf(tenant)
      const input = { ...base, domain: 'WWW.ACME.COM', externalId: 'C-1' }
      const conflictingId = company.id as string
      expect(await desk.mutate(admin, mutation, input, 'company { id }')).toEqual({
        company: null,
        userErrors: [
          userError('ALREADY_EXISTS', ['domain'], 'Another company has this domain.', { conflictingId }),
          userError('ALREADY_EXISTS', ['externalId'], 'Another company has this external id.', { conflictingId }),
        ],
      })
      expect(await desk.rowsOf(tenant)).toEqual(before)
    },
  )

  test('one domain may stand in two tenants, and be given again to its own company', async () => {
    const { admin, company } = await openCompany()
    await openCompany()
    const input = { id: company.id, version: 1, domain: 'acme.com', externalId: 'C-1' }
    expect(await desk.mutate(admin, 'updateCompany', input, 'company { domain }')).toEqual({
      company: { domain: 'acme.com' },
      userErrors: [],
    })
  })
})
