import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, plain, refusedErrors, userError, type Desk } from '../../support/desk.js'
import { createField, plainValues } from './support/fields.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const FAMILY = '👩‍👩‍👧'
const DIGITS = '9'.repeat(28)
const OPTIONS = { options: [{ label: 'a' }] }

type Value = string | number
interface Kept {
  readonly name: string
  /** as it is given, another that must be told from it, and as both come back */
  readonly given: Value
  readonly other: Value
  readonly stored?: Value
}

/** Values at the edges of their types, each beside its nearest neighbour. */
const KEPT: readonly (readonly [string, string, object, Kept])[] = [
  ['the first day', 'DATE', {}, { name: 'date', given: '0001-01-01', other: '0001-01-02' }],
  ['the last day', 'DATE', {}, { name: 'date', given: '9999-12-31', other: '9999-12-30' }],
  ['a leap day of a century', 'DATE', {}, { name: 'date', given: '2000-02-29', other: '2000-03-01' }],
  ['the first moment', 'DATETIME', {}, { name: 'dateTime', given: '0001-01-01T00:00:00.000Z', other: '0001-01-01T00:00:00.001Z' }],
  ['the last moment', 'DATETIME', {}, { name: 'dateTime', given: '9999-12-31T23:59:59.999Z', other: '9999-12-31T23:59:59.998Z' }],
  ['the second 02:30 of a night with two', 'DATETIME', {}, { name: 'dateTime', given: '2026-11-01T01:30:00-05:00', stored: '2026-11-01T06:30:00.000Z', other: '2026-11-01T01:30:00-04:00' }],
  ['a leap day', 'DATETIME', {}, { name: 'dateTime', given: '2024-02-29T23:30:00-05:00', stored: '2024-03-01T04:30:00.000Z', other: '2024-02-29T23:30:00Z' }],
  ['the greatest number that JSON keeps', 'NUMBER', {}, { name: 'number', given: 9007199254740991, other: 9007199254740990 }],
  ['9007199254740993', 'DECIMAL', {}, { name: 'decimal', given: '9007199254740993', other: '9007199254740992' }],
  ['38 digits', 'DECIMAL', {}, { name: 'decimal', given: `${DIGITS}.9999999999`, other: `${DIGITS}.9999999998` }],
  ['38 digits below zero', 'DECIMAL', { precision: 38, scale: 30 }, { name: 'decimal', given: `-99999999.${'9'.repeat(30)}`, other: `-99999999.${'9'.repeat(29)}8` }],
  ['38 digits before the point', 'DECIMAL', { precision: 38, scale: 0 }, { name: 'decimal', given: '1'.repeat(38), other: `${'1'.repeat(37)}2` }],
  ['an emoji of five characters', 'TEXT', { maxLength: 5, minLength: 5 }, { name: 'text', given: FAMILY, other: '👩‍👩‍👦' }],
  ['a pattern of two emoji', 'TEXT', { pattern: '..' }, { name: 'text', given: '😀😁', other: '😀😂' }],
  ['a combining accent', 'TEXT', { maxLength: 1 }, { name: 'text', given: 'e\u0301', stored: 'é', other: 'o\u0301' }],
  ['an accent that no letter has', 'TEXT', { maxLength: 2 }, { name: 'text', given: 'q\u0301', other: 'q\u0302' }],
] // prettier-ignore

test.each(KEPT)('%s is kept as it is, and told from its neighbour', async (_, type, constraints, kept) => {
  const { admin } = await openTenant(desk)
  const { name, given, other, stored = given } = kept
  await createField(desk, admin, { key: 'f', type, constraints })
  const create = async (firstName: string, value: Value) => {
    const input = { firstName, customFields: [{ key: 'f', [name]: value }] }
    const { contact, userErrors } = await desk.mutate(admin, 'createContact', input, 'contact { id }')
    expect(userErrors).toEqual([])
    return contact.id as string
  }
  const [id] = [await create('Given', given), await create('Other', other)]
  expect((await plainValues(desk, admin, id)).values).toEqual({ f: stored })
  const query = `query ($filter: ContactFilter) { contacts(filter: $filter, orderBy: [{ field: FIRST_NAME }]) { nodes { firstName } } }`
  const found = async (condition: object): Promise<string[]> => {
    const { contacts } = await desk.ask(admin, query, { filter: { customFields: [{ key: 'f', [name]: condition }] } })
    return contacts.nodes.map(({ firstName }: { firstName: string }) => firstName)
  }
  const isText = name === 'text'
  // Texts are compared without accents unless said, and an emoji is no accent.
  expect(await found({ eq: given, ...(isText && { caseSensitive: true }) })).toEqual(['Given'])
  expect(await found({ in: [given, other] })).toEqual(['Given', 'Other'])
  if (isText) return
  const { contacts } = await desk.ask(admin, '{ contacts(orderBy: [{ customField: "f" }]) { nodes { firstName } } }')
  const isFirst = (await found({ lt: other })).includes('Given')
  const order = contacts.nodes.map(({ firstName }: { firstName: string }) => firstName)
  expect(order).toEqual(isFirst ? ['Given', 'Other'] : ['Other', 'Given'])
  expect(await found(isFirst ? { gt: given } : { lt: given })).toEqual(['Other'])
})

const NO_DAY = (day: string) => `“${day}” is not a day of the calendar in the years 0001 to 9999.`
const OUT_OF_RANGE = (moment: string) => `“${moment}” is out of range: the year must be 0001 to 9999 in UTC.`
const REFUSED: readonly (readonly [string, string, object, object, string])[] = [
  ['the year 0', 'DATE', {}, { date: '0000-12-31' }, NO_DAY('0000-12-31')],
  ['the year 10000', 'DATE', {}, { date: '10000-01-01' }, '“10000-01-01” is not a date: write it YYYY-MM-DD, as 2024-02-29.'],
  ['a leap day of a year without', 'DATE', {}, { date: '2100-02-29' }, NO_DAY('2100-02-29')],
  ['a leap day at a time, of a year without', 'DATETIME', {}, { dateTime: '2023-02-29T00:00:00Z' }, NO_DAY('2023-02-29')],
  ['a moment before the first', 'DATETIME', {}, { dateTime: '0001-01-01T00:00:00+00:01' }, OUT_OF_RANGE('0001-01-01T00:00:00+00:01')],
  ['a moment behind the last', 'DATETIME', {}, { dateTime: '9999-12-31T23:59:59-00:01' }, OUT_OF_RANGE('9999-12-31T23:59:59-00:01')],
  ['a leap second', 'DATETIME', {}, { dateTime: '2016-12-31T23:59:60Z' }, "“2016-12-31T23:59:60Z” is a leap second, which can't be stored: use second 59."],
  ['39 digits', 'DECIMAL', { precision: 38, scale: 0 }, { decimal: '1'.repeat(39) }, 'The number has 39 digits before the point; at most 38 are allowed.'],
  ['an emoji more than there is place for', 'TEXT', { maxLength: 2 }, { text: '😀😀😀' }, 'The text has 3 characters; at most 2 are allowed.'],
  ['an emoji in four parts of a pattern', 'TEXT', { pattern: '.{4}' }, { text: '😀😀' }, "“😀😀” doesn't match the pattern .{4}."],
] // prettier-ignore

test.each(REFUSED)('%s is refused, and nothing is written', async (_, type, constraints, value, message) => {
  const { tenant, admin } = await openTenant(desk)
  await createField(desk, admin, { key: 'f', type, constraints })
  const before = await desk.rowsOf(tenant)
  const input = { firstName: 'Ada', customFields: [{ key: 'f', ...value }] }
  const errors = [userError('BAD_USER_INPUT', ['customFields', 0, Object.keys(value)[0] as string], message)]
  expect(await desk.mutate(admin, 'createContact', input, 'contact { id }')).toEqual({
    contact: null,
    userErrors: errors,
  })
  expect(await desk.rowsOf(tenant)).toEqual(before)
})

test('9007199254740993 as a literal is refused, rather than kept as its neighbour', async () => {
  const { tenant, admin } = await openTenant(desk)
  await createField(desk, admin, { key: 'f', type: 'NUMBER' })
  const query =
    'mutation { createContact(input: { firstName: "A", customFields: [{ key: "f", number: 9007199254740993 }] }) { contact { id } userErrors { field } } }'
  const { data } = await desk.api.run(admin, query)
  expect(plain(data)).toEqual({
    createContact: { contact: null, userErrors: [{ field: ['customFields', '0', 'number'] }] },
  })
  expect(await desk.sql('select 1 from contacts where tenant_id = $1', [tenant.settings.id])).toEqual([])
})

test('one text with its accents composed or not is one unique value', async () => {
  const { admin } = await openTenant(desk)
  await createField(desk, admin, { key: 'f', isUnique: true })
  const create = async (text: string) => {
    const input = { firstName: 'A', customFields: [{ key: 'f', text }] }
    const { userErrors } = await desk.mutate(admin, 'createContact', input)
    return userErrors.map(({ code, field }) => [code, field])
  }
  expect(await create('Zoe\u0308')).toEqual([])
  expect(await create('Zoë')).toEqual([['ALREADY_EXISTS', ['customFields', '0', 'text']]])
  expect(await create('Zoe')).toEqual([])
})

// In New York the 8th of March 2026 has 23 hours, the 1st of November 25.
describe.each([
  ['a day of 23 hours', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
  ['a day of 25 hours', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
])('%s', (_, day, first, next) => {
  const before = (moment: string): string => new Date(Date.parse(moment) - 1).toISOString()
  const [yesterday, last] = [before(first), before(next)]

  test('begins and ends by the clocks of the tenant, in filters and in constraints', async () => {
    const { admin } = await openTenant(desk, { timeZone: 'America/New_York' })
    await createField(desk, admin, { key: 'at', type: 'DATETIME' })
    const days = { minDaysFromToday: 0, maxDaysFromToday: 0 }
    await createField(desk, admin, { key: 'today', type: 'DATETIME', constraints: days })
    for (const [index, dateTime] of [yesterday, first, last, next].entries()) {
      const input = { firstName: `C${index}`, customFields: [{ key: 'at', dateTime }] }
      expect((await desk.mutate(admin, 'createContact', input)).userErrors).toEqual([])
    }
    const query = `{ contacts(filter: { customFields: [{ key: "at", dateTime: { relative: { from: 0, to: 0 } } }] }, orderBy: [{ customField: "at" }]) { nodes { firstName } } }`
    for (const now of [first, last]) {
      const { data } = await desk.api.run(admin, query, {}, new Date(now))
      expect(plain(data)).toEqual({ contacts: { nodes: [{ firstName: 'C1' }, { firstName: 'C2' }] } })
      const give = async (dateTime: string) => {
        const input = { firstName: 'D', customFields: [{ key: 'today', dateTime }] }
        const { userErrors } = await desk.mutate(admin, 'createContact', input, '', new Date(now))
        return userErrors.map(({ message }) => message)
      }
      expect(await Promise.all([yesterday, first, last, next].map(give))).toEqual([
        [`Today the day must not be before ${day}.`],
        [],
        [],
        [`Today the day must not be after ${day}.`],
      ])
    }
  })
})

/** What every object of JavaScript has. */
const NAMES = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty']

describe.each(NAMES)('%s', (name) => {
  const none = (concept: string) => `There is no custom field “${name}” of ${concept}.`

  test('is no field: not in inputs, filters, orders and answers, nor a key for one', async () => {
    const { tenant, admin } = await openTenant(desk)
    await createField(desk, admin, { key: 'f', type: 'RADIO', ...OPTIONS })
    const made = await desk.mutate(admin, 'createCustomFieldDefinition', { entityType: 'CONTACT', key: name, label: 'F', type: 'TEXT' })
    expect(made.userErrors.map(({ code, field }) => [code, field])).toEqual([['BAD_USER_INPUT', ['key']]])
    const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada' }, 'contact { id }')
    const before = await desk.rowsOf(tenant)
    const refused = [userError('NOT_FOUND', ['customFields', 0, 'key'], `There is no custom field “${name}” of a contact.`)]
    const customFields = [{ key: name, text: 'x' }]
    expect((await desk.mutate(admin, 'createContact', { firstName: 'B', customFields })).userErrors).toEqual(refused)
    expect((await desk.mutate(admin, 'updateContact', { id: contact.id, customFields })).userErrors).toEqual(refused)
    const option = userError('BAD_USER_INPUT', ['customFields', 0, 'option'], `“${name}” is none of the options.`)
    const chosen = { id: contact.id, customFields: [{ key: 'f', option: name }] }
    expect((await desk.mutate(admin, 'updateContact', chosen)).userErrors).toEqual([option])
    expect(await desk.rowsOf(tenant)).toEqual(before)
    const query = 'query ($key: String!) { contacts { nodes { customField(key: $key) { value } } } }'
    expect(await desk.ask(admin, query, { key: name })).toEqual({ contacts: { nodes: [{ customField: null }] } })
    // The fields are known from here on.
    await desk.ask(admin, '{ contacts(orderBy: [{ customField: "f" }]) { totalCount } }')
    for (const [args, place, message] of [
      [`filter: { customFields: [{ key: "${name}", isNull: true }] }`, 'filter.customFields.0.key', none('Contact')],
      [`filter: { customFields: [{ key: "f", option: { eq: "${name}" } }] }`, 'filter.customFields.0.option.eq', `“${name}” is none of the options of “f”.`],
      [`orderBy: [{ customField: "${name}" }]`, 'orderBy.0.customField', none('Contact')],
      [`orderBy: [{ companyCustomField: "${name}" }]`, 'orderBy.0.companyCustomField', none('Company')],
    ] as const) {
      const errors = await refusedErrors(desk, admin, `{ contacts(${args}) { nodes { id } } }`)
      expect(errors).toEqual([expect.objectContaining({ message, extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', field: `contacts.${place}` }) })])
    }
  }) // prettier-ignore
})

/** Each type of field with what its values are called. */
const TYPES = [
  ['TEXT', 'text', 'x'], ['TEXTAREA', 'text', 'x'], ['NUMBER', 'number', 1], ['DECIMAL', 'decimal', '1'], ['DATE', 'date', '2024-02-29'],
  ['DATETIME', 'dateTime', '2024-02-29T00:00:00Z'], ['BOOLEAN', 'boolean', true], ['DROPDOWN', 'option', 'a'], ['RADIO', 'option', 'a'],
  ['CHECKBOX', 'options', ['a']], ['URL', 'url', 'https://example.com'], ['EMAIL', 'email', 'a@example.com'],
  ['PHONE', 'phone', '212 555 0123'], ['CURRENCY', 'currency', { amount: '1' }],
] as const // prettier-ignore

test('a value of any other type is refused by every type, all at once', async () => {
  const { tenant, admin } = await openTenant(desk)
  for (const [type] of TYPES) {
    const more = ['DROPDOWN', 'RADIO', 'CHECKBOX'].includes(type) ? OPTIONS : {}
    await createField(desk, admin, { key: type.toLowerCase(), type, ...more })
  }
  const values = new Map<string, unknown>(TYPES.map(([, name, value]) => [name, value]))
  const before = await desk.rowsOf(tenant)
  for (const [name, value] of values) {
    const others = TYPES.filter(([, own]) => own !== name)
    const customFields = others.map(([type]) => ({ key: type.toLowerCase(), [name]: value }))
    const { userErrors } = await desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields })
    expect(userErrors).toEqual(
      others.map(([type, own], index) =>
        userError('BAD_USER_INPUT', ['customFields', index, name], `“${type.toLowerCase()}” is a field of type ${type}: give \`${own}\`.`),
      ),
    )
  }
  expect(await desk.rowsOf(tenant)).toEqual(before)
}) // prettier-ignore
