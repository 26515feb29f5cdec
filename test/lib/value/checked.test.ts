import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatCount, quote, type Checked } from '../../../src/lib/value/checked.js'
import { checkCountry } from '../../../src/lib/value/country.js'
import { checkCurrency } from '../../../src/lib/value/currency.js'
import { checkDate, checkDateTime } from '../../../src/lib/value/date.js'
import { checkDecimal } from '../../../src/lib/value/decimal.js'
import { checkDomain } from '../../../src/lib/value/domain.js'
import { checkEmail } from '../../../src/lib/value/email.js'
import { checkPhone } from '../../../src/lib/value/phone.js'
import { checkSocialHandle } from '../../../src/lib/value/social-handle.js'
import { checkText } from '../../../src/lib/value/text.js'
import { checkTimeZone } from '../../../src/lib/value/time-zone.js'
import { checkUrl } from '../../../src/lib/value/url.js'

/** A failure prints the seed and the path to it. */
const RUNS = { seed: 20_261_123, numRuns: 700 }

const textOf = (checked: Checked<string | null>): Checked<string> =>
  checked.ok ? { ok: true, value: checked.value ?? '' } : checked
const map = <T>(checked: Checked<T>, pick: (value: T) => string): Checked<string> =>
  checked.ok ? { ok: true, value: pick(checked.value) } : checked

interface Subject {
  /** what is stored, as text */
  readonly check: (value: string) => Checked<string>
  readonly maxLength: number
  /** shapes that come near to what the check accepts */
  readonly near: fc.Arbitrary<string>
}

const label = fc.stringMatching(/^[a-zA-Z0-9äß山_-]{0,12}$/)
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'))
const digits = fc.oneof(
  fc.stringMatching(/^[+0-9 ().x０-９-]{0,24}$/),
  fc.stringMatching(/^(\+1 ?)?\(?202\)?[ .-]?456[ .-]?[0-9０-９]{4}( x[0-9]{1,4})?$/),
)
const platform = fc.constantFrom('https://x.com/', 'twitter.com/@', '@', '@@', '', 'https://social.example/@')

const SUBJECTS: Readonly<Record<string, Subject>> = {
  text: {
    check: (value) => textOf(checkText(value, { maxLength: 255 })),
    maxLength: 255,
    near: fc.string({ unit: 'grapheme' }),
  },
  lines: {
    check: (value) => textOf(checkText(value, { maxLength: 300, multiline: true })),
    maxLength: 300,
    near: fc.array(fc.constantFrom('a', '\r', '\n', '\t', ' ', 'e\u0301', '\u0316')).map((parts) => parts.join('')),
  },
  email: {
    check: (value) => map(checkEmail(value), ({ email }) => email),
    maxLength: 254,
    near: fc.oneof(
      fc.emailAddress(),
      fc.tuple(label, host).map(([local, domain]) => `${local}@${domain}`),
    ),
  },
  emailDomain: {
    check: (value) => map(checkEmail(value), ({ domain }) => `info@${domain}`),
    maxLength: 258,
    near: host.map((domain) => `info@${domain}`),
  },
  phone: { check: (value) => map(checkPhone(value, 'DE'), ({ number }) => number), maxLength: 64, near: digits },
  e164: { check: (value) => map(checkPhone(value, 'US'), ({ e164 }) => e164), maxLength: 16, near: digits },
  url: {
    check: checkUrl,
    maxLength: 2048,
    near: fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc
        .tuple(
          fc.constantFrom('', 'https://', 'http://', '//'),
          host,
          fc.constantFrom('', '/', '?', '#', '/a b', '?a/b', '\\'),
        )
        .map((parts) => parts.join('')),
    ),
  },
  domain: {
    check: checkDomain,
    maxLength: 253,
    near: fc.oneof(
      fc.domain(),
      fc.tuple(fc.constantFrom('', 'www.', 'www.www.', 'https://WWW.'), host).map((parts) => parts.join('')),
    ),
  },
  country: { check: checkCountry, maxLength: 2, near: fc.stringMatching(/^[a-zA-Z]{2}$/) },
  currency: { check: checkCurrency, maxLength: 3, near: fc.constantFrom(...Intl.supportedValuesOf('currency')) },
  timeZone: { check: checkTimeZone, maxLength: 64, near: fc.constantFrom(...Intl.supportedValuesOf('timeZone')) },
  decimal: {
    check: (value) => checkDecimal(value, { precision: 18, scale: 2 }),
    maxLength: 20,
    near: fc.stringMatching(/^[+-]?[0-9]{1,17}(\.[0-9]{1,3})?$/),
  },
  date: { check: checkDate, maxLength: 10, near: fc.stringMatching(/^[0-9]{4}-[01][0-9]-[0-3][0-9]$/) },
  dateTime: {
    check: (value) => checkDateTime(value),
    maxLength: 24,
    near: fc.stringMatching(
      /^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]{1,5})?(Z|[+-][0-2][0-9]:[0-5][0-9])$/,
    ),
  },
  handle: {
    check: (value) => checkSocialHandle(value, 'X'),
    maxLength: 255,
    near: fc.tuple(platform, fc.stringMatching(/^[a-z%@ /0-9F]{0,12}$/)).map((parts) => parts.join('')),
  },
  mastodon: {
    check: (value) => checkSocialHandle(value, 'MASTODON'),
    maxLength: 255,
    near: fc.tuple(platform, fc.stringMatching(/^[a-z%@ /0-9F]{0,12}$/)).map((parts) => parts.join('')),
  },
}

/** Any string at all: every code point, and every code unit, halves of pairs and NUL among them. */
const anyString = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom('\u0000', '\ud800', '\udc00', '\u202e', '\u200d', '\ufeff', 'a', '.', '@', '/', ':', '1'))
    .map((units) => units.join('')),
)

const MEGABYTES = [
  'a',
  '1',
  ' ',
  '\u0000',
  '\ud800',
  '\u0301\u0316',
  '.',
  'a.',
  '@',
  '/',
  '0',
  '+1',
  '\ufeff',
  '\u{1f600}',
  '%41',
  '\r\n',
].map((unit) => unit.repeat(Math.ceil(1_048_576 / unit.length)))

describe.each(Object.entries(SUBJECTS))('%s', (_, { check, maxLength, near }) => {
  test('never throws; what it gives is NFC, well formed, within its limit, and stays the same when checked again', () => {
    fc.assert(
      fc.property(fc.oneof(near, anyString), (value) => {
        const checked = check(value)
        if (!checked.ok) {
          expect(checked.problem).toMatch(/^[^\p{Cc}\p{Cs}]{10,300}\.$/u)
          return
        }
        const text = checked.value
        expect(text).toBe(text.normalize('NFC'))
        expect(text).not.toMatch(/[\p{Cs}\0]/u)
        expect([...text].length).toBeLessThanOrEqual(maxLength)
        if (text !== '') expect(check(text)).toEqual(checked)
      }),
      RUNS,
    )
  })

  test('takes something and refuses something', () => {
    const outcomes = new Set(fc.sample(fc.oneof(near, anyString), RUNS).map((value) => check(value).ok))
    expect(outcomes).toEqual(new Set([true, false]))
  })

  test('answers 1 MB of anything at once, with a short sentence', () => {
    const started = performance.now()
    for (const megabyte of MEGABYTES) {
      const checked = check(megabyte)
      if (!checked.ok) expect(checked.problem.length).toBeLessThanOrEqual(300)
    }
    // 0.1 s for the 16 of them on two slow cores; anything quadratic takes minutes.
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

test('an e-mail key is the same in all writings of one address', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (email) => {
      const [lower, upper] = [checkEmail(email.toLowerCase()), checkEmail(email.toUpperCase())]
      expect(lower.ok && lower.value.key).toEqual(upper.ok && upper.value.key)
    }),
    RUNS,
  )
})

test('quote shows 60 characters at most', () => {
  expect(quote('Ada')).toBe('“Ada”')
  expect(quote('x'.repeat(60))).toBe(`“${'x'.repeat(60)}”`)
  expect(quote('\u{1f600}'.repeat(60))).toBe(`“${'\u{1f600}'.repeat(60)}”`)
  expect(quote('\u{1f600}'.repeat(61))).toBe(`“${'\u{1f600}'.repeat(60)}…”`)
  expect(quote('x'.repeat(1_000_000))).toBe(`“${'x'.repeat(60)}…”`)
})

test('formatCount', () => {
  expect([0, 255, 65_536, 1_048_576].map(formatCount)).toEqual(['0', '255', '65,536', '1,048,576'])
})
