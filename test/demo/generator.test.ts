import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { companyCore, demoCompany } from '../../src/demo/companies.js'
import { infoOfCompany, infoOfContact, type DemoInfo } from '../../src/demo/contact-info.js'
import { demoContact } from '../../src/demo/contacts.js'
import { createDemoRandom } from '../../src/demo/random.js'
import { SIZES } from '../../src/demo/trades.js'
import { checkCountry } from '../../src/lib/value/country.js'
import { checkCurrency } from '../../src/lib/value/currency.js'
import { checkDomain } from '../../src/lib/value/domain.js'
import { checkEmail } from '../../src/lib/value/email.js'
import { checkPhone } from '../../src/lib/value/phone.js'
import { checkSocialHandle } from '../../src/lib/value/social-handle.js'
import { checkText } from '../../src/lib/value/text.js'
import { checkUrl } from '../../src/lib/value/url.js'
import { testSeed } from '../setup/test-run.js'

const END_MS = Date.parse('2026-10-01T00:00:00.000Z')
const random = createDemoRandom('kith\ndemo', END_MS)
const COMPANIES = 20_000
const anyIndex = fc.integer({ min: 0, max: 2_000_000 })
const anyCompany = anyIndex.map((index) => demoCompany(random, index))
const anyContact = anyIndex.map((index) => demoContact(random, index, COMPANIES))
const seed = testSeed()
const RUNS = { seed, numRuns: 200 }
const NAME = { maxLength: 255 }
const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

function timeOf(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

/** Every kind has 0 to 3 rows, in positions from 1 on, one of which is the primary one; ids carry the owner's time. */
function expectWellFormed(rows: readonly DemoInfo[], owner: { id: string; createdAt: Date }): void {
  for (const table of ['email_addresses', 'phone_numbers', 'addresses', 'social_media_accounts']) {
    const ofKind = rows.filter((row) => row.table === table)
    expect(ofKind.length).toBeLessThanOrEqual(3)
    expect(ofKind.map((row) => row.position)).toEqual([1, 2, 3].slice(0, ofKind.length))
    expect(ofKind.filter((row) => row.isPrimary).length).toBe(Math.min(1, ofKind.length))
  }
  for (const row of rows) {
    expect(row.entityId).toBe(owner.id)
    expect(row.id).toMatch(V7)
    expect(timeOf(row.id)).toBe(owner.createdAt.getTime())
  }
}

/** The API takes every value, and would store what the generator stores. */
function expectAccepted({ table, values }: DemoInfo, country: string): void {
  const text = (name: string): string => String(values[name])
  if (table === 'email_addresses') {
    const expected = { email: values['email'], key: values['email'], domain: values['email_domain'] }
    expect(checkEmail(text('email'))).toEqual({ ok: true, value: expected })
  } else if (table === 'phone_numbers') {
    const expected = { number: values['number'], e164: values['number_e164'], extension: null }
    expect(checkPhone(text('number'), country)).toEqual({ ok: true, value: expected })
    // The full metadata knows which ranges are in use.
    const phone = parsePhoneNumberFromString(text('number_e164'))
    expect([phone?.isValid(), phone?.country]).toEqual([true, country])
    if (values['type'] !== 'MOBILE') expect(phone?.getType()).toMatch(/^FIXED_LINE/)
  } else if (table === 'addresses') {
    expect(values['country']).toBe(country)
    expect(checkText(text('line1'), NAME)).toEqual({ ok: true, value: values['line1'] })
    expect(values['postal_code'] ?? '').not.toMatch(/[#@]/)
    expect(values['latitude'] === null).toBe(values['longitude'] === null)
  } else {
    expect(checkSocialHandle(text('url'), values['platform'] as 'LINKEDIN')).toEqual({
      ok: true,
      value: values['handle'],
    })
    expect(checkUrl(text('url'))).toEqual({ ok: true, value: values['url'] })
  }
}

describe(`a company: KITH_TEST_SEED=${seed}`, () => {
  test('is what the API would store', () => {
    fc.assert(
      fc.property(anyCompany, (company) => {
        expect(company.id).toMatch(V7)
        expect(timeOf(company.id)).toBe(company.createdAt.getTime())
        expect(checkText(company.name, NAME)).toEqual({ ok: true, value: company.name })
        expect(company.name).toContain(company.title)
        expect(checkDomain(company.domain)).toEqual({ ok: true, value: company.domain })
        expect(company.domain.endsWith(`.${company.country.tld}`)).toBe(true)
        if (company.website !== null) expect(company.website).toBe(`https://www.${company.domain}`)
        expect(checkCountry(company.country.code)).toEqual({ ok: true, value: company.country.code })
        expect(checkCurrency(company.country.currency)).toEqual({ ok: true, value: company.country.currency })
      }),
      RUNS,
    )
  })

  test('has figures that fit each other', () => {
    fc.assert(
      fc.property(anyCompany, (company) => {
        const size = SIZES.find(({ name }) => name === company.size)
        if (size && company.employeeCount !== null) {
          expect(company.employeeCount).toBeGreaterThanOrEqual(size.min)
          expect(company.employeeCount).toBeLessThanOrEqual(size.max ?? Infinity)
        }
        if (company.annualRevenue !== null) expect(company.annualRevenue).toMatch(/^[1-9][0-9]{3,15}\.00$/)
        const currency = company.annualRevenue === null ? null : company.country.currency
        expect(company.annualRevenueCurrency).toBe(currency)
        expect(company.foundedYear ?? 1900).toBeLessThan(company.createdAt.getUTCFullYear())
        expect(company.createdAt.getTime()).toBeLessThan(END_MS)
        expect(company.updatedAt.getTime() - company.createdAt.getTime()).toBeGreaterThanOrEqual(0)
        expect(company.version === 1).toBe(company.updatedAt.getTime() === company.createdAt.getTime())
      }),
      RUNS,
    )
  })

  test('has contact info of its own domain and country', () => {
    fc.assert(
      fc.property(anyCompany, (company) => {
        const rows = infoOfCompany(random, company)
        expectWellFormed(rows, company)
        for (const row of rows) {
          expectAccepted(row, company.country.code)
          if (row.table === 'email_addresses') expect(row.values['email_domain']).toBe(company.domain)
        }
      }),
      RUNS,
    )
  })

  test('shares its domain with none of 50,000 others', () => {
    const domains = Array.from({ length: 50_000 }, (_, index) => companyCore(random, index).domain)
    expect(new Set(domains).size).toBe(50_000)
  })
})

describe(`a contact: KITH_TEST_SEED=${seed}`, () => {
  test('has a name, and mail addresses that spell it', () => {
    fc.assert(
      fc.property(anyContact, (contact) => {
        expect(contact.id).toMatch(V7)
        expect(timeOf(contact.id)).toBe(contact.createdAt.getTime())
        const names = [contact.first, contact.last].filter((name) => name !== null)
        expect(names.length).toBeGreaterThan(0)
        for (const { text } of names) expect(checkText(text, NAME)).toEqual({ ok: true, value: text })
        for (const { table, values } of infoOfContact(random, contact)) {
          if (table !== 'email_addresses') continue
          for (const { latin } of names)
            expect(String(values['email']).replaceAll('-', '')).toContain(latin.replaceAll('-', ''))
          if (values['type'] === 'WORK') expect(values['email_domain']).toBe(contact.company?.domain)
        }
      }),
      RUNS,
    )
  })

  test('has contact info that the API would store', () => {
    fc.assert(
      fc.property(anyContact, (contact) => {
        const rows = infoOfContact(random, contact)
        expectWellFormed(rows, contact)
        for (const row of rows) expectAccepted(row, contact.country.code)
        const ways = rows.map(({ values }) => values['email'] ?? values['platform'] ?? values['number_e164'])
        const given = ways.filter((way) => way !== undefined)
        expect(new Set(given).size).toBe(given.length)
      }),
      RUNS,
    )
  })

  test('shares no address with another where addresses are unique', () => {
    const emails = Array.from({ length: 20_000 }, (_, index) =>
      infoOfContact(random, demoContact(random, index, COMPANIES), true).flatMap(({ values }) => values['email'] ?? []),
    ).flat()
    expect(new Set(emails).size).toBe(emails.length)
    expect(emails.length).toBe(21_192)
  })

  test('works for the same company however many there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), (index) => {
        const companies = [501, 20_000, 1_000_000].map((count) => demoContact(random, index, count).company?.index)
        expect(new Set(companies).size).toBe(1)
      }),
      RUNS,
    )
  })
})
