import { CUSTOM_VALUE_NAMES, type CustomFieldEntityType, type CustomFieldType } from '../../concepts/custom-fields.js'
import type { Scope } from '../../access/scope.js'
import type { Resolvers } from '../../generated/graphql.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import type { CustomFieldValueParent } from './custom-field.parents.js'
import type { CustomFieldLoaders } from './custom-field.loaders.js'
import type { CustomValueRow } from './custom-value.repository.js'

const VALUE_TYPES = {
  TEXT: 'CustomTextValue',
  TEXTAREA: 'CustomTextValue',
  NUMBER: 'CustomNumberValue',
  DECIMAL: 'CustomDecimalValue',
  DATE: 'CustomDateValue',
  DATETIME: 'CustomDateTimeValue',
  BOOLEAN: 'CustomBooleanValue',
  DROPDOWN: 'CustomOptionValue',
  RADIO: 'CustomOptionValue',
  CHECKBOX: 'CustomOptionsValue',
  URL: 'CustomUrlValue',
  EMAIL: 'CustomEmailValue',
  PHONE: 'CustomPhoneValue',
  CURRENCY: 'CustomCurrencyValue',
} as const satisfies Record<CustomFieldType, string>

interface Context {
  readonly scope: Scope
  readonly loaders: CustomFieldLoaders
  readonly budget: { readonly spend: (key: string, value: unknown) => void }
}

/** The custom fields of a type of record: all values, and one by its key. */
export function ownedCustomFields(type: CustomFieldEntityType, concept: string) {
  type Owner = { readonly id: string }
  // The texts of values are what the answer grows by; their other parts are short.
  const spent = (budget: Context['budget'], value: CustomFieldValueParent): CustomFieldValueParent => {
    budget.spend('value', value.row.textValue ?? 0)
    return value
  }
  const joined = (
    budget: Context['budget'],
    definitions: readonly CustomFieldDefinitionRow[],
    rows: readonly CustomValueRow[],
  ) => {
    if (rows.length === 0) return []
    const byDefinition = new Map(rows.map((row) => [row.definitionId, row]))
    return definitions.flatMap((definition) => {
      const row = byDefinition.get(definition.id)
      return row ? [spent(budget, { definition, row })] : []
    })
  }
  return {
    customFields: async ({ id }: Owner, _: object, { loaders, budget }: Context) => {
      const [definitions, rows] = await Promise.all([
        loaders.customFieldsInUseByEntityType.load(type),
        loaders.customFieldValuesByOwner.load({ type, id }),
      ])
      return joined(budget, definitions, rows)
    },
    archivedCustomFields: async ({ id }: Owner, _: object, { scope, loaders, budget }: Context) => {
      if (!scope.access.maySee(concept, 'customFields')) return []
      const [definitions, rows] = await Promise.all([
        loaders.customFieldsByEntityType.load(type),
        loaders.customFieldValuesByOwner.load({ type, id }),
      ])
      return joined(
        budget,
        definitions.filter(({ archivedAt }) => archivedAt !== null),
        rows,
      )
    },
    customField: async ({ id }: Owner, { key }: { readonly key: string }, { scope, loaders, budget }: Context) => {
      if (!scope.access.maySee(concept, 'customFields')) return null
      const [definitions, row] = await Promise.all([
        loaders.customFieldsInUseByEntityType.load(type),
        loaders.customFieldValueByOwnerAndKey.load({ type, id, key }),
      ])
      const definition = definitions.find((known) => known.key === key)
      return row && definition?.id === row.definitionId ? spent(budget, { definition, row }) : null
    },
  }
}

type Parent = CustomFieldValueParent

/** The option that a value names; one that isn't there any more reads as its value. */
function optionOf({ definition: { options } }: Parent, value: string) {
  return options.find((option) => option.value === value) ?? { value, label: value, isArchived: true }
}

/** The value as JSON has it. */
function plainValueOf({ definition, row }: Parent): unknown {
  switch (CUSTOM_VALUE_NAMES[definition.type]) {
    case 'number':
      return Number(row.numberValue)
    case 'decimal':
      return row.numberValue
    case 'date':
      return row.dateValue
    case 'dateTime':
      return row.datetimeValue
    case 'boolean':
      return row.booleanValue
    case 'options':
      return row.optionValues
    case 'currency':
      return { amount: row.numberValue, code: row.currencyCode }
    default:
      return row.textValue
  }
}

const shared = {
  id: ({ row }: Parent) => row.id,
  key: ({ definition }: Parent) => definition.key,
  value: plainValueOf,
}
const text = ({ row }: Parent) => row.textValue ?? ''
const number = ({ row }: Parent) => row.numberValue ?? ''

export const customValueResolvers = {
  CustomFieldValue: { __resolveType: ({ definition }) => VALUE_TYPES[definition.type] },
  CustomTextValue: { ...shared, text },
  CustomNumberValue: { ...shared, number: (value) => Number(number(value)) },
  CustomDecimalValue: { ...shared, decimal: number },
  CustomDateValue: { ...shared, date: ({ row }) => row.dateValue ?? '' },
  CustomDateTimeValue: { ...shared, dateTime: ({ row }) => row.datetimeValue ?? '' },
  CustomBooleanValue: { ...shared, boolean: ({ row }) => row.booleanValue ?? false },
  CustomOptionValue: { ...shared, option: (value) => optionOf(value, text(value)) },
  CustomOptionsValue: {
    ...shared,
    options: (value) => (value.row.optionValues ?? []).map((option) => optionOf(value, option)),
  },
  CustomUrlValue: { ...shared, url: text },
  CustomEmailValue: { ...shared, email: text },
  CustomPhoneValue: { ...shared, phone: text },
  CustomCurrencyValue: { ...shared, amount: number, currency: ({ row }) => row.currencyCode ?? '' },
} satisfies Resolvers
