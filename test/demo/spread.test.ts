import { describe, expect, test } from '@jest/globals'
import { demoCompany } from '../../src/demo/companies.js'
import { infoOfCompany, infoOfContact } from '../../src/demo/contact-info.js'
import { demoContact } from '../../src/demo/contacts.js'
import { createDemoRandom } from '../../src/demo/random.js'

const random = createDemoRandom('kith\ndemo', Date.parse('2026-10-01T00:00:00.000Z'))
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
      Software: 301,
      Manufacturing: 217,
      Retail: 211,
      Consulting: 157,
      Construction: 153,
      Logistics: 131,
      null: 135,
      'Food and Beverage': 106,
      Healthcare: 106,
      'Financial Services': 92,
      'Real Estate': 66,
      Education: 58,
      Hospitality: 47,
      Media: 47,
      Energy: 48,
      Agriculture: 27,
      Automotive: 25,
      Chemicals: 23,
      Telecommunications: 21,
      'Legal Services': 18,
      Pharmaceuticals: 11,
    })
    expect(counts(companies.map((company) => company.size))).toEqual({
      '1-10': 755,
      '11-50': 473,
      '51-200': 284,
      null: 186,
      '201-500': 153,
      '501-1,000': 71,
      '1,001-5,000': 62,
      '5,000+': 16,
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
      LEAD: 814,
      PROSPECT: 511,
      CUSTOMER: 416,
      CHURNED: 159,
      PARTNER: 100,
    })
    expect(counts(companies.map((company) => company.priority))).toEqual({
      MEDIUM: 1030,
      LOW: 493,
      HIGH: 379,
      URGENT: 98,
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
      legalName: 1296,
      website: 307,
      employeeCount: 382,
      annualRevenue: 879,
      foundedYear: 508,
      leadScore: 410,
      assignedTo: 296,
      lastContactedAt: 712,
      nextFollowUpAt: 1411,
      notes: 1698,
    })
  })
})

describe('of 2,000 contacts', () => {
  test('a few companies have many and many have one to three', () => {
    const sizes = Object.values(counts(contacts.flatMap((contact) => contact.company?.index ?? []))).sort(
      (a, b) => b - a,
    )
    expect(sizes.slice(0, 5)).toEqual([112, 31, 24, 21, 20])
    expect([sizes.length, sizes.filter((size) => size <= 3).length]).toEqual([788, 692])
    expect(contacts.filter((contact) => contact.company === null).length).toBe(249)
  })

  test('names are of several scripts', () => {
    const scripts = ['Latin', 'Cyrillic', 'Greek', 'Han', 'Hangul', 'Arabic', 'Hebrew']
    const totals = scripts.map((script) => {
      const pattern = new RegExp(`\\p{Script=${script}}`, 'u')
      return [script, contacts.filter(({ first, last }) => pattern.test(`${first?.text} ${last?.text}`)).length]
    })
    expect(Object.fromEntries(totals)).toEqual({
      Latin: 1682,
      Cyrillic: 78,
      Greek: 41,
      Han: 125,
      Hangul: 31,
      Arabic: 21,
      Hebrew: 31,
    })
  })

  test('some opted in and much is unknown', () => {
    const opted = (['emailOptIn', 'smsOptIn', 'callOptIn'] as const).map(
      (key) => contacts.filter((contact) => contact[key]).length,
    )
    expect(opted).toEqual([891, 279, 442])
    const keys = ['first', 'middle', 'last', 'jobTitle', 'department', 'owner', 'birthDate', 'notes'] as const
    const missing = keys.map((key) => [key, contacts.filter((contact) => contact[key] === null).length])
    expect(Object.fromEntries(missing)).toEqual({
      first: 48,
      middle: 1797,
      last: 33,
      jobTitle: 342,
      department: 827,
      owner: 188,
      birthDate: 1641,
      notes: 1855,
    })
  })
})

test('contact info: about two and a half rows a record', () => {
  const rows = [
    ...companies.flatMap((company) => infoOfCompany(random, company)),
    ...contacts.flatMap((contact) => infoOfContact(random, contact)),
  ]
  expect(counts(rows.map((row) => row.table))).toEqual({
    email_addresses: 4259,
    phone_numbers: 3091,
    addresses: 1849,
    social_media_accounts: 978,
  })
  expect(rows.length / 4000).toBe(2.54425)
  expect(rows.filter((row) => row.values['opted_out_at']).length).toBe(187)
})

test('rows come over three years, more of them lately', () => {
  expect(counts(companies.map((company) => company.createdAt.getUTCFullYear()))).toEqual({
    '2023': 13,
    '2024': 328,
    '2025': 807,
    '2026': 852,
  })
})

test('the first rows', () => {
  expect(companies.slice(0, 3).map(({ id, name, domain }) => [id, name, domain])).toEqual([
    ['0199f163-616c-74d5-b3c7-e343e5be1b94', 'Wolff Data', 'wolffdata.com'],
    ['0194bc0c-dc99-720d-8609-6b280beac4e2', 'Wuckert Freight Partners', 'wuckert-freight.co.uk'],
    ['01965d44-b090-77f8-bf40-47c45ef5b73e', 'Wilczek Systemy S.A.', 'wilczeksystemy.pl'],
  ])
  expect(contacts.slice(0, 3).map(({ id, first, last }) => [id, first?.text, last?.text])).toEqual([
    ['0198d250-c218-7051-9b3e-8c17679f40ac', 'Ilene', 'Christiansen'],
    ['01954c40-f4ce-745f-8386-d9cb7f523bcb', 'Jamison', 'Dietrich'],
    ['01922510-794c-7426-9acb-7e503095bed7', 'Heaven', 'Ward'],
  ])
})
