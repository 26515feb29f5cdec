import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, plain, userError, type Desk } from '../../support/desk.js'
import { createField, plainValues, VALUES } from './support/fields.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const OPTIONS = [
  { value: 'a', label: 'Aa' },
  { value: 'b', label: 'Bb' },
  { value: 'c', label: 'Cc' },
]
const option = (index: number) => ({ ...OPTIONS[index], isArchived: false })

/** Each type with a value as it is given, what the typed fields answer, and the plain value. */
const TYPES: [string, object, object, string, object, unknown][] = [
  ['TEXT', {}, { text: '  Café ' }, 'CustomTextValue', { text: 'Café' }, 'Café'],
  ['TEXTAREA', {}, { text: 'a\r\nb' }, 'CustomTextValue', { text: 'a\nb' }, 'a\nb'],
  ['NUMBER', {}, { number: 9007199254740991 }, 'CustomNumberValue', { number: 9007199254740991 }, 9007199254740991],
  ['DECIMAL', {}, { decimal: '-0012.340' }, 'CustomDecimalValue', { decimal: '-12.34' }, '-12.34'],
  ['DATE', {}, { date: '0001-01-01' }, 'CustomDateValue', { date: '0001-01-01' }, '0001-01-01'],
  ['DATETIME', {}, { dateTime: '2024-02-29T12:00:00.123+01:00' }, 'CustomDateTimeValue', { dateTime: '2024-02-29T11:00:00.123Z' }, '2024-02-29T11:00:00.123Z'],
  ['BOOLEAN', {}, { boolean: false }, 'CustomBooleanValue', { boolean: false }, false],
  ['DROPDOWN', { options: OPTIONS }, { option: 'b' }, 'CustomOptionValue', { option: option(1) }, 'b'],
  ['RADIO', { options: OPTIONS }, { option: 'a' }, 'CustomOptionValue', { option: option(0) }, 'a'],
  ['CHECKBOX', { options: OPTIONS }, { options: ['c', 'a', 'c'] }, 'CustomOptionsValue', { options: [option(0), option(2)] }, ['a', 'c']],
  ['URL', {}, { url: 'Example.com/A b' }, 'CustomUrlValue', { url: 'https://example.com/A%20b' }, 'https://example.com/A%20b'],
  ['EMAIL', {}, { email: 'José@MÜLLER.de' }, 'CustomEmailValue', { email: 'José@xn--mller-kva.de' }, 'José@xn--mller-kva.de'],
  ['PHONE', {}, { phone: '(212) 555-0123' }, 'CustomPhoneValue', { phone: '+12125550123' }, '+12125550123'],
  ['CURRENCY', {}, { currency: { amount: '12.5' } }, 'CustomCurrencyValue', { amount: '12.50', currency: 'USD' }, { amount: '12.50', code: 'USD' }],
] // prettier-ignore

const keyOf = (type: string) => type.toLowerCase()

/** A tenant with a field of each type for an entity type. */
async function openFields(entityType = 'CONTACT') {
  const { tenant, admin } = await openTenant(desk)
  for (const [type, more] of TYPES) await createField(desk, admin, { key: keyOf(type), type, entityType, ...more })
  return { tenant, admin }
}

describe.each([
  ['contact', 'CONTACT', 'Contact', { firstName: 'Ada' }],
  ['company', 'COMPANY', 'Company', { name: 'Acme' }],
])('the values of a %s', (record, entityType, name, input) => {
  test('are stored, come back typed and plain, by the list and by key, are changed and cleared', async () => {
    const { tenant, admin } = await openFields(entityType)
    const customFields = TYPES.map(([type, , value]) => ({ key: keyOf(type), ...value })).reverse()
    const created = await desk.mutate(admin, `create${name}`, { ...input, customFields }, `${record} { id version ${VALUES} }`)
    const expected = TYPES.map(([type, , , __typename, typed, value]) => ({ __typename, key: keyOf(type), value, ...typed }))
    const { id } = created[record]
    expect(created).toEqual({ [record]: { id, version: 1, customFields: expected }, userErrors: [] })

    const aliases = TYPES.map(([type]) => `${keyOf(type)}: customField(key: "${keyOf(type)}") { key value definition { type } }`)
    const byKey = await desk.ask(admin, `query ($id: ID!) { ${record}(id: $id) { ${aliases.join(' ')} none: customField(key: "none") { key } } }`, { id })
    const found = TYPES.map(([type, , , , , value]) => [keyOf(type), { key: keyOf(type), value, definition: { type } }] as const)
    expect(byKey).toEqual({ [record]: { ...Object.fromEntries(found), none: null } })

    const update = (fields: object[], more = {}) =>
      desk.mutate(admin, `update${name}`, { id, customFields: fields, ...more }, `${record} { version } isChanged`)
    // The same values again, otherwise written, are no change.
    expect(await update(customFields, { version: 1 })).toEqual({ [record]: { version: 1 }, isChanged: false, userErrors: [] })
    expect(await update([{ key: 'number', number: 0 }, { key: 'decimal', decimal: null }])).toEqual({ [record]: { version: 2 }, isChanged: true, userErrors: [] })
    const { version, values } = await plainValues(desk, admin, id, record)
    const { decimal: _, ...rest } = Object.fromEntries(TYPES.map(([type, , , , , value]) => [keyOf(type), value])) as Record<string, unknown>
    expect([version, values]).toEqual([2, { ...rest, number: 0 }])
    const conflict = userError('CONFLICT', ['version'], `The ${record} changed since it was read.`, { currentVersion: 2 })
    expect(await update([{ key: 'number', number: 1 }], { version: 1 })).toEqual({ [record]: null, isChanged: false, userErrors: [conflict] })
    expect(await update(TYPES.map(([type, , value]) => ({ key: keyOf(type), [Object.keys(value)[0] as string]: null })))).toMatchObject({ isChanged: true, userErrors: [] })
    expect(await plainValues(desk, admin, id, record)).toEqual({ version: 3, values: {} })
    expect(await valueRows(tenant)).toEqual([])
  })
}) // prettier-ignore

describe('what is refused', () => {
  const long = (count: number) => 'a'.repeat(count)
  test.each<[string, object, object[], [(string | number)[], string, string?][]]>([
    ['a key that nobody defined', {}, [{ key: 'none', text: 'x' }], [[[0, 'key'], 'There is no custom field “none” of a contact.', 'NOT_FOUND']]],
    ['__proto__', {}, [{ key: '__proto__', text: 'x' }], [[[0, 'key'], 'There is no custom field “__proto__” of a contact.', 'NOT_FOUND']]],
    ['a key with NUL', {}, [{ key: 'a\0', text: 'x' }], [[[0, 'key'], 'There is no custom field “a\0” of a contact.', 'NOT_FOUND']]],
    ['a key twice', {}, [{ key: 'f', text: 'x' }, { key: 'f', text: 'y' }], [[[1, 'key'], 'The input has “f” twice.']]],
    ['no value', {}, [{ key: 'f' }], [[[0], 'Give a value: “f” takes `text`.']]],
    ['two values', {}, [{ key: 'f', text: 'x', number: 1 }], [[[0, 'number'], 'Give one value alone.']]],
    ['null for another type', {}, [{ key: 'f', number: null }], [[[0, 'number'], '“f” is a field of type TEXT: give `text`.']]],
    ['two lines', {}, [{ key: 'f', text: 'a\nb' }], [[[0, 'text'], 'The text holds a line break (U+000A), which a single line may not have, at position 2.']]],
    ['256 characters', {}, [{ key: 'f', text: long(256) }], [[[0, 'text'], 'The text has 256 characters; at most 255 are allowed.']]],
    ['a text with NUL', {}, [{ key: 'f', text: 'a\0' }], [[[0, 'text'], 'The text holds the control character U+0000 at position 2.']]],
    ['a text that is too short', { constraints: { minLength: 3 } }, [{ key: 'f', text: 'ab' }], [[[0, 'text'], 'The text has 2 characters; at least 3 are needed.']]],
    ['a text beside the pattern', { constraints: { pattern: '[A-Z]+' } }, [{ key: 'f', text: 'ABc' }], [[[0, 'text'], '“ABc” doesn\'t match the pattern [A-Z]+.']]],
    ['a fraction', { type: 'NUMBER' }, [{ key: 'f', number: 1.5 }], [[[0, 'number'], 'The number must be a whole number from -9,007,199,254,740,991 to 9,007,199,254,740,991; it is 1.5.']]],
    ['9007199254740993', { type: 'NUMBER' }, [{ key: 'f', number: 9007199254740992 }], [[[0, 'number'], 'The number must be a whole number from -9,007,199,254,740,991 to 9,007,199,254,740,991; it is 9007199254740992.']]],
    ['a number below the least', { type: 'NUMBER', constraints: { min: '-5' } }, [{ key: 'f', number: -6 }], [[[0, 'number'], 'The number must be at least -5.']]],
    ['39 digits', { type: 'DECIMAL' }, [{ key: 'f', decimal: '1'.repeat(29) }], [[[0, 'decimal'], 'The number has 29 digits before the point; at most 28 are allowed.']]],
    ['too many decimals', { type: 'DECIMAL', constraints: { scale: 2 } }, [{ key: 'f', decimal: '1.234' }], [[[0, 'decimal'], 'The number has 3 digits after the point; at most 2 are allowed.']]],
    ['no day', { type: 'DATE' }, [{ key: 'f', date: '2023-02-29' }], [[[0, 'date'], '“2023-02-29” is not a day of the calendar in the years 0001 to 9999.']]],
    ['a day in the future', { type: 'DATE', constraints: { maxDaysFromToday: 0 } }, [{ key: 'f', date: '9999-12-31' }], [[[0, 'date'], expect.stringMatching(/^Today the day must not be after 20\d\d-\d\d-\d\d\.$/) as never]]],
    ['a moment too early', { type: 'DATETIME', constraints: { min: '2024-01-01T00:00:00Z' } }, [{ key: 'f', dateTime: '2023-12-31T23:59:59.999Z' }], [[[0, 'dateTime'], 'The moment must not be before 2024-01-01T00:00:00.000Z.']]],
    ['no option', { type: 'RADIO', options: OPTIONS }, [{ key: 'f', option: 'A' }], [[[0, 'option'], '“A” is none of the options.']]],
    ['an archived option', { type: 'CHECKBOX', options: [...OPTIONS, { value: 'd', label: 'Dd', isArchived: true }] }, [{ key: 'f', options: ['a', 'd'] }], [[[0, 'options'], 'The option “d” is archived.']]],
    ['no URL', { type: 'URL' }, [{ key: 'f', url: 'javascript:alert(1)' }], [[[0, 'url'], '“javascript:alert(1)” is not a web address: it must begin with https:// or http://.']]],
    ['no e-mail address', { type: 'EMAIL' }, [{ key: 'f', email: 'x' }], [[[0, 'email'], '“x” is not an e-mail address: it has no @.']]],
    ['an extension', { type: 'PHONE' }, [{ key: 'f', phone: '212 555 0123 x4' }], [[[0, 'phone'], "The number has an extension, which the field doesn't keep."]]],
    ['another currency', { type: 'CURRENCY', constraints: { currencies: ['EUR', 'CHF'] } }, [{ key: 'f', currency: { amount: '1' } }], [[[0, 'currency', 'code'], 'The currency must be one of EUR, CHF; it is USD.']]],
    ['several at once', { type: 'NUMBER' }, [{ key: 'f', number: 0.5 }, { key: 'g', text: 'x' }], [[[0, 'number'], 'The number must be a whole number from -9,007,199,254,740,991 to 9,007,199,254,740,991; it is 0.5.'], [[1, 'key'], 'There is no custom field “g” of a contact.', 'NOT_FOUND']]],
  ])('%s, with nothing written', async (_, more, customFields, problems) => {
    const { tenant, admin } = await openTenant(desk)
    await createField(desk, admin, { key: 'f', ...more })
    await createField(desk, admin, { key: 'g', entityType: 'COMPANY' })
    const errors = problems.map(([place, message, code = 'BAD_USER_INPUT']) => userError(code, ['customFields', ...place], message))
    const refused = { contact: null, userErrors: errors }
    expect(await desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields }, 'contact { id }')).toEqual(refused)
    expect(await desk.sql('select 1 from contacts where tenant_id = $1', [tenant.settings.id])).toEqual([])
    const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada' }, 'contact { id }')
    const before = await desk.rowsOf(tenant)
    const input = { id: contact.id, firstName: 'Eve', customFields }
    expect(await desk.mutate(admin, 'updateContact', input, 'contact { id }')).toEqual(refused)
    expect([await desk.rowsOf(tenant), await valueRows(tenant)]).toEqual([before, []])
  }) // prettier-ignore

  test('is said beside what is wrong with columns and contact info, all at once', async () => {
    const { admin } = await openTenant(desk)
    await createField(desk, admin, { key: 'f', isRequired: true })
    const input = { lastName: 'a\nb', emailAddresses: [{ email: 'x' }], customFields: [{ key: 'g', text: 'x' }] }
    const { userErrors } = await desk.mutate(admin, 'createContact', input)
    expect(userErrors.map(({ code, field }: Record<string, unknown>) => `${String(code)} ${(field as string[]).join('.')}`)).toEqual([
      'BAD_USER_INPUT lastName', 'BAD_USER_INPUT emailAddresses.0.email', 'NOT_FOUND customFields.0.key', 'BAD_USER_INPUT customFields',
    ]) // prettier-ignore
  })

  test('a pattern that others take years for is answered at once', async () => {
    const { admin } = await openTenant(desk)
    await createField(desk, admin, { key: 'f', type: 'TEXTAREA', constraints: { pattern: '^(a+)+$', maxLength: 4000 } })
    const give = (text: string) =>
      desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields: [{ key: 'f', text }] })
    const refused = (await give(`${long(3999)}b`)).userErrors
    expect(refused).toEqual([
      userError('BAD_USER_INPUT', ['customFields', 0, 'text'], `“${long(60)}…” doesn't match the pattern ^(a+)+$.`),
    ])
    expect((await give(long(4000))).userErrors).toEqual([])
  })
})

describe('required fields, defaults and archived fields', () => {
  test('a new record needs a value or has the default; others keep what they lack, and lose nothing', async () => {
    const { admin } = await openTenant(desk)
    const before = (await desk.mutate(admin, 'createContact', { firstName: 'Old' }, 'contact { id }'))['contact'].id
    await createField(desk, admin, { key: 'must', isRequired: true })
    await createField(desk, admin, { key: 'stage', type: 'RADIO', options: OPTIONS, isRequired: true, defaultValue: { option: 'b' } })
    await createField(desk, admin, { key: 'score', type: 'NUMBER', defaultValue: { number: 7 } })
    const create = (customFields?: object[]) => desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields }, 'contact { id }')
    const missing = userError('BAD_USER_INPUT', ['customFields'], '“must” is required.')
    expect(await create()).toEqual({ contact: null, userErrors: [missing] })
    const empty = userError('BAD_USER_INPUT', ['customFields', 0, 'text'], '“must” is required.')
    expect(await create([{ key: 'must', text: ' ' }])).toEqual({ contact: null, userErrors: [empty] })
    const { contact } = await create([{ key: 'must', text: 'x' }, { key: 'score', number: null }])
    expect(await plainValues(desk, admin, contact.id)).toEqual({ version: 1, values: { must: 'x', stage: 'b' } })
    const { contact: other } = await create([{ key: 'must', text: 'y' }, { key: 'stage', option: 'c' }])
    expect(await plainValues(desk, admin, other.id)).toEqual({ version: 1, values: { must: 'y', stage: 'c', score: 7 } })
    const update = (id: string, customFields: object[]) => desk.mutate(admin, 'updateContact', { id, lastName: 'New', customFields }, 'contact { version }')
    expect(await update(contact.id, [{ key: 'must', text: null }])).toEqual({ contact: null, userErrors: [empty] })
    expect(await update(before, [{ key: 'score', number: 1 }])).toEqual({ contact: { version: 2 }, userErrors: [] })
  })

  test('values of an archived field are hidden and kept, and its key is free for another', async () => {
    const { admin } = await openTenant(desk)
    const { id } = await createField(desk, admin, { key: 'f', isRequired: true })
    const create = (customFields?: object[]) => desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields }, 'contact { id }')
    const { contact } = await create([{ key: 'f', text: 'kept' }])
    await desk.mutate(admin, 'archiveCustomFieldDefinition', { id })
    const values = async () => (await plainValues(desk, admin, contact.id)).values
    expect(await values()).toEqual({})
    const archived = userError('BAD_USER_INPUT', ['customFields', 0, 'key'], 'The field “f” is archived.')
    expect(await create([{ key: 'f', text: 'x' }])).toEqual({ contact: null, userErrors: [archived] })
    expect((await create()).userErrors).toEqual([])
    const other = await createField(desk, admin, { key: 'f', type: 'NUMBER' })
    expect((await desk.mutate(admin, 'updateContact', { id: contact.id, customFields: [{ key: 'f', number: 1 }] })).userErrors).toEqual([])
    expect(await values()).toEqual({ f: 1 })
    const query = 'query ($id: ID!) { contact(id: $id) { customField(key: "f") { value } } }'
    expect(await desk.ask(admin, query, { id: contact.id })).toEqual({ contact: { customField: { value: 1 } } })
    const remove = (confirmedValues?: number) => desk.mutate(admin, 'deleteCustomFieldDefinition', { id: other.id, confirmedValues }, 'deletedId')
    const unconfirmed = userError('BAD_USER_INPUT', ['confirmedValues'], '1 value goes with the field: confirm it with `confirmedValues: 1`.')
    expect([await remove(), await remove(2)]).toEqual(Array(2).fill({ deletedId: null, userErrors: [unconfirmed] }))
    expect(await remove(1)).toEqual({ deletedId: other.id, userErrors: [] })
    await desk.mutate(admin, 'restoreCustomFieldDefinition', { id })
    expect(await values()).toEqual({ f: 'kept' })
  })

  test('a record keeps an archived option, also when it is given again', async () => {
    const { admin } = await openTenant(desk)
    const field = await createField(desk, admin, { key: 'f', type: 'CHECKBOX', options: OPTIONS })
    const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields: [{ key: 'f', options: ['a', 'b'] }] }, 'contact { id }')
    const options = (...archived: string[]) => OPTIONS.map((one) => ({ ...one, isArchived: archived.includes(one.value) }))
    const change = (input: object) => desk.mutate(admin, 'updateCustomFieldDefinition', { id: field.id, ...input })
    expect((await change({ options: options('b') })).userErrors).toEqual([])
    const give = (values: string[]) => desk.mutate(admin, 'updateContact', { id: contact.id, customFields: [{ key: 'f', options: values }] })
    expect((await give(['c', 'b'])).userErrors).toEqual([])
    expect((await plainValues(desk, admin, contact.id)).values).toEqual({ f: ['b', 'c'] })
    const [, b, c] = options()
    const used = userError('BAD_USER_INPUT', ['options'], '1 record has the option “b”: archive it, or merge it into another.')
    expect((await change({ options: [c] })).userErrors).toEqual([used])
    expect((await change({ options: [b, { ...c, label: 'Renamed' }] })).userErrors).toEqual([])
    expect((await plainValues(desk, admin, contact.id)).values).toEqual({ f: ['b', 'c'] })
  })
}) // prettier-ignore

function valueRows({ settings }: { settings: { id: string } }) {
  return desk.sql('select to_jsonb(v) from custom_field_values v where tenant_id = $1', [settings.id])
}

test('a page has all values of its records for two statements more, and one where the fields are known', async () => {
  const { admin } = await openFields()
  const customFields = TYPES.map(([type, , value]) => ({ key: keyOf(type), ...value }))
  for (let index = 0; index < 3; index++) await desk.mutate(admin, 'createContact', { firstName: `C${index}`, customFields })
  const labels = async (selection: string) => {
    const ran = await desk.api.statements(() => desk.ask(admin, `{ contacts { nodes { firstName ${selection} } } }`))
    return ran.map(({ label }) => label)
  }
  await createField(desk, admin, { key: 'new' })
  expect(await labels(VALUES)).toEqual(['list.contacts', 'findContactsByIds', 'findDefinitionsInUse', 'findValuesByOwners.contacts'])
  const aliases = TYPES.map(([type]) => `${keyOf(type)}: customField(key: "${keyOf(type)}") { value }`).join(' ')
  await createField(desk, admin, { key: 'newer' })
  expect(await labels(aliases)).toEqual(['list.contacts', 'findContactsByIds', 'findDefinitionsInUse', 'findValuesByOwnersAndKeys.contacts'])
}) // prettier-ignore

test('a field is usable in the same request that makes it', async () => {
  const { admin } = await openTenant(desk)
  const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada' }, 'contact { id }')
  const { data } = await desk.api.run(
    admin,
    `mutation ($id: ID!) {
      before: updateContact(input: { id: $id }) { contact { customFields { key } } }
      createCustomFieldDefinition(input: { entityType: CONTACT, key: "f", label: "F", type: TEXT }) { userErrors { code } }
      updateContact(input: { id: $id, customFields: [{ key: "f", text: "x" }] }) { contact { customFields { key value } } }
    }`,
    { id: contact.id },
  )
  expect(plain(data)).toEqual({
    before: { contact: { customFields: [] } },
    createCustomFieldDefinition: { userErrors: [] },
    updateContact: { contact: { customFields: [{ key: 'f', value: 'x' }] } },
  })
})

test('a new record asks once a second whether its type has fields that it needs, and at once when one changed', async () => {
  const { admin } = await openTenant(desk)
  const create = () => desk.mutate(admin, 'createContact', { firstName: 'Ada' })
  await create()
  const { dueFields } = desk.api.registry
  const asked = async () => (await desk.api.statements(create)).map(({ label }) => label)
  const watched = dueFields.watch(admin.tenant.id, 'CONTACT')
  watched(true)
  expect(await asked()).toEqual(['insertRows.contacts', 'refreshSearchRows'])
  await createField(desk, admin, { key: 'f', defaultValue: { text: 'x' } })
  expect(await asked()).toEqual([
    'findDefinitionsForWrite',
    'insertRows.contacts',
    'writeCustomFieldValues',
    'refreshSearchRows',
  ])
})
