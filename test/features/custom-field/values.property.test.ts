import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc, { type Arbitrary } from 'fast-check'
import { testSeed } from '../../setup/test-run.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { createField } from './support/fields.js'

const SEED = testSeed()
const RUNS = 20

/** A value that is given, and what must come of it: the plain value and its column as text, or the rule that refuses it. */
interface Case {
  readonly input: object
  readonly accepted?: { readonly plain: unknown; readonly stored: string } | null
  readonly refused?: RegExp
  /** in which part of the value */
  readonly part?: readonly string[]
}

/** A definition with values that are held against it. */
interface Given {
  readonly more: object
  readonly cases: readonly Case[]
}

let desk: Desk
let opened: Awaited<ReturnType<typeof openTenant>>
let fields = 0

beforeAll(async () => {
  desk = await openDesk()
  opened = await openTenant(desk)
})

afterAll(() => desk.close())

const several = (one: Arbitrary<Case>) => fc.array(one, { minLength: 1, maxLength: 4 })
const maybe = <Value>(value: Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 3 })
const accepted = (plain: unknown, stored = String(plain)) => ({ plain, stored })

// Each with an expression of JavaScript that means the same.
const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ['[A-Z]+', /^[A-Z]+$/],
  ['.*x.*', /^.*x.*$/],
  ['\\pL{1,5}', /^\p{L}{1,5}$/u],
]
const anyWords = fc
  .array(fc.constantFrom('a', 'B', 'x', 'É', 'e\u0301', '😀', ' ', '1', '-'), { maxLength: 12 })
  .map((parts) => parts.join(''))

function textGiven(longest: number): Arbitrary<Given> {
  const limits = fc.record({ a: fc.nat(4), b: fc.integer({ min: 5, max: 9 }), hasMin: fc.boolean(), hasMax: fc.boolean(), pattern: maybe(fc.constantFrom(...PATTERNS)) })
  return limits.chain(({ a, b, hasMin, hasMax, pattern }) => {
    const constraints = {
      ...(hasMin ? { minLength: a } : {}),
      maxLength: hasMax ? b : Math.min(longest, 4000),
      ...(pattern ? { pattern: pattern[0] } : {}),
    }
    const expected = (text: string): Case => {
      const normal = text.trim().normalize('NFC')
      const length = [...normal].length
      if (normal === '') return { input: { text }, accepted: null }
      if (length > constraints.maxLength) return { input: { text }, refused: /^The text has \d+ characters; at most \d+ are allowed\.$/ }
      if (hasMin && length < a) return { input: { text }, refused: /^The text has \d+ characters; at least \d+ are needed\.$/ }
      if (pattern && !pattern[1].test(normal)) return { input: { text }, refused: /doesn't match the pattern/ }
      return { input: { text }, accepted: accepted(normal) }
    }
    return several(anyWords.map(expected)).map((cases) => ({ more: { constraints }, cases }))
  })
} // prettier-ignore

function ordered<Value>(a: Value, b: Value, compare: (x: Value, y: Value) => number): [Value, Value] {
  return compare(a, b) <= 0 ? [a, b] : [b, a]
}
const anyWhole = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.maxSafeInteger())
const numbers: Arbitrary<Given> = fc.tuple(anyWhole, anyWhole).chain(([a, b]) => {
  const [min, max] = ordered(a, b, (x, y) => x - y)
  const one = fc.oneof(anyWhole, fc.constantFrom(min, max, min - 1, max + 1, 0.5, 2 ** 53)).map((number): Case => {
    if (!Number.isSafeInteger(number)) return { input: { number }, refused: /^The number must be a whole number from / }
    if (number < min) return { input: { number }, refused: /^The number must be at least / }
    if (number > max) return { input: { number }, refused: /^The number must be at most / }
    return { input: { number }, accepted: accepted(number + 0) }
  })
  return several(one).map((cases) => ({ more: { constraints: { min: String(min), max: String(max) } }, cases }))
}) // prettier-ignore

const anyDigits = fc.tuple(
  fc.constantFrom('', '-'),
  fc.stringMatching(/^[0-9]{1,28}$/),
  maybe(fc.stringMatching(/^[0-9]{1,10}$/)),
)
/** A decimal number as PostgreSQL writes it without zeros at its end. */
function plainDecimal(sign: string, whole: string, decimals = ''): string {
  const digits = decimals.replace(/0+$/, '')
  const magnitude = `${whole.replace(/^0+(?=[0-9])/, '')}${digits === '' ? '' : `.${digits}`}`
  return /[1-9]/.test(magnitude) ? `${sign}${magnitude}` : '0'
}
const decimals: Arbitrary<Given> = several(
  anyDigits.map(([sign, whole, rest]): Case => {
    const decimal = `${sign}${whole}${rest === undefined ? '' : `.${rest}`}`
    return { input: { decimal }, accepted: accepted(plainDecimal(sign, whole, rest)) }
  }),
).map((cases) => ({ more: {}, cases }))

const anyDay = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const days: Arbitrary<Given> = fc.tuple(anyDay, anyDay).chain(([a, b]) => {
  const [min, max] = ordered(a, b, (x, y) => (x < y ? -1 : 1))
  const one = fc.oneof(anyDay, fc.constantFrom(min, max, '2023-02-29', '1900-02-29', '2000-02-29')).map((date): Case => {
    if (['2023-02-29', '1900-02-29'].includes(date)) return { input: { date }, refused: /is not a day of the calendar/ }
    if (date < min) return { input: { date }, refused: /^The day must not be before / }
    if (date > max) return { input: { date }, refused: /^The day must not be after / }
    return { input: { date }, accepted: accepted(date) }
  })
  return several(one).map((cases) => ({ more: { constraints: { min, max } }, cases }))
}) // prettier-ignore

// Moments around changes of the clock in New York, and anywhere.
const anyMoment = fc.oneof(
  fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
  fc
    .constantFrom('2026-03-08T06:59:59.999Z', '2026-03-08T07:00:00.000Z', '2026-11-01T05:30:00.000Z')
    .map((text) => new Date(text)),
)
const moments: Arbitrary<Given> = several(
  fc.tuple(anyMoment, fc.constantFrom(0, 330, -570)).map(([moment, offset]): Case => {
    const local = new Date(moment.getTime() + offset * 60_000).toISOString()
    const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) => String(part).padStart(2, '0'))
    const dateTime = offset === 0 ? local : local.replace('Z', `${offset < 0 ? '-' : '+'}${hours}:${minutes}`)
    return { input: { dateTime }, accepted: accepted(moment.toISOString(), String(moment.getTime())) }
  }),
).map((cases) => ({ more: {}, cases })) // prettier-ignore

const LABELS = ['a', 'b b', 'Ç', '😀', '"quoted"', 'back\\slash', '{x,y}', 'NULL', '__proto__', 'constructor']
const chosen = fc.subarray(LABELS, { minLength: 2 })
const optionsOf = (labels: readonly string[]) => ({ options: labels.map((label) => ({ label })) })
const single: Arbitrary<Given> = chosen.chain((labels) =>
  several(
    fc.constantFrom(...LABELS).map((option): Case =>
      labels.includes(option) ? { input: { option }, accepted: accepted(option) } : { input: { option }, refused: /is none of the options\.$/ },
    ),
  ).map((cases) => ({ more: optionsOf(labels), cases })),
) // prettier-ignore
const multiple: Arbitrary<Given> = chosen.chain((labels) =>
  several(
    fc.shuffledSubarray(LABELS).map((options): Case => {
      const wanted = labels.filter((label) => options.includes(label))
      if (options.some((option) => !labels.includes(option))) return { input: { options }, refused: /is none of the options\.$/ }
      return { input: { options }, accepted: wanted.length === 0 ? null : accepted(wanted, JSON.stringify(wanted)) }
    }),
  ).map((cases) => ({ more: optionsOf(labels), cases })),
) // prettier-ignore

const CURRENCIES = ['EUR', 'USD', 'JPY']
const money: Arbitrary<Given> = fc.record({ scale: fc.nat(4), currencies: fc.subarray(CURRENCIES) }).chain(({ scale, currencies }) =>
  several(
    fc.tuple(fc.nat(999_999), fc.nat(6), maybe(fc.constantFrom(...CURRENCIES))).map(([units, places, code]): Case => {
      const amount = places === 0 ? String(units) : `${units}.${'7'.repeat(places)}`
      const input = { currency: { amount, ...(code ? { code } : {}) } }
      if (places > scale) return { input, refused: /digits after the point; at most \d are allowed\.$/, part: ['amount'] }
      const used = code ?? (currencies.length === 1 ? currencies[0] : 'USD')
      if (currencies.length > 0 && !currencies.includes(used ?? '')) return { input, refused: /^The currency must be one of /, part: ['code'] }
      const padded = scale === 0 ? amount : `${units}.${'7'.repeat(places).padEnd(scale, '0')}`
      return { input, accepted: accepted({ amount: padded, code: used }, padded) }
    }),
  ).map((cases) => ({ more: { constraints: { scale, currencies } }, cases })),
) // prettier-ignore

const fixed = (cases: readonly Case[]): Arbitrary<Given> =>
  fc.subarray([...cases], { minLength: 1 }).map((some) => ({ more: {}, cases: some }))
const GIVEN: readonly (readonly [string, Arbitrary<Given>])[] = [
  ['TEXT', textGiven(255)],
  ['TEXTAREA', textGiven(65_536)],
  ['NUMBER', numbers],
  ['DECIMAL', decimals],
  ['DATE', days],
  ['DATETIME', moments],
  ['BOOLEAN', fixed([{ input: { boolean: true }, accepted: accepted(true) }, { input: { boolean: false }, accepted: accepted(false) }])],
  ['DROPDOWN', single],
  ['RADIO', single],
  ['CHECKBOX', multiple],
  ['URL', fixed([
    { input: { url: 'HTTP://Example.com' }, accepted: accepted('http://example.com') },
    { input: { url: 'münchen.de/ä' }, accepted: accepted('https://xn--mnchen-3ya.de/%C3%A4') },
    { input: { url: 'ftp://example.com' }, refused: /must begin with https/ },
    { input: { url: 'https://u:p@example.com' }, refused: /user name or a password/ },
  ])],
  ['EMAIL', fixed([
    { input: { email: 'Ann@EXAMPLE.com' }, accepted: accepted('Ann@example.com') },
    { input: { email: 'ann@münchen.de' }, accepted: accepted('ann@xn--mnchen-3ya.de') },
    { input: { email: 'ann@' }, refused: /after the @ it needs a domain/ },
    { input: { email: 'a b@example.com' }, refused: /is not an e-mail address/ },
  ])],
  ['PHONE', fixed([
    { input: { phone: '+49 (0)30 12345678' }, accepted: accepted('+493012345678') },
    { input: { phone: '212-555-0123' }, accepted: accepted('+12125550123') },
    { input: { phone: '911' }, refused: /./ },
    { input: { phone: 'call me' }, refused: /./ },
  ])],
  ['CURRENCY', money],
] // prettier-ignore

describe(`values of custom fields, seed ${SEED}`, () => {
  test.each(GIVEN)('%s: accepted ones come back equal, refused ones name their rule', async (type, given) => {
    const { admin, tenant } = opened
    await fc.assert(
      fc.asyncProperty(given, async ({ more, cases }) => {
        const key = `f${(fields += 1)}`
        const { id } = await createField(desk, admin, { key, type, ...more })
        for (const { input, accepted: wanted, refused, part = [] } of cases) {
          const payload = await desk.mutate(
            admin,
            'createContact',
            { firstName: 'C', customFields: [{ key, ...input }] },
            `contact { id customField(key: "${key}") { value } }`,
          )
          if (refused) {
            expect(payload).toEqual({
              contact: null,
              userErrors: [
                {
                  ...{ code: 'BAD_USER_INPUT', message: expect.stringMatching(refused), conflictingId: null, currentVersion: null },
                  field: ['customFields', '0', Object.keys(input)[0], ...part],
                },
              ],
            })
            continue
          }
          const { contact, userErrors } = payload
          expect([userErrors, contact.customField]).toEqual([[], wanted ? { value: wanted.plain } : null])
          const rows = await desk.sql(
            `select coalesce(text_value, number_value::text, boolean_value::text, date_value::text,
                (extract(epoch from datetime_value) * 1000)::bigint::text, array_to_json(option_values)::text) as stored
              from custom_field_values where tenant_id = $1 and definition_id = $2 and entity_id = $3`,
            [tenant.settings.id, id, contact.id],
          )
          expect(rows).toEqual(wanted ? [{ stored: wanted.stored }] : [])
        }
        // The limit of fields in use is not what is tested.
        await desk.mutate(admin, 'archiveCustomFieldDefinition', { id })
      }),
      { seed: SEED, numRuns: RUNS },
    )
  }, 180_000) // prettier-ignore
})
