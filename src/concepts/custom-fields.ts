/** The types of custom fields, by their names in the API. */
export const CUSTOM_FIELD_TYPES = [
  ...(['TEXT', 'TEXTAREA', 'NUMBER', 'DECIMAL', 'DATE', 'DATETIME', 'BOOLEAN'] as const),
  ...(['DROPDOWN', 'RADIO', 'CHECKBOX', 'URL', 'EMAIL', 'PHONE', 'CURRENCY'] as const),
] as const

export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number]

/** What values of a type are called in inputs, filters and answers: `{ key: "tier", option: "gold" }`. */
export const CUSTOM_VALUE_NAMES = {
  TEXT: 'text',
  TEXTAREA: 'text',
  NUMBER: 'number',
  DECIMAL: 'decimal',
  DATE: 'date',
  DATETIME: 'dateTime',
  BOOLEAN: 'boolean',
  DROPDOWN: 'option',
  RADIO: 'option',
  CHECKBOX: 'options',
  URL: 'url',
  EMAIL: 'email',
  PHONE: 'phone',
  CURRENCY: 'currency',
} as const satisfies Record<CustomFieldType, string>

/** The types whose values are options of the field. */
export const OPTION_TYPES: ReadonlySet<CustomFieldType> = new Set<CustomFieldType>(['DROPDOWN', 'RADIO', 'CHECKBOX'])

export type CustomValueName = (typeof CUSTOM_VALUE_NAMES)[CustomFieldType]

/** What a custom field belongs to. */
export type CustomFieldEntityType = 'CONTACT' | 'COMPANY'

/** One option of a DROPDOWN, RADIO or CHECKBOX. */
export interface CustomFieldOption {
  readonly value: string
  readonly label: string
  readonly isArchived: boolean
}

/** What lists know of a custom field in use. */
export interface CustomField {
  readonly id: string
  readonly key: string
  readonly type: CustomFieldType
  /** two live records can't have one value: texts of it name a record, and are compared exactly */
  readonly isUnique: boolean
  /** of DROPDOWN, RADIO and CHECKBOX, in their order */
  readonly options: readonly CustomFieldOption[]
}

/** The custom fields of a concept by their keys. */
export type CustomFieldsByKey = ReadonlyMap<string, CustomField>

/** The table of values, and how many characters of a text its order goes by. */
export const CUSTOM_VALUES = { table: 'custom_field_values', keyLength: 200 } as const
