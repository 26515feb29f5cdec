import { describe, expect, test } from '@jest/globals'
import { demoCompany } from '../../src/demo/companies.js'
import { infoOfCompany, infoOfContact } from '../../src/demo/contact-info.js'
import { demoContact } from '../../src/demo/contacts.js'
import { createDemoRandom } from '../../src/demo/random.js'

const random = createDemoRandom('kith\ndemo')
const companies = Array.from({ length: 2000 }, (_, index) => demoCompany(random, index))
const contacts = Array.from({ length: 2000 }, (_, index) => demoContact(random, index, companies.length))

/** How often each value comes, the most frequent first. */
function counts(values: readonly unknown[]): Record<string, number> {
  const totals = new Map<string, number>()
  for (const value of values) totals.set(String(value), (totals.get(String(value)) ?? 0) + 1)
  return Object.fromEntries([...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)))
}

describe('of 2,000 companies', () => {
  test('most are in few industries and few are large', () => {
    expect(counts(companies.map((company) => company.industry))).toEqual({
      Software: 297,
      Manufacturing: 216,
      Retail: 212,
      Consulting: 159,
      Construction: 151,
      Logistics: 127,
      null: 124,
      'Food and Beverage': 106,
      Healthcare: 105,
      'Financial Services': 92,
      'Real Estate': 70,
      Education: 63,
      Hospitality: 53,
      Media: 51,
      Energy: 45,
      Agriculture: 27,
      Automotive: 24,
      Chemicals: 24,
      Telecommunications: 24,
      'Legal Services': 19,
      Pharmaceuticals: 11,
    })
    expect(counts(companies.map((company) => company.size))).toEqual({
      '1-10': 782,
      '11-50': 471,
      '51-200': 253,
      null: 203,
      '201-500': 148,
      '501-1,000': 80,
      '1,001-5,000': 38,
      '5,000+': 25,
    })
  })

  test('countries, statuses and priorities are uneven', () => {
    expect(counts(companies.map((company) => company.country.code))).toEqual({
      US: 600,
      DE: 220,
      GB: 180,
      FR: 140,
      ES: 100,
      IT: 100,
      BR: 80,
      PL: 80,
      CN: 60,
      JP: 60,
      NL: 60,
      SE: 60,
      TR: 60,
      CZ: 40,
      GR: 40,
      UA: 40,
      AE: 20,
      IL: 20,
      KR: 20,
      KZ: 20,
    })
    expect(counts(companies.map((company) => company.status))).toEqual({
      LEAD: 810,
      PROSPECT: 462,
      CUSTOMER: 459,
      CHURNED: 175,
      PARTNER: 94,
    })
    expect(counts(companies.map((company) => company.priority))).toEqual({
      MEDIUM: 986,
      LOW: 477,
      HIGH: 435,
      URGENT: 102,
    })
  })

  test('much is unknown', () => {
    const keys = [
      'legalName',
      'website',
      'employeeCount',
      'annualRevenue',
      'foundedYear',
      'leadScore',
      'assignedTo',
      'lastContactedAt',
      'nextFollowUpAt',
      'notes',
    ] as const
    const missing = keys.map((key) => [key, companies.filter((company) => company[key] === null).length])
    expect(Object.fromEntries(missing)).toEqual({
      legalName: 1304,
      website: 270,
      employeeCount: 356,
      annualRevenue: 869,
      foundedYear: 487,
      leadScore: 409,
      assignedTo: 339,
      lastContactedAt: 684,
      nextFollowUpAt: 1406,
      notes: 1692,
    })
  })
})

describe('of 2,000 contacts', () => {
  test('a few companies have many and many have one to three', () => {
    const sizes = Object.values(counts(contacts.flatMap((contact) => contact.company?.index ?? []))).sort(
      (a, b) => b - a,
    )
    expect(sizes.slice(0, 5)).toEqual([86, 30, 25, 23, 17])
    expect([sizes.length, sizes.filter((size) => size <= 3).length]).toEqual([795, 699])
    expect(contacts.filter((contact) => contact.company === null).length).toBe(237)
  })

  test('names are of several scripts', () => {
    const scripts = ['Latin', 'Cyrillic', 'Greek', 'Han', 'Hangul', 'Arabic', 'Hebrew']
    const totals = scripts.map((script) => {
      const pattern = new RegExp(`\\p{Script=${script}}`, 'u')
      return [script, contacts.filter(({ first, last }) => pattern.test(`${first?.text} ${last?.text}`)).length]
    })
    expect(Object.fromEntries(totals)).toEqual({
      Latin: 1734,
      Cyrillic: 55,
      Greek: 31,
      Han: 128,
      Hangul: 27,
      Arabic: 22,
      Hebrew: 24,
    })
  })

  test('some opted in and much is unknown', () => {
    const opted = (['emailOptIn', 'smsOptIn', 'callOptIn'] as const).map(
      (key) => contacts.filter((contact) => contact[key]).length,
    )
    expect(opted).toEqual([891, 271, 455])
    const keys = ['first', 'middle', 'last', 'jobTitle', 'department', 'owner', 'birthDate', 'notes'] as const
    const missing = keys.map((key) => [key, contacts.filter((contact) => contact[key] === null).length])
    expect(Object.fromEntries(missing)).toEqual({
      first: 37,
      middle: 1777,
      last: 45,
      jobTitle: 366,
      department: 759,
      owner: 219,
      birthDate: 1629,
      notes: 1835,
    })
  })
})

test('contact info: about two and a half rows a record', () => {
  const rows = [
    ...companies.flatMap((company) => infoOfCompany(random, company)),
    ...contacts.flatMap((contact) => infoOfContact(random, contact)),
  ]
  expect(counts(rows.map((row) => row.table))).toEqual({
    email_addresses: 4200,
    phone_numbers: 3077,
    addresses: 1908,
    social_media_accounts: 991,
  })
  expect(rows.length / 4000).toBe(2.544)
  expect(rows.filter((row) => row.values['opted_out_at']).length).toBe(192)
})

test('rows come over three years, more of them lately', () => {
  expect(counts(companies.map((company) => company.createdAt.getUTCFullYear()))).toEqual({
    '2023': 16,
    '2024': 342,
    '2025': 767,
    '2026': 875,
  })
})

test('the first rows', () => {
  expect(companies.slice(0, 3).map(({ id, name, domain }) => [id, name, domain])).toEqual([
    ['019e3a91-4af7-72b3-a6dc-61907506a2f0', 'Beer Cloudworks Corp.', 'beercloudworks.com'],
    ['01a08bfc-8eb9-706f-87c2-9dae37f20eae', "D'Amore Logistics", 'damore-logistics.co.uk'],
    ['01a0af71-382c-76c7-a5bb-a55038187035', 'Bujak Systemy', 'bujak-systemy.pl'],
  ])
  expect(contacts.slice(0, 3).map(({ id, first, last }) => [id, first?.text, last?.text])).toEqual([
    ['019aeec3-7528-70e1-95ff-f7a3a1c70178', 'Andres', 'Hane'],
    ['01987ed6-cbc5-7365-9662-17727ddc6390', 'Ευστάθιος', 'Ζαχαρίου'],
    ['01987f17-5dc5-7799-8184-4c284d142b63', 'Oliva', 'Bubeníková'],
  ])
})
