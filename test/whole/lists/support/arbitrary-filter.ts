import fc, { type Arbitrary } from 'fast-check'
import { rowId } from './arbitrary-data.js'
import { anyDay, anyMomentText, anyText, oneOf } from './arbitrary-values.js'
import type { Filter } from './model.js'
import { enumValues, filterFields, inputFields, isEnum, RECORD_NAMES, type RecordName } from './schema.js'
import * as values from './values.js'

/** How large a filter may become. */
export interface FilterSize {
  /** levels, 5 at most: the filter itself, then each step into a part or a relation */
  readonly depth: number
  /** relations between records on one path, 2 at most */
  readonly hops: number
}

const MAX_LEAVES = 50
const QUANTIFIERS = ['some', 'none', 'every'] as const

/** Filters of a record that the API accepts, of every shape; they shrink to fewer and simpler conditions. */
export function anyFilter(record: RecordName, size: FilterSize): Arbitrary<Filter> {
  return anyPart(record, size.depth, size.hops).filter((filter) => countOperators(filter) <= MAX_LEAVES)
}

/** One operator of one field. */
export interface OperatorPlace {
  readonly record: RecordName
  readonly field: string
  readonly input: string
  readonly operator: string
}

/** Every operator of every field of every record. */
export function operatorPlaces(): readonly OperatorPlace[] {
  return RECORD_NAMES.flatMap((record) =>
    [...filterFields(record)].flatMap(([field, { is, ...value }]) => {
      if (is !== 'value' || !('input' in value)) return []
      const { input } = value
      return [...inputFields(input).keys()].map((operator) => ({ record, field, input, operator }))
    }),
  )
}

/** Filters of a record with one operator alone; `caseSensitive`, which is none by itself, comes with another. */
export function anyTest({ record, field, input, operator }: OperatorPlace): Arbitrary<Filter> {
  if (operator === 'caseSensitive') {
    return fc
      .tuple(anyText, oneOf(['eq', 'contains', 'lt'] as const))
      .map(([text, other]) => ({ [field]: { [other]: text, caseSensitive: true } }))
  }
  return anyOperand(record, field, input, operator).map((operand) => ({ [field]: { [operator]: operand } }))
}

const parts = new Map<string, Arbitrary<Filter>>()

function anyPart(record: RecordName, depth: number, hops: number): Arbitrary<Filter> {
  const name = `${record} ${depth} ${hops}`
  const known = parts.get(name)
  if (known) return known
  const entries: { weight: number; arbitrary: Arbitrary<[string, unknown]> }[] = []
  const add = (weight: number, field: string, value: Arbitrary<unknown>): void =>
    void entries.push({ weight, arbitrary: value.map((given) => [field, given]) })
  for (const [field, target] of filterFields(record)) {
    if (target.is === 'value') add(2, field, anyTests(record, field, target.input))
    if (target.is === 'me') add(2, field, fc.boolean())
  }
  if (depth > 1) {
    const part = (): Arbitrary<Filter> => anyPart(record, depth - 1, hops)
    const list = fc.array(part(), { maxLength: 3, size: 'max' })
    add(8, 'not', part())
    add(6, 'and', list)
    add(12, 'or', list)
    for (const [field, target] of filterFields(record)) {
      if (target.is === 'value' || target.is === 'me') continue
      const isInfo = target.to in INFOS
      if (!isInfo && hops === 0) continue
      const related = anyPart(target.to, depth - 1, isInfo ? hops : hops - 1)
      add(isInfo ? 4 : 8, field, target.is === 'one' ? related : anyQuantified(related))
    }
  }
  const count = fc.oneof(
    { weight: 12, arbitrary: fc.constant(1) },
    { weight: 6, arbitrary: fc.constant(2) },
    { weight: 1, arbitrary: oneOf([3, 4, 0]) },
  )
  const any = count
    .chain((length) =>
      fc.uniqueArray(fc.oneof(...entries), {
        minLength: 0,
        maxLength: length,
        size: 'max',
        selector: ([field]) => field,
      }),
    )
    .map((drawn): Filter => Object.fromEntries(drawn))
  parts.set(name, any)
  return any
}

const INFOS = { EmailAddress: true, PhoneNumber: true, Address: true, SocialMediaAccount: true }

function anyQuantified(related: Arbitrary<Filter>): Arbitrary<unknown> {
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(oneOf(QUANTIFIERS), related).map(([quantifier, filter]) => ({ [quantifier]: filter })),
    },
    { weight: 1, arbitrary: fc.record({ some: related, none: related, every: related }, { requiredKeys: [] }) },
  )
}

/** The operators of one field: mostly one. */
function anyTests(record: RecordName, field: string, input: string): Arbitrary<unknown> {
  const operators = [...inputFields(input).keys()].filter((operator) => operator !== 'caseSensitive')
  const one = fc.oneof(
    ...operators.map((operator) =>
      anyOperand(record, field, input, operator).map((operand): [string, unknown] => [operator, operand]),
    ),
  )
  const tests = fc.oneof(
    { weight: 8, arbitrary: one.map((test) => [test]) },
    { weight: 1, arbitrary: fc.uniqueArray(one, { maxLength: 3, size: 'max', selector: ([operator]) => operator }) },
  )
  const given = tests.map((drawn): Filter => Object.fromEntries(drawn))
  if (input !== 'StringFilter') return given
  const exactness = fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, oneOf([true, true, false, null]))
  return fc
    .tuple(given, exactness)
    .map(([filter, caseSensitive]) => (caseSensitive === undefined ? filter : { ...filter, caseSensitive }))
}

const anyDays = fc.oneof(fc.integer({ min: -3, max: 3 }), oneOf([-36_500, -365, -30, 7, 30, 36_500]))

/** Operands of one operator. */
function anyOperand(record: RecordName, field: string, input: string, operator: string): Arbitrary<unknown> {
  if (operator === 'isNull') return fc.boolean()
  if (operator === 'withinDays' || operator === 'olderThanDays') {
    return anyDays
  }
  if (operator === 'relative') {
    return fc.oneof(
      fc.record({ from: anyDays, to: anyDays }),
      anyDays.map((from) => ({ from })),
      anyDays.map((to) => ({ to })),
    )
  }
  if (input === 'PhoneFilter' && operator === 'startsWith') return oneOf(values.PHONE_STARTS)
  if (input === 'PhoneFilter' && operator === 'endsWith') return oneOf(values.PHONE_ENDS)
  const value = anyValue(record, field, input, operator)
  if (operator === 'between') return fc.record({ from: value, to: value })
  return operator === 'in' || operator === 'notIn' ? fc.array(value, { maxLength: 4, size: 'max' }) : value
}

const EQUALITY = new Set(['eq', 'ne', 'in', 'notIn'])
const LINKS: Readonly<Record<string, string>> = {
  companyId: 'Company',
  ownerId: 'User',
  industryId: 'Industry',
  sizeId: 'CompanySize',
  assignedToId: 'User',
}

function anyValue(record: RecordName, field: string, input: string, operator: string): Arbitrary<unknown> {
  const type = inputFields(input).get('eq') ?? ''
  if (isEnum(type)) return oneOf(enumValues(type))
  switch (input) {
    case 'StringFilter':
      return anyStringOf(record, field, EQUALITY.has(operator))
    case 'IDFilter':
      return fc
        .tuple(fc.nat(8), fc.boolean())
        .map(([index, isLarge]) => rowId(LINKS[field] ?? record, index)[isLarge ? 'toUpperCase' : 'toLowerCase']())
    case 'IntFilter':
      return fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: -1, max: 4 }) },
        oneOf([1999, 2000, 2001, -2147483648, 2147483647]),
      )
    case 'DecimalFilter':
      return oneOf(values.AMOUNT_WRITINGS)
    case 'DateFilter':
      return anyDay
    case 'DateTimeFilter':
      return anyMomentText
    case 'CountryCodeFilter':
      return oneOf([...values.COUNTRIES, 'FR', 'de', ' us '])
    case 'CurrencyCodeFilter':
      return oneOf([...values.CURRENCIES, 'GBP', 'eur', ' usd '])
    case 'PhoneFilter':
      return oneOf(values.PHONE_WRITINGS)
    case 'BooleanFilter':
      return fc.boolean()
    default:
      throw new Error(`no values for ${input}`)
  }
}

/** Texts of a field; some are those that its rows have. Domains beyond ASCII are asked for as a whole only. */
function anyStringOf(record: RecordName, field: string, isEquality: boolean): Arbitrary<string> {
  const own = ownTexts(record, field)
  if (!own) return anyText
  return fc.oneof(
    { weight: 2, arbitrary: oneOf(isEquality ? own : own.filter(isAscii)) },
    isEquality || field !== 'domain' ? anyText : anyText.filter(isAscii),
  )
}

function ownTexts(record: RecordName, field: string): readonly string[] | null {
  if (field === 'domain') return values.DOMAINS
  if (record === 'EmailAddress') return [...values.EMAILS.map(({ email }) => email), ...values.DOMAINS]
  if (field === 'email') return values.TEXTS.slice(0, 8).map((text, index) => `${text}${index % 5}@example.com`)
  return field === 'externalId' ? ['Müller-0', 'muller-0', 'MULLER-1', '100%-0', '100_-0', '100'] : null
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text)
}

function countOperators(filter: unknown): number {
  if (Array.isArray(filter)) return filter.reduce<number>((sum, item) => sum + countOperators(item), 0)
  return Object.entries(filter as Filter).reduce((sum, [name, value]) => {
    if (name === 'caseSensitive') return sum
    const isObject = typeof value === 'object' && value !== null
    if (!isObject || name === 'in' || name === 'notIn' || name === 'between' || name === 'relative') {
      return sum + 1
    }
    return sum + countOperators(value)
  }, 0)
}
