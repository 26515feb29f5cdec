import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc, { type Arbitrary } from 'fast-check'
import { CUSTOM_FIELD_TYPES, CUSTOM_VALUE_NAMES, type CustomFieldType } from '../../../src/concepts/custom-fields.js'
import { testSeed } from '../../setup/test-run.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { changeField, definitionRow, undoChange, valueRows } from './support/change.js'
import { createField } from './support/fields.js'

const SEED = testSeed()
const RECORDS = 200
const OPTIONS = ['true', '12', 'Gold', '2024-02-29', 'a@example.com', '+12125550123', '5.50 EUR', 'no'].map((value) => ({ value, label: `Label of ${value}` })) // prettier-ignore
const SHARED = OPTIONS.map(({ value }) => value)

// Texts that other types can read, and such that they can't.
const written = fc.oneof(
  fc.constantFrom(...SHARED, 'gold', 'LABEL OF GOLD', 'Gold, 12', '1', '0', 'YES', '-3.0', '007', '1e5', '2023-02-29', '0001-01-01', '2024-02-29T12:30:00+01:00', '7 usd', 'https://example.com/a', 'café', '9007199254740993'),
  fc.integer().map(String),
  fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcxyz0123456789.-') }).filter((text) => text.trim() !== ''),
) // prettier-ignore
const day = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
const VALUES: Readonly<Record<CustomFieldType, Arbitrary<unknown>>> = {
  TEXT: written,
  TEXTAREA: fc.oneof(written, fc.tuple(written, written).map((lines) => lines.join('\n'))),
  NUMBER: fc.oneof(fc.constantFrom(0, 1, 12, 2024), fc.maxSafeInteger()),
  DECIMAL: fc.oneof(fc.constantFrom('0', '1', '12', '5.5', '-0.25'), fc.bigInt({ min: -(10n ** 30n), max: 10n ** 27n }).map((value) => `${value / 1000n}.${String(value < 0n ? -value : value).slice(-3).padStart(3, '0')}`)),
  DATE: fc.oneof(fc.constant('2024-02-29'), day.map((date) => date.toISOString().slice(0, 10))),
  DATETIME: fc.oneof(fc.constantFrom('2024-02-29T05:00:00.000Z', '2026-03-08T07:00:00Z', '2026-11-01T05:30:00Z'), day.map((date) => date.toISOString())),
  BOOLEAN: fc.boolean(),
  DROPDOWN: fc.constantFrom(...SHARED),
  RADIO: fc.constantFrom(...SHARED),
  CHECKBOX: fc.subarray(SHARED, { minLength: 1 }),
  URL: fc.constantFrom('https://example.com', 'http://a.example.org/x?y=1', 'https://example.com/%C3%A9'),
  EMAIL: fc.constantFrom('a@example.com', 'Bob@sub.example.org', 'x.y@xn--mller-kva.de'),
  PHONE: fc.constantFrom('+12125550123', '+493012345678', '+81312345678'),
  CURRENCY: fc.record({ amount: fc.constantFrom('5.50', '12.00', '-3.00', '0.01'), code: fc.constantFrom('EUR', 'USD') }),
} // prettier-ignore
const HAS_OPTIONS = new Set<CustomFieldType>(['DROPDOWN', 'RADIO', 'CHECKBOX'])

/** What a type may be narrowed to. */
const CONSTRAINTS: Readonly<Partial<Record<CustomFieldType, readonly object[]>>> = {
  TEXT: [{ maxLength: 3 }, { pattern: '[0-9.]+' }, { minLength: 4 }],
  TEXTAREA: [{ maxLength: 5 }],
  NUMBER: [{ min: '0' }, { max: '12' }],
  DECIMAL: [{ scale: 1 }, { precision: 5, scale: 2, max: '10' }],
  DATE: [{ min: '2000-01-01' }, { maxDaysFromToday: 0 }],
  DATETIME: [{ min: '2024-01-01T00:00:00Z' }],
  URL: [{ pattern: 'https://.*' }],
  EMAIL: [{ pattern: '.*example.*' }],
  CURRENCY: [{ currencies: ['EUR'] }, { scale: 1 }],
}

let desk: Desk
beforeAll(async () => {
  desk = await openDesk(undefined, { customFieldLimit: 1000 })
})
afterAll(() => desk.close())

// Fields of every type with some 200 random values each, on deleted records too.
async function open() {
  const { admin } = await openTenant(desk, {
    timeZone: 'America/New_York',
    defaultCurrency: 'USD',
    defaultCountry: 'US',
  })
  const fields = new Map<CustomFieldType, string>()
  for (const type of CUSTOM_FIELD_TYPES) {
    const more = HAS_OPTIONS.has(type) ? { options: OPTIONS } : {}
    fields.set(type, (await createField(desk, admin, { key: type.toLowerCase(), type, ...more })).id)
  }
  const rows = fc.sample(fc.record(VALUES), { seed: SEED, numRuns: RECORDS })
  for (const [index, row] of rows.entries()) {
    const customFields = CUSTOM_FIELD_TYPES.map((type) => ({
      key: type.toLowerCase(),
      [CUSTOM_VALUE_NAMES[type]]: row[type],
    }))
    const input = { firstName: `C${index}`, customFields }
    const { contact, userErrors } = await desk.mutate(admin, 'createContact', input, 'contact { id }')
    expect(userErrors).toEqual([])
    if (index % 20 === 0) await desk.mutate(admin, 'deleteContact', { id: contact.id, version: 1 }, 'contact { id }')
  }
  return { admin, fields }
}

test(`every type changes into every other as planned, and back exactly (KITH_TEST_SEED=${SEED})`, async () => {
  const { admin, fields } = await open()
  const targets = fc.sample(fc.tuple(fc.nat(), fc.boolean(), fc.subarray(OPTIONS, { minLength: 1 }), fc.boolean()), {
    seed: SEED,
    numRuns: CUSTOM_FIELD_TYPES.length ** 2,
  })
  const seen = { CONVERTS: 0, NEEDS_MAPPING: 0, FAILS: 0 }
  for (const [pair, [pick, isNarrow, options, isMapped]] of targets.entries()) {
    const from = CUSTOM_FIELD_TYPES[Math.floor(pair / CUSTOM_FIELD_TYPES.length)] as CustomFieldType
    const to = CUSTOM_FIELD_TYPES[pair % CUSTOM_FIELD_TYPES.length] as CustomFieldType
    const id = fields.get(from) as string
    const narrow = CONSTRAINTS[to] ?? []
    const more = {
      ...(isNarrow && narrow.length > 0 ? { constraints: narrow[pick % narrow.length] } : {}),
      ...(HAS_OPTIONS.has(to) ? { options } : {}),
      ...(HAS_OPTIONS.has(to) && isMapped ? { mapping: [{ from: '1', to: options[0]?.value }, { from: 'Bob@sub.example.org', to: options[0]?.label }] } : {}),
    } // prettier-ignore
    const before = { rows: await valueRows(desk, id), definition: await definitionRow(desk, id) }
    const { plan, field } = await changeField(desk, admin, { id, type: to, ...more })
    const said = `${from} to ${to} ${JSON.stringify(more)}`
    const counts = { total: plan.total, converted: plan.converts, failed: plan.needsMapping + plan.fails }
    expect([said, field.type, field.key, field.change]).toEqual([
      said,
      to,
      from.toLowerCase(),
      { ...counts, state: 'DONE', finishedAt: expect.any(String), replaced: { id, archivedAt: expect.any(String), expiresAt: expect.any(String) } },
    ]) // prettier-ignore
    const after = await valueRows(desk, field.id)
    expect([said, plan.total, after.length]).toEqual([said, before.rows.length, plan.converts])
    // What was there is there, and what applying did is what the examples said.
    expect(await valueRows(desk, id)).toEqual(before.rows)
    for (const { recordId, outcome } of plan.examples) {
      const has = after.some(({ entity_id }) => entity_id === recordId)
      expect([said, recordId, has]).toEqual([said, recordId, outcome === 'CONVERTS'])
    }
    seen.CONVERTS += plan.converts
    seen.NEEDS_MAPPING += plan.needsMapping
    seen.FAILS += plan.fails
    const undone = await undoChange(desk, admin, { id: field.id })
    expect([said, undone.userErrors, undone['customFieldDefinition'].id]).toEqual([said, [], id])
    expect([said, await valueRows(desk, id), await definitionRow(desk, id)]).toEqual([
      said,
      before.rows,
      before.definition,
    ])
  }
  // The values say something of each outcome.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(1000)
}, 600_000)
