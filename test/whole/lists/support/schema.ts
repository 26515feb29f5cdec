import { readFileSync } from 'node:fs'
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql'

const schema = buildSchema(readFileSync(new URL('../../../../schema.graphql', import.meta.url), 'utf8'))

/** The records that filters speak of, by the names of their types. */
export const RECORD_NAMES = [
  'User',
  'Industry',
  'CompanySize',
  'Company',
  'Contact',
  'EmailAddress',
  'PhoneNumber',
  'Address',
  'SocialMediaAccount',
] as const

export type RecordName = (typeof RECORD_NAMES)[number]

/** The records that have a list of their own, with its name. */
export const LISTS = {
  Contact: 'contacts',
  Company: 'companies',
  User: 'users',
  Industry: 'industries',
  CompanySize: 'companySizes',
} as const

export type ListedName = keyof typeof LISTS

/** What stands under a name in a record's filter. */
export type FilterField =
  | { readonly is: 'value'; readonly input: string }
  | { readonly is: 'one' | 'many'; readonly to: RecordName }
  /** whether it is the user who asks: `isMe` */
  | { readonly is: 'me' }

/** What an order goes by: a field of the row, or of the record that a relation leads to. */
export interface OrderField {
  readonly relation: string | null
  readonly field: string
  /** name of the filter input of the field's values */
  readonly input: string
}

/** The fields of an input object with the names of their types. */
export function inputFields(name: string): ReadonlyMap<string, string> {
  const fields = Object.entries(inputType(name).getFields())
  return new Map(fields.map(([field, { type }]) => [field, getNamedType(type).name]))
}

/** The arguments of a root list with their types. */
export function listArguments(list: string): ReadonlyMap<string, GraphQLInputType> {
  const field = schema.getQueryType()?.getFields()[list]
  if (!field) throw new Error(`no list ${list}`)
  return new Map(field.args.map((arg) => [arg.name, arg.type]))
}

/** The values of an enum, in the schema's order. */
export function enumValues(name: string): readonly string[] {
  const type = schema.getType(name)
  if (!isEnumType(type)) throw new Error(`no enum ${name}`)
  return type.getValues().map((value) => value.name)
}

/** Whether a name is that of an enum. */
export function isEnum(name: string): boolean {
  return isEnumType(schema.getType(name))
}

// Custom fields are those of a tenant: test/features/custom-field/lists.property.test.ts has them.
const NO_FIELDS = new Set(['and', 'or', 'not', 'customFields'])
const CUSTOM = new Set(['CustomFieldFilter', 'CurrencyValueFilter', 'NumberFilter', 'OptionFilter', 'OptionsFilter'])

/** What a record can be filtered by, without `and`, `or`, `not` and custom fields. */
export function filterFields(record: RecordName): ReadonlyMap<string, FilterField> {
  return remembered(filters, record, () => {
    const fields = [...inputFields(`${record}Filter`)].filter(([name]) => !NO_FIELDS.has(name))
    return new Map(
      fields.map(([name, input]): [string, FilterField] => [name, name === 'isMe' ? { is: 'me' } : filterField(input)]),
    )
  })
}

/** What a record can be ordered by. */
export function orderFields(record: ListedName): ReadonlyMap<string, OrderField> {
  return remembered(orders, record, () => {
    const names = enumValues(`${record}OrderField`)
    return new Map(names.map((name): [string, OrderField] => [name, orderField(record, name)]))
  })
}

/**
 * Every operator that the schema has, as `StringFilter.contains`: the fields of all inputs called filters, but for those of
 * custom fields.
 */
export function allOperators(): readonly string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isInputObjectType(type) && type.name.endsWith('Filter') && !CUSTOM.has(type.name))
    .flatMap((type) => [...inputFields(type.name).keys()].map((field) => `${type.name}.${field}`))
    .filter((name) => !name.endsWith('.customFields'))
    .sort()
}

/** The operators that a filter uses, as `StringFilter.contains`, are put into `seen`. */
export function noteOperators(input: string, filter: object, seen: Set<string>): void {
  const fields = inputFields(input)
  for (const [name, value] of Object.entries(filter)) {
    seen.add(`${input}.${name}`)
    const type = fields.get(name) ?? ''
    if (!type.endsWith('Filter')) continue
    for (const item of [value].flat() as object[]) noteOperators(type, item, seen)
  }
}

function inputType(name: string): GraphQLInputObjectType {
  const type = schema.getType(name)
  if (!isInputObjectType(type)) throw new Error(`no input ${name}`)
  return type
}

function filterField(input: string): FilterField {
  if (input.endsWith('ListFilter')) return { is: 'many', to: input.slice(0, -'ListFilter'.length) as RecordName }
  const record = RECORD_NAMES.find((name) => `${name}Filter` === input)
  return record ? { is: 'one', to: record } : { is: 'value', input }
}

function orderField(record: ListedName, name: string): OrderField {
  const own = inCamels(name)
  const direct = filterFields(record).get(own)
  if (direct?.is === 'value') return { relation: null, field: own, input: direct.input }
  for (const [relation, target] of filterFields(record)) {
    const prefix = `${inCapitals(relation)}_`
    if (target.is !== 'one' || !name.startsWith(prefix)) continue
    const field = inCamels(name.slice(prefix.length))
    const column = filterFields(target.to).get(field)
    if (column?.is === 'value') return { relation, field, input: column.input }
  }
  throw new Error(`nothing to order ${record} by is called ${name}`)
}

function inCamels(name: string): string {
  return name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function inCapitals(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

const filters = new Map<RecordName, ReadonlyMap<string, FilterField>>()
const orders = new Map<ListedName, ReadonlyMap<string, OrderField>>()

function remembered<Key, Result>(known: Map<Key, Result>, key: Key, make: () => Result): Result {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = make()
  known.set(key, made)
  return made
}
