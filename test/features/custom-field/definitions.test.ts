import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import { createField, FIELD, listFields } from './support/fields.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk(undefined, { customFieldLimit: 3 })
})

afterAll(() => desk.close())

const NOW = new Date('2026-05-01T10:00:00.000Z')

describe('createCustomFieldDefinition', () => {
  test('makes a field with all that can be said of it, and gives it back', async () => {
    const { admin } = await openTenant(desk)
    const input = {
      ...{ entityType: 'CONTACT', key: 'tier', label: ' Tier ', description: 'How\r\nloyal', type: 'DROPDOWN' },
      ...{ group: 'Sales', isRequired: true, defaultValue: { option: 'gold' } },
      options: [
        { value: 'gold', label: 'Gold' },
        { label: 'Silver' },
        { value: 'old', label: 'Old', isArchived: true },
      ],
    }
    const payload = await desk.mutate(
      admin,
      'createCustomFieldDefinition',
      input,
      `customFieldDefinition { ${FIELD} }`,
      NOW,
    )
    const moment = NOW.toISOString()
    const created = {
      ...{ id: expect.any(String), entityType: 'CONTACT', key: 'tier', label: 'Tier', description: 'How\nloyal' },
      ...{ type: 'DROPDOWN', group: 'Sales', position: 1, isRequired: true, isUnique: false },
      constraints: {
        ...{ minLength: null, maxLength: null, pattern: null, min: null, max: null, minDaysFromToday: null },
        ...{ maxDaysFromToday: null, precision: null, scale: null, currencies: [] },
      },
      options: [
        { value: 'gold', label: 'Gold', isArchived: false },
        { value: 'Silver', label: 'Silver', isArchived: false },
        { value: 'old', label: 'Old', isArchived: true },
      ],
      ...{ defaultValue: 'gold', archivedAt: null, version: 1, createdAt: moment, updatedAt: moment },
    }
    expect(payload).toEqual({ customFieldDefinition: created, userErrors: [] })
    expect(await listFields(desk, admin)).toEqual([payload['customFieldDefinition']])
    expect(await listFields(desk, admin, 'COMPANY')).toEqual([])
    const { id } = payload['customFieldDefinition']
    const one = await desk.ask(admin, `query ($id: ID!) { customFieldDefinition(id: $id) { ${FIELD} } }`, { id })
    expect(one).toEqual({ customFieldDefinition: payload['customFieldDefinition'] })
  })

  test.each([
    ['TEXT', { minLength: 2, maxLength: 20, pattern: '[A-Z]+' }, {}],
    ['TEXTAREA', { minLength: 0, maxLength: 65_536 }, {}],
    ['NUMBER', { min: '-9007199254740991', max: '007' }, { max: '7' }],
    ['DECIMAL', { min: '-1.50', max: '1e0'.replace('e0', ''), precision: 38, scale: 30 }, { min: '-1.5' }],
    ['DATE', { min: '0001-01-01', max: '9999-12-31', minDaysFromToday: -36_500, maxDaysFromToday: 0 }, {}],
    ['DATETIME', { min: '2024-02-29T12:00:00+01:00' }, { min: '2024-02-29T11:00:00.000Z' }],
    ['URL', { pattern: 'https://example\\.com/.*' }, {}],
    ['EMAIL', { pattern: '.*@example\\.com' }, {}],
    [
      'CURRENCY',
      { min: '0', max: '1000000', precision: 9, scale: 0, currencies: ['eur', 'USD', 'EUR'] },
      { currencies: ['EUR', 'USD'] },
    ],
  ])('takes the constraints of %s', async (type, constraints, stored) => {
    const { admin } = await openTenant(desk)
    const { constraints: found } = await createField(desk, admin, { key: 'field', type, constraints })
    expect(found).toEqual({ ...EMPTY, ...constraints, ...stored })
  })

  const EMPTY = {
    ...{ minLength: null, maxLength: null, pattern: null, min: null, max: null, minDaysFromToday: null },
    ...{ maxDaysFromToday: null, precision: null, scale: null, currencies: [] },
  }
  const NOT_RE2 = (pattern: string, reason: string) => `“${pattern}” is not a pattern of RE2: ${reason}.`
  const KEY = 'A key is a small letter of a to z, then small letters, digits and _, 63 characters in all at most.'

  test.each<[string, object, [(string | number)[], string][]]>([
    ['a key in capitals', { key: 'Tier' }, [[['key'], KEY]]],
    ['a key of 64 characters', { key: 'a'.repeat(64) }, [[['key'], KEY]]],
    ['__proto__', { key: '__proto__' }, [[['key'], 'The key “__proto__” is reserved.']]],
    ['constructor', { key: 'constructor' }, [[['key'], 'The key “constructor” is reserved.']]],
    ['toString', { key: 'toString' }, [[['key'], 'The key “toString” is reserved.']]],
    ['id', { key: 'id' }, [[['key'], 'The key “id” is reserved.']]],
    ['an empty label', { label: ' ' }, [[['label'], 'The label is empty.']]],
    ['a label with NUL', { label: 'a\0' }, [[['label'], 'The label holds the control character U+0000 at position 2.']]],
    [
      'half of a surrogate pair',
      { label: '\ud800' },
      [[['label'], 'The label holds half of a surrogate pair (U+D800), which is no character, at position 1.']],
    ],
    ['a minimum above the maximum', { type: 'NUMBER', constraints: { min: '2', max: '1' } }, [[['constraints', 'min'], 'The least must not be above the most.']]],
    ['days above days', { type: 'DATE', constraints: { minDaysFromToday: 1, maxDaysFromToday: 0 } }, [[['constraints', 'minDaysFromToday'], 'The first day must not be after the last.']]],
    ['dates above dates', { type: 'DATE', constraints: { min: '2024-01-02', max: '2024-01-01' } }, [[['constraints', 'min'], 'The least must not be above the most.']]],
    ['lengths above lengths', { constraints: { minLength: 3, maxLength: 2 } }, [[['constraints', 'minLength'], 'The least length must not be above the greatest.']]],
    ['a length beyond the type', { constraints: { maxLength: 256 } }, [[['constraints', 'maxLength'], 'The number must be a whole number from 1 to 255; it is 256.']]],
    ['a limit that is no number', { type: 'NUMBER', constraints: { min: '1.5' } }, [[['constraints', 'min'], 'The number has 1 digits after the point; at most 0 are allowed.']]],
    ['a scale above the precision', { type: 'DECIMAL', constraints: { precision: 2, scale: 3 } }, [[['constraints', 'scale'], 'There must not be more digits after the point than in all.']]],
    ['a precision of 39', { type: 'DECIMAL', constraints: { precision: 39 } }, [[['constraints', 'precision'], 'The number must be a whole number from 1 to 38; it is 39.']]],
    ['no currency', { type: 'CURRENCY', constraints: { currencies: ['XXY'] } }, [[['constraints', 'currencies'], '“XXY” is not a currency code of ISO 4217 with three letters, such as EUR or USD.']]],
    ['look-ahead', { constraints: { pattern: '(?=a)' } }, [[['constraints', 'pattern'], NOT_RE2('(?=a)', 'invalid or unsupported Perl syntax: `(?=`')]]],
    ['a back-reference', { constraints: { pattern: '(a)\\1' } }, [[['constraints', 'pattern'], NOT_RE2('(a)\\1', 'invalid escape sequence: `\\1`')]]],
    ['a pattern of 201 characters', { constraints: { pattern: 'a'.repeat(201) } }, [[['constraints', 'pattern'], 'The pattern has 201 characters; at most 200 are allowed.']]],
    ['a pattern for long texts', { type: 'TEXTAREA', constraints: { pattern: 'a', maxLength: 4001 } }, [[['constraints', 'pattern'], 'A pattern needs a `maxLength` of 4,000 at most.']]],
    ['what the type lacks', { type: 'BOOLEAN', constraints: { min: '1', pattern: 'a' } }, [[['constraints', 'pattern'], 'Fields of type BOOLEAN have no `pattern`.'], [['constraints', 'min'], 'Fields of type BOOLEAN have no `min`.']]],
    ['a unique BOOLEAN', { type: 'BOOLEAN', isUnique: true }, [[['isUnique'], "Fields of type BOOLEAN can't be unique."]]],
    ['a unique field with a default', { isUnique: true, defaultValue: { text: 'x' } }, [[['defaultValue'], 'A unique field has no default: the second record would be refused.']]],
    ['no options', { type: 'RADIO' }, [[['options'], 'A field of options needs at least one.']]],
    ['options of a text', { options: [{ label: 'a' }] }, [[['options'], 'Fields of type TEXT have no options.']]],
    ['archived options alone', { type: 'RADIO', options: [{ label: 'a', isArchived: true }] }, [[['options'], 'One of the options must not be archived.']]],
    ['A beside a', { type: 'DROPDOWN', options: [{ label: 'A' }, { label: 'a' }] }, [[['options', 1, 'label'], '“a” differs from “A” in nothing but case and accents.']]],
    ['values that differ in case', { type: 'CHECKBOX', options: [{ value: 'é', label: 'x' }, { value: 'E', label: 'y' }] }, [[['options', 1, 'value'], '“E” differs from “é” in nothing but case and accents.']]],
    ['a long label as a value', { type: 'RADIO', options: [{ label: 'a'.repeat(101) }] }, [[['options', 0, 'label'], 'The label is too long for a value: give a `value` beside it.']]],
    ['a default of another type', { defaultValue: { number: 1 } }, [[['defaultValue', 'number'], '“defaultValue” is a field of type TEXT: give `text`.']]],
    ['two defaults', { defaultValue: { text: 'a', number: 1 } }, [[['defaultValue', 'number'], 'Give one value alone.']]],
    ['no default', { defaultValue: {} }, [[['defaultValue'], 'Give a value: “defaultValue” takes `text`.']]],
    ['a default outside the limits', { type: 'NUMBER', constraints: { max: '10' }, defaultValue: { number: 11 } }, [[['defaultValue', 'number'], 'The number must be at most 10.']]],
    ['a default that is no option', { type: 'RADIO', options: [{ label: 'a' }], defaultValue: { option: 'b' } }, [[['defaultValue', 'option'], '“b” is none of the options.']]],
    ['all of it at once', { key: '1', label: '', constraints: { pattern: '[' } }, [[['key'], KEY], [['label'], 'The label is empty.'], [['constraints', 'pattern'], NOT_RE2('[', 'missing closing ]: `[`')]]],
  ])('refuses %s, and writes nothing', async (_, input, problems) => {
    const { tenant, admin } = await openTenant(desk)
    const payload = await desk.mutate(
      admin,
      'createCustomFieldDefinition',
      { entityType: 'CONTACT', key: 'field', label: 'Field', type: 'TEXT', ...input },
      'customFieldDefinition { id }',
    )
    expect(payload).toEqual({
      customFieldDefinition: null,
      userErrors: problems.map(([field, message]) => userError('BAD_USER_INPUT', field, message)),
    })
    expect(await definitionRows(tenant)).toEqual([])
  }) // prettier-ignore

  test('refuses a key that another field in use has, of the same entity type alone', async () => {
    const { admin } = await openTenant(desk)
    const { id } = await createField(desk, admin, { key: 'tier' })
    const again = await desk.mutate(admin, 'createCustomFieldDefinition', field('tier'), 'customFieldDefinition { id }')
    const taken = userError('ALREADY_EXISTS', ['key'], 'Another field in use has this key.', { conflictingId: id })
    expect(again).toEqual({ customFieldDefinition: null, userErrors: [taken] })
    await createField(desk, admin, { key: 'tier', entityType: 'COMPANY' })
  })

  test('refuses one more than the limit with the limit and the usage, also when ten come at once', async () => {
    const { admin } = await openTenant(desk)
    const create = (key: string) =>
      desk.mutate(admin, 'createCustomFieldDefinition', field(key), 'customFieldDefinition { key }')
    const payloads = await Promise.all(Array.from({ length: 10 }, (_, index) => create(`k${index}`)))
    const errors = payloads.flatMap(({ userErrors }) => userErrors)
    const message = 'There are 3 of 3 custom fields of contacts in use: archive one first.'
    expect(errors).toEqual(Array.from({ length: 7 }, () => userError('BAD_USER_INPUT', ['key'], message)))
    const fields = await listFields(desk, admin)
    expect(fields.map(({ position }) => position)).toEqual([1, 2, 3])
    // Companies have as many of their own.
    await createField(desk, admin, { key: 'tier', entityType: 'COMPANY' })
    const [{ id }] = fields as [{ id: string }]
    expect(await desk.mutate(admin, 'archiveCustomFieldDefinition', { id }, 'isChanged')).toEqual({
      isChanged: true,
      userErrors: [],
    })
    expect((await create('more')).userErrors).toEqual([])
    const restore = await desk.mutate(admin, 'restoreCustomFieldDefinition', { id }, 'customFieldDefinition { id }')
    expect(restore).toEqual({ customFieldDefinition: null, userErrors: [userError('BAD_USER_INPUT', ['id'], message)] })
  })
})

describe('updateCustomFieldDefinition', () => {
  test('changes what is given and counts the version up; a save without change is none', async () => {
    const { admin } = await openTenant(desk)
    const before = await createField(desk, admin, { key: 'note', description: 'old', constraints: { maxLength: 5 } })
    const input = {
      id: before.id,
      version: 1,
      label: 'Note',
      description: null,
      constraints: { minLength: 1 },
      defaultValue: { text: 'abcdef' },
    }
    const payload = await desk.mutate(
      admin,
      'updateCustomFieldDefinition',
      input,
      `customFieldDefinition { ${FIELD} } isChanged`,
    )
    const expected = {
      ...before,
      ...{ label: 'Note', description: null, defaultValue: 'abcdef', version: 2, updatedAt: expect.any(String) },
      constraints: { ...before.constraints, minLength: 1, maxLength: null },
    }
    expect(payload).toEqual({ customFieldDefinition: expected, isChanged: true, userErrors: [] })
    const same = await desk.mutate(
      admin,
      'updateCustomFieldDefinition',
      { ...input, version: 2 },
      'customFieldDefinition { version } isChanged',
    )
    expect(same).toEqual({ customFieldDefinition: { version: 2 }, isChanged: false, userErrors: [] })
  })

  test('refuses a default that new constraints forbid, another version, and a field that is not there', async () => {
    const { admin } = await openTenant(desk)
    const { id } = await createField(desk, admin, { key: 'note', defaultValue: { text: 'abcdef' } })
    const update = (input: object) =>
      desk.mutate(admin, 'updateCustomFieldDefinition', input, 'customFieldDefinition { id }')
    const refused = (...userErrors: object[]) => ({ customFieldDefinition: null, userErrors })
    expect(await update({ id, constraints: { maxLength: 5 } })).toEqual(
      refused(
        userError('BAD_USER_INPUT', ['defaultValue', 'text'], 'The text has 6 characters; at most 5 are allowed.'),
      ),
    )
    expect(await update({ id, version: 2, label: 'x' })).toEqual(
      refused(userError('CONFLICT', ['version'], 'The custom field changed since it was read.', { currentVersion: 1 })),
    )
    const missing = '00000000-0000-4000-8000-000000000000'
    expect(await update({ id: missing, label: 'x' })).toEqual(
      refused(userError('NOT_FOUND', ['id'], 'There is no such custom field.')),
    )
    expect((await listFields(desk, admin)).map(({ label, version }) => [label, version])).toEqual([['note', 1]])
  })
})

describe('the life of a field', () => {
  test('it is moved, archived, restored behind the others, and deleted', async () => {
    const { tenant, admin } = await openTenant(desk)
    const [a, b, c] = [await createField(desk, admin, { key: 'a' }), await createField(desk, admin, { key: 'b' }), await createField(desk, admin, { key: 'c' })]
    const order = async (includeArchived = false) =>
      (await listFields(desk, admin, 'CONTACT', includeArchived)).map(({ key, position, version }) => `${key}${position} v${version}`)
    const move = (id: string, place: number) => desk.mutate(admin, 'moveCustomFieldDefinition', { id, place }, 'customFieldDefinition { position }')
    expect(await move(c.id, 1)).toEqual({ customFieldDefinition: { position: 1 }, userErrors: [] })
    expect(await order()).toEqual(['c1 v2', 'a2 v2', 'b3 v2'])
    expect(await move(c.id, 99)).toEqual({ customFieldDefinition: { position: 3 }, userErrors: [] })
    expect(await order()).toEqual(['a1 v3', 'b2 v3', 'c3 v3'])
    expect((await move(a.id, 0)).userErrors).toEqual([userError('BAD_USER_INPUT', ['place'], 'Places are counted from 1.')])
    await desk.mutate(admin, 'archiveCustomFieldDefinition', { id: a.id, version: 3 })
    expect(await order()).toEqual(['b2 v3', 'c3 v3'])
    expect(await order(true)).toEqual(['b2 v3', 'c3 v3', 'a1 v4'])
    expect((await move(a.id, 1)).userErrors).toEqual([userError('BAD_USER_INPUT', ['id'], 'The custom field is archived: restore it first.')])
    const other = await createField(desk, admin, { key: 'a' })
    const restore = () => desk.mutate(admin, 'restoreCustomFieldDefinition', { id: a.id }, 'customFieldDefinition { position } isChanged')
    const taken = userError('ALREADY_EXISTS', ['id'], 'Another field in use has this key.', { conflictingId: other.id })
    const full = userError('BAD_USER_INPUT', ['id'], 'There are 3 of 3 custom fields of contacts in use: archive one first.')
    expect(await restore()).toEqual({ customFieldDefinition: null, isChanged: false, userErrors: [taken, full] })
    const remove = (id: string) => desk.mutate(admin, 'deleteCustomFieldDefinition', { id }, 'deletedId')
    expect(await remove(other.id)).toEqual({ deletedId: other.id, userErrors: [] })
    expect(await restore()).toEqual({ customFieldDefinition: { position: 4 }, isChanged: true, userErrors: [] })
    expect(await restore()).toEqual({ customFieldDefinition: { position: 4 }, isChanged: false, userErrors: [] })
    expect(await order(true)).toEqual(['b2 v3', 'c3 v3', 'a4 v5'])
    expect(await remove(b.id)).toEqual({ deletedId: b.id, userErrors: [] })
    expect(await remove(b.id)).toEqual({ deletedId: null, userErrors: [userError('NOT_FOUND', ['id'], 'There is no such custom field.')] })
    expect(await definitionRows(tenant)).toEqual([{ key: 'a' }, { key: 'c' }])
  })
}) // prettier-ignore

function field(key: string) {
  return { entityType: 'CONTACT', key, label: key, type: 'TEXT' }
}

function definitionRows({ settings }: { settings: { id: string } }) {
  return desk.sql('select key from custom_field_definitions where tenant_id = $1 order by key', [settings.id])
}
