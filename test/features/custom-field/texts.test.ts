import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { createField } from './support/fields.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const OPTIONS = { options: [{ label: 'a' }] }
const TEXTS = ['a\0b', 'a\u0001b', 'a\ud800b']

/** Each type whose values are texts, with a value of a text. */
const TYPES: readonly (readonly [string, object, (text: string) => object])[] = [
  ['TEXT', {}, (text) => ({ text })],
  ['TEXTAREA', {}, (text) => ({ text })],
  ['DECIMAL', {}, (decimal) => ({ decimal })],
  ['DATE', {}, (date) => ({ date })],
  ['DATETIME', {}, (dateTime) => ({ dateTime })],
  ['DROPDOWN', OPTIONS, (option) => ({ option })],
  ['RADIO', OPTIONS, (option) => ({ option })],
  ['CHECKBOX', OPTIONS, (option) => ({ options: [option] })],
  ['URL', {}, (url) => ({ url })],
  ['EMAIL', {}, (email) => ({ email })],
  ['PHONE', {}, (phone) => ({ phone })],
  ['CURRENCY', {}, (amount) => ({ currency: { amount } })],
]

describe.each(TEXTS)('a text that no database or no line can hold is a user error of its field: %j', (text) => {
  test('in each value, all at once', async () => {
    const { tenant, admin } = await openTenant(desk)
    for (const [type, more] of TYPES) await createField(desk, admin, { key: type.toLowerCase(), type, ...more })
    const customFields = TYPES.map(([type, , value]) => ({ key: type.toLowerCase(), ...value(text) }))
    const payload = await desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields })
    expect(payload.userErrors.map(({ code, field }) => [code, field])).toEqual(
      TYPES.map(([type, , value], index) => [
        'BAD_USER_INPUT',
        ['customFields', String(index), ...Object.keys(value(text)), ...(type === 'CURRENCY' ? ['amount'] : [])],
      ]),
    )
    expect(await desk.sql('select 1 from contacts where tenant_id = $1', [tenant.settings.id])).toEqual([])
  })

  test('in each part of a definition, all at once', async () => {
    const { tenant, admin } = await openTenant(desk)
    const input = {
      ...{ entityType: 'CONTACT', key: text, label: text, description: text, group: text, type: 'RADIO' },
      options: [{ label: text, value: text }],
    }
    const payload = await desk.mutate(admin, 'createCustomFieldDefinition', input)
    expect(payload.userErrors.map(({ field }) => (field as string[]).join('.')).sort()).toEqual([
      ...['description', 'group', 'key', 'label', 'options.0.label', 'options.0.value'],
    ])
    const patterns = { ...input, key: 'f', label: 'f', description: null, group: null, type: 'TEXT', options: null }
    const refused = await desk.mutate(admin, 'createCustomFieldDefinition', {
      ...patterns,
      constraints: { pattern: text },
    })
    expect(refused.userErrors.map(({ field }) => field)).toEqual([['constraints', 'pattern']])
    expect(desk.api.faults).toEqual([])
    expect(
      await desk.sql('select key from custom_field_definitions where tenant_id = $1', [tenant.settings.id]),
    ).toEqual([])
  })
})
