import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CustomFieldDefinitionRow } from '../../src/features/custom-field/custom-field.columns.js'
import { checkDefinition, checkKey, type DefinitionInput } from '../../src/features/custom-field/definition.input.js'
import { checkCustomValue } from '../../src/features/custom-field/custom-value.checks.js'
import type { CustomValueInput } from '../../src/features/custom-field/custom-value.input.js'
import { CUSTOM_VALUE_NAMES } from '../../src/concepts/custom-fields.js'
import { demoCompany } from '../../src/demo/companies.js'
import { demoContact } from '../../src/demo/contacts.js'
import { DEMO_FIELDS, fieldsOfCompany, fieldsOfContact, type DemoValue } from '../../src/demo/custom-fields.js'
import { createDemoRandom } from '../../src/demo/random.js'
import { createInputCheck } from '../../src/lib/input.js'
import { testSeed } from '../setup/test-run.js'

const END_MS = Date.parse('2026-10-01T00:00:00.000Z')
const random = createDemoRandom('kith\ndemo', END_MS)
const seed = testSeed()
const tenant = { id: '', slug: '', name: '', defaultCountry: 'US', defaultCurrency: 'USD', timeZone: 'America/New_York', uniqueEmails: false } // prettier-ignore
const context = { tenant, now: new Date(END_MS + 36_000_000), stored: null }

test('the fields of the demo are ones that the API would make', () => {
  const empty = { label: '', description: null, group: null, isRequired: false, isUnique: false,
  isSearchable: false, constraints: {}, options: [], defaultValue: null } // prettier-ignore
  for (const { key, type, label, constraints, options, isUnique } of DEMO_FIELDS) {
    const check = createInputCheck()
    expect(checkKey(key)).toEqual({ ok: true, value: key })
    const input = { label, isUnique, constraints, ...(options ? { options } : {}) } as DefinitionInput
    const checked = checkDefinition(check, type, empty, input, context)
    expect([key, check.errors]).toEqual([key, []])
    expect([checked.constraints, checked.options]).toEqual([constraints ?? {}, options ?? []])
  }
  for (const entityType of ['CONTACT', 'COMPANY']) {
    const keys = DEMO_FIELDS.filter((field) => field.entityType === entityType).map(({ key }) => key)
    expect(new Set(keys).size).toBe(10)
  }
})

/** The value as an input would give it. */
function inputOf(type: keyof typeof CUSTOM_VALUE_NAMES, columns: DemoValue['columns']): CustomValueInput {
  const { textValue, numberValue, booleanValue, dateValue, datetimeValue, optionValues, currencyCode } = columns
  const name = CUSTOM_VALUE_NAMES[type]
  const value = {
    ...{ text: textValue, option: textValue, url: textValue, email: textValue, phone: textValue },
    ...{ number: Number(numberValue), decimal: numberValue, currency: { amount: numberValue, code: currencyCode } },
    ...{ boolean: booleanValue, date: dateValue, options: optionValues },
    dateTime: datetimeValue as string | undefined,
  }[name]
  return { [name]: value }
}

function expectAccepted(values: readonly DemoValue[], entityType: string): void {
  for (const { key, columns } of values) {
    const field = DEMO_FIELDS.find((known) => known.key === key && known.entityType === entityType)
    if (!field) throw new Error(`no field ${key}`)
    const check = createInputCheck()
    const known = { ...field, constraints: field.constraints ?? {}, options: field.options ?? [] }
    const checked = checkCustomValue(known as unknown as CustomFieldDefinitionRow, inputOf(field.type, columns), check, context)
    expect([key, check.errors]).toEqual([key, []])
    const { uniqueKey, ...stored } = columns
    expect(uniqueKey).toBe(field.isUnique ? columns['textValue'] : undefined)
    expect(checked).toMatchObject({ ...stored, ...('numberValue' in stored ? { numberValue: String(stored['numberValue']) } : {}) })
  } // prettier-ignore
}

describe(`values of the demo, seed ${seed}`, () => {
  const anyIndex = fc.integer({ min: 0, max: 900_000 })

  test('are accepted by the checks of the API, as they are stored', () => {
    fc.assert(
      fc.property(anyIndex, (index) => {
        expectAccepted(fieldsOfContact(random, demoContact(random, index, 20_000)), 'CONTACT')
        expectAccepted(fieldsOfCompany(random, demoCompany(random, index)), 'COMPANY')
      }),
      { seed, numRuns: 500 },
    )
  })

  test('are about one a record', () => {
    const indexes = Array.from({ length: 2000 }, (_, index) => index)
    const ofContacts = indexes.flatMap((index) => fieldsOfContact(random, demoContact(random, index, 2000)))
    const ofCompanies = indexes.flatMap((index) => fieldsOfCompany(random, demoCompany(random, index)))
    expect([ofContacts.length, ofCompanies.length]).toEqual([2153, 2101])
  })
})
