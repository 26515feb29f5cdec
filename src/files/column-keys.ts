import type { Columns } from '../concepts/columns.js'
import type { CustomFieldOption, CustomFieldType } from '../concepts/custom-fields.js'

/** What a cell is read as. */
export type ValueKind =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'enum'
  | 'options'
  | 'country'
  | 'currency'
  | 'money'
  | 'json'

/** One of the values of an enum or of options; cells may have either. */
export interface NamedValue {
  readonly value: string
  readonly label: string
}

/** Where a value stands in the input of a mutation. */
export type InputPlace =
  /** `firstName` */
  | { readonly in: 'field'; readonly field: string }
  /** `company.name`: by what the related record is found */
  | { readonly in: 'relation'; readonly relation: string; readonly by: string }
  /** `emailAddresses.2.email`; numbers count from 1 */
  | { readonly in: 'item'; readonly list: string; readonly number: number; readonly field: string }
  /** `emailAddresses`: the whole list as JSON */
  | { readonly in: 'list'; readonly list: string }
  /** `customFields.tier`; of an amount of money also its parts */
  | { readonly in: 'custom'; readonly field: FileCustomField; readonly part: 'amount' | 'currency' | null }
  /** `customFields`: all of them as a JSON object */
  | { readonly in: 'customFields' }

/** What a column can be mapped to: `{ key: 'firstName', kind: 'text', … }`. */
export interface ColumnKey {
  readonly key: string
  readonly kind: ValueKind
  readonly values?: readonly NamedValue[]
  readonly place: InputPlace
}

export interface FileCustomField {
  readonly key: string
  readonly label?: string
  readonly type: CustomFieldType
  readonly options: readonly CustomFieldOption[]
}

/** All that columns of a type of record can be mapped to. */
export interface RecordKeys {
  /** the fields of its inputs, without those of relations; `id` is among them */
  readonly fields: Readonly<Record<string, KeyValues>>
  /** by what each related record can be named: `company`: id, name, domain, externalId */
  readonly relations: Readonly<Record<string, readonly string[]>>
  /** the lists of its inputs with the fields of their items */
  readonly lists: Readonly<Record<string, Readonly<Record<string, KeyValues>>>>
  readonly customFields: readonly FileCustomField[]
  /** Fields that exports have and imports leave out: `createdAt`. */
  readonly readOnly: readonly string[]
  /** Second names of relations: `assignedTo` of `owner`. */
  readonly aliases?: ReadonlyMap<string, string>
}

export interface KeyValues {
  readonly kind: ValueKind
  readonly values?: readonly NamedValue[]
}

/** Items of a list that one row can have. */
export const MAX_ITEM_NUMBER = 25

const CUSTOM_KINDS = {
  TEXT: 'text',
  TEXTAREA: 'text',
  NUMBER: 'integer',
  DECIMAL: 'decimal',
  DATE: 'date',
  DATETIME: 'datetime',
  BOOLEAN: 'boolean',
  DROPDOWN: 'enum',
  RADIO: 'enum',
  CHECKBOX: 'options',
  URL: 'text',
  EMAIL: 'text',
  PHONE: 'text',
  CURRENCY: 'money',
} as const satisfies Record<CustomFieldType, ValueKind>

/** The key by its text, as headers of our exports have it; null where the record has no such key that can be written. */
export function findColumnKey(keys: RecordKeys, text: string): ColumnKey | null {
  const [first = '', second, third, ...more] = text.split('.')
  if (more.length > 0) return null
  const head = keys.aliases?.get(first) ?? first
  const key = [head, second, third].filter((part) => part !== undefined).join('.')
  if (head === 'customFields') return customKey(keys, key, second, third)
  const list = own(keys.lists, head)
  if (list) {
    if (second === undefined) return { key, kind: 'json', place: { in: 'list', list: head } }
    const number = /^[1-9]\d?$/.test(second) ? Number(second) : 0
    const values = third === undefined ? undefined : own(list, third)
    if (number < 1 || number > MAX_ITEM_NUMBER || third === undefined || !values) return null
    return { key, ...values, place: { in: 'item', list: head, number, field: third } }
  }
  if (third !== undefined) return null
  if (second === undefined) {
    const values = own(keys.fields, head)
    if (values) return { key, ...values, place: { in: 'field', field: head } }
    const relation = head.endsWith('Id') ? head.slice(0, -2) : ''
    return own(keys.relations, relation)?.includes('id') ? findColumnKey(keys, `${relation}.id`) : null
  }
  if (!own(keys.relations, head)?.includes(second)) return null
  return { key, kind: 'text', place: { in: 'relation', relation: head, by: second } }
}

/** The keys that a person may choose from, in their order; of lists those of the first `items` items. */
export function listColumnKeys(keys: RecordKeys, items: number): ColumnKey[] {
  const numbers = Array.from({ length: items }, (_, index) => index + 1)
  const texts = [
    ...Object.keys(keys.fields),
    ...Object.entries(keys.relations).flatMap(([relation, by]) => by.map((field) => `${relation}.${field}`)),
    ...Object.entries(keys.lists).flatMap(([list, fields]) =>
      numbers.flatMap((number) => Object.keys(fields).map((field) => `${list}.${String(number)}.${field}`)),
    ),
    ...keys.customFields.map(({ key }) => `customFields.${key}`),
  ]
  return texts.flatMap((text) => findColumnKey(keys, text) ?? [])
}

/** What cells of a column are, by what the column is; `labels` are words of people for values, where they differ. */
export function keyValuesOf({ kind, values }: Pick<Columns[string], 'kind' | 'values'>): KeyValues {
  const plain = kind === 'domain' || kind === 'id' || kind === 'phone' ? 'text' : kind
  return values ? { kind: plain, values: values.map((value) => ({ value, label: value })) } : { kind: plain }
}

function customKey(
  keys: RecordKeys,
  key: string,
  name: string | undefined,
  part: string | undefined,
): ColumnKey | null {
  if (name === undefined) return { key, kind: 'json', place: { in: 'customFields' } }
  const field = keys.customFields.find((candidate) => candidate.key === name)
  if (!field) return null
  const kind = CUSTOM_KINDS[field.type]
  if (part !== undefined) {
    if (kind !== 'money' || (part !== 'amount' && part !== 'currency')) return null
    return { key, kind: part === 'amount' ? 'decimal' : 'currency', place: { in: 'custom', field, part } }
  }
  const values = field.options.length > 0 ? { values: field.options } : {}
  return { key, kind, ...values, place: { in: 'custom', field, part: null } }
}

function own<Value>(of: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined
}
