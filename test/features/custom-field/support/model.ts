import fc, { type Arbitrary } from 'fast-check'
import { operatorHolds, type Days } from '../../../whole/lists/support/model-values.js'

type Json = string | number | boolean | null | Json[] | { readonly [name: string]: Json }

/** A custom field of the lists under test: what its values are, how they are filtered and ordered by. */
export interface ModelField {
  readonly key: string
  readonly type: string
  readonly more?: object
  /** how inputs and filters call its values, and the filter's type; null where the model has its own operators */
  readonly name: string
  readonly input: string | null
  /** texts that are compared exactly */
  readonly isExact?: boolean
  /** its values as inputs give them */
  readonly values: readonly Json[]
  readonly isOrdered: boolean
}

export const TEXTS = [
  'Müller',
  'muller',
  'MULLER x',
  'Ąnna',
  'anna-lee smith',
  'a',
  'ß',
  '😀 smile',
  '50%_\\',
  'e\u0301cole',
  `${'x'.repeat(200)}a`,
  `${'x'.repeat(200)}B`,
]
const PARTS = ['mull', 'ü', 'anna', 'smi', '%', '_', '\\', 'x', 'ss', '😀', 'É', 'lee an']
const STAGES = ['won', 'lost', 'open', 'Maybe']
const TIERS = Array.from({ length: 24 }, (_, index) => `t${String((index * 7) % 24)}`)
const DAYS = ['0001-01-01', '2024-02-29', '2026-04-30', '2026-05-01', '2026-05-02', '9999-12-31']
const MOMENTS = [
  '2026-05-01T03:59:59.999Z',
  '2026-05-01T04:00:00.000Z',
  '2026-03-08T07:30:00.000Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
]
const MAILS = ['ann@example.com', 'Bob@example.com', 'josé@xn--mller-kva.de', 'zoe@sub.example.org']
const options = (values: readonly string[]) => ({
  options: values.map((value) => ({ value, label: `Label ${value}` })),
})

/** A field of each type; of one type of options two, with few and with many. */
export const MODEL_FIELDS: readonly ModelField[] = [
  { key: 'text', type: 'TEXT', name: 'text', input: 'StringFilter', values: TEXTS, isOrdered: true },
  { key: 'long', type: 'TEXTAREA', name: 'text', input: 'StringFilter', values: TEXTS.map((text) => `${text}\nsecond`), isOrdered: false },
  { key: 'code', type: 'TEXT', more: { isUnique: true }, name: 'text', input: 'StringFilter', isExact: true, values: [], isOrdered: true },
  { key: 'score', type: 'NUMBER', name: 'number', input: 'NumberFilter', values: [0, -1, 1, 2, 10, 9007199254740991, -9007199254740991], isOrdered: true },
  { key: 'ratio', type: 'DECIMAL', name: 'decimal', input: 'DecimalFilter', values: ['0', '0.1', '-12.34', '12345678901234567890.0123456789', '2'], isOrdered: true },
  { key: 'day', type: 'DATE', name: 'date', input: 'DateFilter', values: DAYS, isOrdered: true },
  { key: 'moment', type: 'DATETIME', name: 'dateTime', input: 'DateTimeFilter', values: MOMENTS, isOrdered: true },
  { key: 'yes', type: 'BOOLEAN', name: 'boolean', input: 'BooleanFilter', values: [true, false], isOrdered: true },
  { key: 'stage', type: 'DROPDOWN', more: options(STAGES), name: 'option', input: 'OptionFilter', isExact: true, values: STAGES, isOrdered: true },
  { key: 'tier', type: 'RADIO', more: options(TIERS), name: 'option', input: 'OptionFilter', isExact: true, values: TIERS, isOrdered: true },
  { key: 'tags', type: 'CHECKBOX', more: options(STAGES), name: 'options', input: null, values: [['won'], ['won', 'lost'], ['lost', 'open'], ['won', 'lost', 'open', 'Maybe']], isOrdered: false },
  { key: 'site', type: 'URL', name: 'url', input: 'StringFilter', values: ['https://example.com', 'https://example.com/A%20b', 'http://z.example.org/'], isOrdered: true },
  { key: 'mail', type: 'EMAIL', name: 'email', input: 'StringFilter', values: MAILS, isOrdered: true },
  { key: 'phone', type: 'PHONE', name: 'phone', input: 'PhoneFilter', values: ['+12125550123', '+12125550124', '+493012345678'], isOrdered: true },
  { key: 'money', type: 'CURRENCY', name: 'currency', input: null, values: [{ amount: '1.00', code: 'USD' }, { amount: '1.00', code: 'EUR' }, { amount: '-250.50', code: 'EUR' }], isOrdered: true },
] // prettier-ignore

/** A contact of the model: its id, first name, plain values by key, and its company; or a company. */
export interface ModelRow {
  readonly id: string
  readonly firstName: string
  readonly values: Readonly<Record<string, Json>>
  /** without values where it is deleted: nobody is shown them */
  readonly company?: ModelRow | null
}

/** A condition as the model has it: a filter of the API. */
export type Filter = Readonly<Record<string, unknown>>

const RANGES = ['lt', 'lte', 'gt', 'gte']
const EQUALITY = ['eq', 'ne']
const LISTS = ['in', 'notIn']
const TEXT_PARTS = ['contains', 'startsWith', 'endsWith', 'matches']

/** Any condition on one value of a kind that the model of other lists knows: `{ gte: 5 }`. */
function anyOperators({ input, values }: ModelField): Arbitrary<object> {
  const value = fc.constantFrom(...values)
  const of = (names: readonly string[], operand: Arbitrary<unknown>) =>
    fc.tuple(fc.constantFrom(...names), operand).map(([name, given]) => ({ [name]: given }))
  const equality = [of(EQUALITY, value), of(LISTS, fc.array(value, { maxLength: 3 })), of(['isNull'], fc.boolean())]
  const ranges = [of(RANGES, value), fc.tuple(value, value).map(([from, to]) => ({ between: { from, to } }))]
  const days = [
    of(['withinDays', 'olderThanDays'], fc.constantFrom(-1, 0, 1, 3, 400)),
    fc.tuple(fc.constantFrom(-2, -1, 0), fc.constantFrom(0, 1)).map(([from, to]) => ({ relative: { from, to } })),
  ]
  const parts = fc.tuple(of(TEXT_PARTS, fc.constantFrom(...PARTS)), fc.boolean())
  const exactly = parts.map(([part, caseSensitive]) => ({ ...part, caseSensitive }))
  switch (input) {
    case 'StringFilter':
      return fc.oneof(...equality, ...ranges, exactly)
    case 'BooleanFilter':
      return of(EQUALITY, value)
    case 'OptionFilter':
      return fc.oneof(...equality)
    case 'PhoneFilter':
      return fc.oneof(
        of(EQUALITY, value),
        of(LISTS, fc.array(value, { maxLength: 3 })),
        of(['startsWith'], fc.constantFrom('+1', '+1212555012', '+4')),
        of(['endsWith'], fc.constantFrom('3', '0124', '5678', '9')),
      )
    case 'DateFilter':
    case 'DateTimeFilter':
      return fc.oneof(...equality, ...ranges, ...days)
    default:
      return fc.oneof(...equality, ...ranges)
  }
}

const OPTION_LISTS = fc.subarray([...STAGES])
const anyOptions = fc.oneof(
  fc.tuple(fc.constantFrom('any', 'all', 'none'), OPTION_LISTS).map(([name, list]) => ({ [name]: list })),
  fc.boolean().map((isNull) => ({ isNull })),
)
const AMOUNTS = ['1', '-250.5', '0'] as const
const anyMoney = fc.oneof(
  fc
    .tuple(fc.constantFrom(...EQUALITY, ...RANGES), fc.constantFrom(...AMOUNTS))
    .map(([name, amount]) => ({ amount: { [name]: amount } })),
  fc.constantFrom('eq', 'ne').map((name) => ({ code: { [name]: 'EUR' } })),
  fc.constantFrom(...AMOUNTS).map((amount) => ({ amount: { gte: amount }, code: { eq: 'EUR' } })),
)

const anyCondition: Arbitrary<Filter> = fc.constantFrom(...MODEL_FIELDS).chain((field): Arbitrary<Filter> => {
  const values = field.values.length === 0 ? { ...field, values: ['c1', 'C1', 'c2', 'c30'] } : field
  const condition = field.name === 'options' ? anyOptions : field.name === 'currency' ? anyMoney : anyOperators(values)
  const isNull = fc.boolean().map((given): Filter => ({ key: field.key, isNull: given }))
  return fc.oneof(
    { weight: 9, arbitrary: condition.map((given): Filter => ({ key: field.key, [field.name]: given })) },
    { weight: 1, arbitrary: isNull },
  )
})

/** Any filter on custom fields, two of them at most at once, also together with a column. */
export const anyFilter: Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => {
  const own = fc.oneof(
    fc.array(anyCondition, { minLength: 1, maxLength: 2 }).map((customFields): Filter => ({ customFields })),
    fc.constantFrom('A', 'B').map((start): Filter => ({ firstName: { startsWith: start } })),
  )
  const nested = fc.oneof(
    fc.array(tie('filter'), { minLength: 1, maxLength: 2 }).map((or): Filter => ({ or })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 2 }).map((and): Filter => ({ and })),
    tie('filter').map((not): Filter => ({ not })),
  )
  return { filter: fc.oneof({ maxDepth: 2, withCrossShrink: true }, { weight: 4, arbitrary: own }, { weight: 2, arbitrary: nested }) }
}).filter // prettier-ignore

/** Whether a row fulfils a filter. */
export function fits(row: ModelRow, filter: Filter, fold: (text: string) => string, days: Days): boolean {
  return Object.entries(filter).every(([name, value]) => {
    if (name === 'and') return (value as Filter[]).every((part) => fits(row, part, fold, days))
    if (name === 'or') return (value as Filter[]).some((part) => fits(row, part, fold, days))
    if (name === 'not') return !fits(row, value as Filter, fold, days)
    if (name === 'firstName') return row.firstName.startsWith((value as { startsWith: string }).startsWith)
    return (value as Filter[]).every((condition) => conditionHolds(row, condition, fold, days))
  })
}

function conditionHolds({ values }: ModelRow, condition: Filter, fold: (text: string) => string, days: Days): boolean {
  const field = MODEL_FIELDS.find(({ key }) => key === condition['key']) as ModelField
  const value = values[field.key] ?? null
  if ('isNull' in condition) return (value === null) === condition['isNull']
  const given = condition[field.name] as Readonly<Record<string, unknown>>
  const { caseSensitive, ...operators } = given
  const holds = (input: string, operator: string, operand: unknown, of: Json, isExact: boolean): boolean =>
    operatorHolds({ record: 'Custom', field: 'notes', input, isExact, fold, days }, operator, operand, of as never)
  return Object.entries(operators).every(([operator, operand]) => {
    if (field.name === 'currency') {
      const part = (value as { amount: string; code: string } | null)?.[operator as 'amount' | 'code'] ?? null
      const input = operator === 'amount' ? 'DecimalFilter' : 'CurrencyCodeFilter'
      return Object.entries(operand as object).every(([inner, wanted]) => holds(input, inner, wanted, part, false))
    }
    if (field.name === 'options' && operator !== 'isNull') return optionsHold(value as string[] | null, operator, operand as string[])
    // Addresses are compared apart from case as wholes.
    const isMail = field.type === 'EMAIL' && [...EQUALITY, ...LISTS].includes(operator)
    const isWhole = field.isExact === true && [...EQUALITY, ...LISTS].includes(operator)
    const small = (text: unknown): unknown => (typeof text === 'string' ? text.toLowerCase() : Array.isArray(text) ? text.map(small) : text)
    if (isMail) return holds('StringFilter', operator, small(operand), small(value) as Json, true)
    // Numbers stand in E.164 form here.
    if (field.input === 'PhoneFilter' && !operator.endsWith('With')) return holds('IDFilter', operator, operand, value, false)
    return holds(field.input === 'OptionFilter' ? 'StringFilter' : (field.input ?? ''), operator, operand, value, isWhole || caseSensitive === true)
  }) // prettier-ignore
}

function optionsHold(value: readonly string[] | null, operator: string, wanted: readonly string[]): boolean {
  if (operator === 'none') return !wanted.some((option) => value?.includes(option))
  if (value === null) return false
  return operator === 'any'
    ? wanted.some((option) => value.includes(option))
    : wanted.every((option) => value.includes(option))
}

/** What a row is ordered by in a custom field. */
export function orderKey(
  { values }: ModelRow,
  key: string,
  fold: (text: string) => string,
): string | number | bigint | null {
  const field = MODEL_FIELDS.find((known) => known.key === key) as ModelField
  const value = values[key] ?? null
  if (value === null) return null
  switch (field.type) {
    case 'NUMBER':
      return value as number
    case 'BOOLEAN':
      return Number(value)
    case 'DECIMAL':
    case 'CURRENCY':
      return scaled(field.type === 'CURRENCY' ? (value as { amount: string }).amount : (value as string))
    case 'DATETIME':
      return Date.parse(value as string)
    case 'DROPDOWN':
    case 'RADIO':
      return field.values.indexOf(value)
    case 'DATE':
      return value as string
    default:
      return [...fold(value as string)].slice(0, 200).join('')
  }
}

function scaled(text: string): bigint {
  const [whole = '', decimals = ''] = text.split('.')
  return BigInt(`${whole}${decimals.padEnd(20, '0')}`)
}
