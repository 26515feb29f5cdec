import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createFieldChores } from '../../../src/features/custom-field/field-chores.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import {
  applyChange,
  changeField,
  CHANGED,
  definitionRow,
  openField,
  plainOf,
  planChange,
  undoChange,
  valueRows,
} from './support/change.js'
import { createField, listFields, VALUES } from './support/fields.js'

const options = (...values: string[]) => values.map((value) => ({ value, label: `Label ${value}` }))
const NO_FIELD = userError('NOT_FOUND', ['id'], 'There is no such custom field.')
const MOVED = 'The field or its values changed since the plan was made: plan it again.'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

describe('what values become', () => {
  const money = (amount: string, code = 'EUR') => ({ currency: { amount, code } })
  test.each<[string, string, object, object[], string, object, unknown[]]>([
    ['whole numbers out of texts', 'TEXT', {}, [{ text: '12' }, { text: '-3.0' }, { text: '1.5' }, { text: 'x' }, { text: '9007199254740993' }], 'NUMBER', {}, [12, -3, null, null, null]],
    ['decimals out of numbers and back as text', 'NUMBER', {}, [{ number: 12 }], 'DECIMAL', { constraints: { scale: 2 } }, ['12.00']],
    ['a decimal as text', 'DECIMAL', { constraints: { scale: 2 } }, [{ decimal: '12.50' }], 'TEXT', {}, ['12.5']],
    ['amounts out of texts', 'TEXT', {}, [{ text: '5 eur' }, { text: '7.25' }, { text: 'EUR 5' }], 'CURRENCY', {}, [{ amount: '5.00', code: 'EUR' }, { amount: '7.25', code: 'USD' }, null]],
    ['amounts without their currency', 'CURRENCY', {}, [money('5.50'), money('7.00', 'USD')], 'DECIMAL', {}, ['5.5', '7']],
    ['days out of moments, by the clocks of the tenant', 'DATETIME', {}, [{ dateTime: '2026-03-08T04:59:59Z' }, { dateTime: '2026-03-08T05:00:00Z' }], 'DATE', {}, ['2026-03-07', '2026-03-08']],
    ['moments out of days, by the clocks of the tenant', 'DATE', {}, [{ date: '2026-03-08' }, { date: '2026-03-09' }, { date: '0001-01-01' }, { date: '9999-12-31' }], 'DATETIME', {}, ['2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z', '0001-01-01T00:00:00.000Z', '9999-12-31T05:00:00.000Z']],
    ['yes and no out of texts', 'TEXT', {}, [{ text: 'Yes' }, { text: '0' }, { text: 'maybe' }], 'BOOLEAN', { mapping: [{ from: 'maybe', to: 'no' }] }, [true, false, false]],
    ['numbers out of yes and no', 'BOOLEAN', {}, [{ boolean: true }, { boolean: false }], 'NUMBER', {}, [1, 0]],
    ['options out of texts, by value, label or mapping', 'TEXT', {}, [{ text: 'gold' }, { text: 'LABEL SILVER' }, { text: 'Bronze' }, { text: 'tin' }], 'DROPDOWN', { options: options('gold', 'silver', 'bronze'), mapping: [{ from: 'tin', to: 'silver' }] }, ['gold', 'silver', 'bronze', 'silver']],
    ['several options out of a text', 'TEXTAREA', {}, [{ text: 'a, b' }, { text: 'b\na' }, { text: 'a;x' }], 'CHECKBOX', { options: options('a', 'b') }, [['a', 'b'], ['a', 'b'], null]],
    ['one of several options', 'CHECKBOX', { options: options('a', 'b') }, [{ options: ['b'] }, { options: ['a', 'b'] }], 'RADIO', { mapping: [{ from: 'a, b', to: 'a' }] }, ['b', 'a']],
    ['several options as a text', 'CHECKBOX', { options: options('a', 'b') }, [{ options: ['b', 'a'] }], 'TEXT', {}, ['a, b']],
    ['addresses out of texts', 'TEXT', {}, [{ text: 'Ann@EXAMPLE.com' }, { text: 'ann' }], 'EMAIL', {}, ['Ann@example.com', null]],
    ['phone numbers out of texts', 'TEXT', {}, [{ text: '(212) 555-0123' }, { text: '12' }], 'PHONE', {}, ['+12125550123', null]],
    ['web addresses out of texts', 'TEXT', {}, [{ text: 'https://example.com/a b' }, { text: 'no url' }], 'URL', {}, ['https://example.com/a%20b', null]],
    ['texts of one line out of several', 'TEXTAREA', {}, [{ text: 'one' }, { text: 'two\nlines' }, { text: 'x'.repeat(256) }], 'TEXT', {}, ['one', null, null]],
    ['fewer texts under a pattern', 'TEXT', {}, [{ text: 'ab' }, { text: 'a1' }], 'TEXT', { constraints: { pattern: '[a-z]+' } }, ['ab', null]],
  ])('%s', async (_, type, more, values, to, change, expected) => {
    const { admin, id, ids } = await openField(desk, type, values, more)
    const { plan } = await changeField(desk, admin, { id, type: to, ...change })
    expect(await plainOf(desk, admin, ids)).toEqual(expected)
    expect([plan.total, plan.converts]).toEqual([expected.length, expected.filter((value) => value !== null).length])
  }) // prettier-ignore
})

describe('planCustomFieldChange', () => {
  test('tells what would happen to each value, and writes nothing', async () => {
    const values = [{ text: 'gold' }, { text: 'tin' }, { text: 'silver' }]
    const { tenant, admin, id, ids } = await openField(desk, 'TEXT', values, { defaultValue: { text: 'none' } })
    const before = await desk.rowsOf(tenant)
    const example = (index: number, text: string, after: string | null, problem: string | null) => ({
      ...{ recordId: ids[index], before: text, after, problem },
      outcome: after === null ? 'NEEDS_MAPPING' : 'CONVERTS',
    })
    const input = { id, type: 'DROPDOWN', options: options('gold', 'silver') }
    expect(await planChange(desk, admin, input)).toEqual({
      plan: {
        ...{ total: 3, converts: 2, lossy: 0, needsMapping: 1, fails: 0, losesUnique: false, losesDefault: true },
        planHash: expect.stringMatching(/^[\w-]{43}$/),
        examples: [
          example(1, 'tin', null, '“tin” is none of the options.'),
          example(0, 'gold', 'gold', null),
          example(2, 'silver', 'silver', null),
        ],
      },
      userErrors: [],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('counts what loses a part, and says when the field is unique no more', async () => {
    const moments = [{ dateTime: '2026-03-08T05:00:00Z' }, { dateTime: '2026-03-08T05:00:00.001Z' }]
    const { admin, id } = await openField(desk, 'DATETIME', moments, { isUnique: true })
    const { plan } = await planChange(desk, admin, { id, type: 'DATE' })
    expect(plan).toMatchObject({ total: 2, converts: 2, lossy: 1, needsMapping: 0, fails: 0, losesUnique: true, losesDefault: false }) // prettier-ignore
    const { field } = await changeField(desk, admin, { id, type: 'DATE' })
    expect(field.isUnique).toBe(false)
  })

  test.each<[string, object, object[]]>([
    ['constraints of another type', { type: 'BOOLEAN', constraints: { min: '1' } }, [userError('BAD_USER_INPUT', ['constraints', 'min'], 'Fields of type BOOLEAN have no `min`.')]],
    ['no options', { type: 'RADIO' }, [userError('BAD_USER_INPUT', ['options'], 'A field of options needs at least one.')]],
    ['options of a text', { type: 'TEXT', options: options('a') }, [userError('BAD_USER_INPUT', ['options'], 'Fields of type TEXT have no options.')]],
    ['a mapping to no option', { type: 'RADIO', options: options('a'), mapping: [{ from: 'x', to: 'b' }] }, [userError('BAD_USER_INPUT', ['mapping', 0, 'to'], '“b” is none of the options.')]],
    ['two mappings of one value', { type: 'NUMBER', mapping: [{ from: 'x', to: '1' }, { from: 'x', to: '2' }] }, [userError('BAD_USER_INPUT', ['mapping', 1, 'from'], '“x” is mapped twice.')]],
  ])('refuses %s', async (_, input, userErrors) => {
    const { admin, id } = await openField(desk, 'TEXT', [])
    expect(await planChange(desk, admin, { id, ...input })).toEqual({ plan: null, userErrors })
  }) // prettier-ignore
})

describe('applyCustomFieldChange', () => {
  test.each<[string, (opened: Awaited<ReturnType<typeof openField>>) => Promise<unknown>]>([
    ['a value changed', ({ admin, ids }) => desk.mutate(admin, 'updateContact', { id: ids[0], customFields: [{ key: 'own', text: '3' }] })],
    ['a value went', ({ admin, ids }) => desk.mutate(admin, 'updateContact', { id: ids[0], customFields: [{ key: 'own', text: null }] })],
    ['a value came', ({ admin }) => desk.mutate(admin, 'createContact', { firstName: 'Bob', customFields: [{ key: 'own', text: '3' }] })],
    ['a record is gone', ({ admin, ids }) => desk.mutate(admin, 'destroyContact', { id: ids[0] })],
    ['the field changed', ({ admin, id }) => desk.mutate(admin, 'updateCustomFieldDefinition', { id, label: 'Other' })],
  ])('is CONFLICT where %s since the plan, and nothing happens', async (_, move) => {
    const opened = await openField(desk, 'TEXT', [{ text: '1' }, { text: '2' }])
    const { tenant, admin, id } = opened
    const input = { id, type: 'NUMBER' }
    const { plan } = await planChange(desk, admin, input)
    const { userErrors } = (await move(opened)) as { userErrors: unknown[] }
    expect(userErrors).toEqual([])
    const before = await desk.rowsOf(tenant)
    const { version: currentVersion } = (await listFields(desk, admin))[0] as { version?: number }
    expect(await applyChange(desk, admin, { ...input, planHash: plan.planHash })).toEqual({
      customFieldDefinition: null,
      userErrors: [userError('CONFLICT', ['planHash'], MOVED, { currentVersion })],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    // The plan of another change is none of this one.
    const other = await planChange(desk, admin, input)
    const wider = { ...input, type: 'DECIMAL', planHash: other.plan.planHash }
    expect((await applyChange(desk, admin, wider)).userErrors).toHaveLength(1)
  }) // prettier-ignore

  test('another definition takes over key, place, label and default; what stays behind is read from the archived one', async () => {
    const { admin, id, ids, field } = await openField(desk, 'TEXT', [{ text: '1' }, { text: 'two' }], { label: 'Own', description: 'd', group: 'g', isRequired: true, defaultValue: { text: '7' } }) // prettier-ignore
    await createField(desk, admin, { key: 'last' })
    const { field: after } = await changeField(desk, admin, { id, type: 'NUMBER' })
    const listed = await listFields(desk, admin)
    const taken = { id: after.id, type: 'NUMBER', version: 2, defaultValue: 7 }
    expect(listed[0]).toEqual({ ...field, ...taken, createdAt: expect.any(String), updatedAt: expect.any(String) })
    const query = `query ($id: ID!) { contact(id: $id) { ${VALUES} archivedCustomFields { key value definition { id } } } }`
    const read = await Promise.all(ids.map((contactId) => desk.ask(admin, query, { id: contactId })))
    expect(read.map(({ contact }) => contact)).toEqual([
      { customFields: [{ __typename: 'CustomNumberValue', key: 'own', value: 1, number: 1 }], archivedCustomFields: [{ key: 'own', value: '1', definition: { id } }] },
      { customFields: [], archivedCustomFields: [{ key: 'own', value: 'two', definition: { id } }] },
    ]) // prettier-ignore
    // New values, filters and orders are of the new type at once.
    await desk.mutate(admin, 'createContact', { firstName: 'Bob', customFields: [{ key: 'own', number: 5 }] })
    const list = `{ contacts(filter: { customFields: [{ key: "own", number: { gte: 1 } }] }, orderBy: [{ customField: "own", direction: DESC }]) {
      nodes { firstName } } }`
    expect(await desk.ask(admin, list)).toEqual({ contacts: { nodes: [{ firstName: 'Bob' }, { firstName: 'Ada' }] } })
  })

  test('takes an ADMIN, and the field of another tenant is none', async () => {
    const { tenant, id } = await openField(desk, 'TEXT', [{ text: '1' }])
    const manager = tenant.principal('MANAGER')
    const { admin: stranger } = await openTenant(desk)
    const before = await desk.rowsOf(tenant)
    const needs = /This needs the role ADMIN; yours is MANAGER\./
    await expect(planChange(desk, manager, { id, type: 'NUMBER' })).rejects.toThrow(needs)
    await expect(applyChange(desk, manager, { id, type: 'NUMBER', planHash: 'x' })).rejects.toThrow(needs)
    await expect(undoChange(desk, manager, { id })).rejects.toThrow(needs)
    expect(await planChange(desk, stranger, { id, type: 'NUMBER' })).toEqual({ plan: null, userErrors: [NO_FIELD] })
    const refused = { customFieldDefinition: null, userErrors: [NO_FIELD] }
    expect(await applyChange(desk, stranger, { id, type: 'NUMBER', planHash: 'x' })).toEqual(refused)
    expect(await undoChange(desk, stranger, { id })).toEqual(refused)
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })
})

describe('undoCustomFieldChange', () => {
  test('asks for the number of values that were written since; they stay in the field that goes', async () => {
    const { admin, id, ids } = await openField(desk, 'TEXT', [{ text: '1' }, { text: 'two' }])
    const before = { rows: await valueRows(desk, id), definition: await definitionRow(desk, id) }
    const { field } = await changeField(desk, admin, { id, type: 'NUMBER' })
    await desk.mutate(admin, 'updateContact', { id: ids[1], customFields: [{ key: 'own', number: 2 }] })
    const message = '1 value was written since the change: confirm with `confirmedValues: 1`.'
    expect(await undoChange(desk, admin, { id: field.id })).toEqual({
      customFieldDefinition: null,
      userErrors: [userError('BAD_USER_INPUT', ['confirmedValues'], message)],
    })
    const undone = await undoChange(desk, admin, { id: field.id, confirmedValues: 1 })
    expect(undone['customFieldDefinition']).toMatchObject({ id, type: 'TEXT', change: null, archivedAt: null })
    expect(await plainOf(desk, admin, ids)).toEqual(['1', 'two'])
    expect([await valueRows(desk, id), await definitionRow(desk, id)]).toEqual([before.rows, before.definition])
    const gone = await desk.ask(admin, `query ($id: ID!) { ${CHANGED.replace('customFieldDefinition', 'customFieldDefinition(id: $id)')} }`, { id: field.id }) // prettier-ignore
    expect(gone['customFieldDefinition']).toMatchObject({ type: 'NUMBER', change: { state: 'UNDONE', replaced: null } })
    // There is nothing more to undo.
    const nothing = userError('BAD_USER_INPUT', ['id'], 'The field has no change to undo.')
    for (const one of [id, field.id]) expect((await undoChange(desk, admin, { id: one })).userErrors).toEqual([nothing])
  })

  test('undoes one change after the other, and none of a field that is gone', async () => {
    const { admin, id, ids } = await openField(desk, 'TEXT', [{ text: '1' }])
    const first = await changeField(desk, admin, { id, type: 'NUMBER' })
    const second = await changeField(desk, admin, { id: first.field.id, type: 'BOOLEAN' })
    expect(await plainOf(desk, admin, ids)).toEqual([true])
    await undoChange(desk, admin, { id: second.field.id })
    expect(await plainOf(desk, admin, ids)).toEqual([1])
    await desk.mutate(admin, 'deleteCustomFieldDefinition', { id, confirmedValues: 1 }, 'deletedId')
    const gone = userError('BAD_USER_INPUT', ['id'], 'What the field was before is gone, or in use.')
    expect((await undoChange(desk, admin, { id: first.field.id })).userErrors).toEqual([gone])
  })

  test('after 30 days the shadow is gone with its values', async () => {
    const { tenant, admin, id, ids } = await openField(desk, 'TEXT', [{ text: '1' }, { text: 'two' }])
    const { field } = await changeField(desk, admin, { id, type: 'NUMBER' })
    const [{ days } = { days: null }] = await desk.sql("select extract(day from expires_at - archived_at)::int as days from custom_field_definitions where id = $1", [id]) // prettier-ignore
    expect(days).toBe(30)
    await desk.sql("update custom_field_definitions set expires_at = now() - interval '1 second' where id = $1", [id])
    const gone = userError('BAD_USER_INPUT', ['id'], 'What the field was before is gone, or in use.')
    expect((await undoChange(desk, admin, { id: field.id })).userErrors).toEqual([gone])
    expect((await listFields(desk, admin, 'CONTACT', true)).map(({ id: listed }) => listed)).toEqual([field.id])
    const failures: Error[] = []
    const chores = createFieldChores({ database: desk.api.database, changed: () => undefined, report: (error) => void failures.push(error), batchSize: 1 }) // prettier-ignore
    await chores.resume()
    expect(failures).toEqual([])
    expect(await valueRows(desk, id)).toEqual([])
    expect((await desk.rowsOf(tenant))['custom_field_definitions']).toHaveLength(1)
    expect(await plainOf(desk, admin, ids)).toEqual([1, null])
  })
})
