import type { ConceptField, FieldKind } from '../concepts/concept-fields.js'
import { accept, refuse, type Checked } from '../lib/value/checked.js'
import { checkCountry } from '../lib/value/country.js'
import { checkCurrency } from '../lib/value/currency.js'
import { checkDate, checkDateTime } from '../lib/value/date.js'
import { toAsciiDomain } from '../lib/value/domain.js'
import { checkEmail } from '../lib/value/email.js'
import { removeInvisible } from '../lib/value/invisible.js'
import { checkPhone } from '../lib/value/phone.js'

const EQUALITY = ['eq', 'ne', 'in', 'notIn'] as const
const RANGES = ['lt', 'lte', 'gt', 'gte', 'between'] as const
const NULLS = ['isNull'] as const
const DAYS = ['withinDays', 'olderThanDays', 'relative'] as const
const PARTS = ['contains', 'startsWith', 'endsWith', 'matches'] as const

/** The operators of each kind of field, by the names of the API's filters. */
const OPERATORS = {
  text: [...EQUALITY, ...RANGES, ...NULLS, ...PARTS],
  domain: [...EQUALITY, ...RANGES, ...NULLS, ...PARTS],
  id: [...EQUALITY, ...NULLS],
  integer: [...EQUALITY, ...RANGES, ...NULLS],
  decimal: [...EQUALITY, ...RANGES, ...NULLS],
  boolean: ['eq', 'ne'],
  date: [...EQUALITY, ...RANGES, ...NULLS, ...DAYS],
  datetime: [...EQUALITY, ...RANGES, ...NULLS, ...DAYS],
  enum: EQUALITY,
  country: [...EQUALITY, ...NULLS],
  currency: [...EQUALITY, ...NULLS],
  phone: [...EQUALITY, 'startsWith', 'endsWith'],
} as const satisfies Record<FieldKind, readonly string[]>

export type Operator = (typeof OPERATORS)[FieldKind][number]

/**
 * A checked value as a statement takes it: `2026-01-31T09:00:00.000Z` for a date and time, `'1250000.50'` for a
 * decimal.
 */
export type OperandValue = string | number | boolean
export type Operand = OperandValue | readonly OperandValue[] | RelativeDays

/** Days counted from today: -1 is yesterday. A side that is absent is open. */
export interface RelativeDays {
  readonly from?: number
  readonly to?: number
}

/** The operators that a field has: `eq`, `ne` for a boolean. */
export function operatorsOf(field: ConceptField): readonly Operator[] {
  return OPERATORS[field.kind]
}

/**
 * What stands behind an operator, checked and in the form that statements take:
 *
 * | operator                                      | operand                                                     |
 * | --------------------------------------------- | ----------------------------------------------------------- |
 * | `eq: "de"` of a country                       | `'DE'`                                                      |
 * | `in: ["030 1234567"]` of phone numbers, in DE | `['+49301234567']`                                          |
 * | `between: { from: "1", to: "2.5" }`           | `['1', '2.5']`                                              |
 * | `relative: { to: 0 }`                         | `{ to: 0 }`                                                 |
 *
 * Where a value is wrong, `fail` is called with its place below the operator (`['to']`, `[1]`, `[]`) and what is wrong;
 * it must throw.
 */
export function checkOperand(
  field: ConceptField,
  operator: Operator,
  value: unknown,
  country: string | null,
  fail: (place: readonly (string | number)[], problem: string) => never,
): Operand {
  const take = (one: unknown, place: readonly (string | number)[]): OperandValue => {
    const checked = checkValue(field, operator, one as OperandValue, country)
    return checked.ok ? checked.value : fail(place, checked.problem)
  }
  if (operator === 'between') {
    const { from, to } = value as { from: unknown; to: unknown }
    return [take(from, ['from']), take(to, ['to'])]
  }
  if (operator === 'relative') return checkRelative(value as Readonly<Record<string, number | null>>, fail)
  if (Array.isArray(value)) return value.map((one, index) => take(one, [index]))
  return take(value, [])
}

function checkRelative(
  given: Readonly<Record<string, number | null>>,
  fail: (place: readonly string[], problem: string) => never,
): RelativeDays {
  const sides = Object.entries(given).map(([side, days]) => {
    if (days === null) fail([side], 'null says nothing here: leave it out for a range that is open on this side.')
    const checked = checkDays(days)
    return [side, checked.ok ? checked.value : fail([side], checked.problem)] as const
  })
  if (sides.length === 0) fail([], 'Give `from`, `to` or both; for any value at all ask for `isNull: false`.')
  return Object.fromEntries(sides)
}

const MAX_DAYS = 36_500
// As many digits as a custom field may have: 38, of which 30 after the point.
const DECIMAL = /^[+-]?[0-9]{1,38}(?:\.[0-9]{1,30})?$/

function checkValue(
  field: ConceptField,
  operator: Operator,
  value: OperandValue,
  country: string | null,
): Checked<OperandValue> {
  if (operator === 'isNull') return accept(value)
  if (operator === 'withinDays' || operator === 'olderThanDays') return checkDays(value as number)
  const text = String(value)
  switch (field.kind) {
    case 'decimal':
      return DECIMAL.test(text) ? accept(text) : refuse('This is not a decimal number: write it as 1250000.50.')
    case 'date':
      return checkDate(text)
    case 'datetime':
      return checkDateTime(text)
    case 'country':
      return checkCountry(text)
    case 'currency':
      return checkCurrency(text)
    case 'phone':
      return checkPhoneOperand(operator, text, country)
    case 'domain':
      return accept((isEquality(operator) ? toAsciiDomain(text) : null) ?? removeInvisible(text).normalize('NFC'))
    case 'text':
      return accept(toTextOperand(field, operator, text))
    case 'id':
      return accept(text.toLowerCase())
    default:
      return accept(value)
  }
}

function isEquality(operator: Operator): boolean {
  return (EQUALITY as readonly string[]).includes(operator)
}

/** A text as texts are stored, without what is drawn as nothing; of an e-mail address without spaces around it too. */
function toTextOperand({ identifier, isOrderless }: ConceptField, operator: Operator, text: string): string {
  const checked = checkEmail(text)
  if (identifier === 'email' && isEquality(operator) && checked.ok) return checked.value.email
  // What can't be ordered by are texts of several lines.
  return removeInvisible(text, { multiline: isOrderless === true }).normalize('NFC')
}

function checkDays(days: number): Checked<number> {
  return Math.abs(days) <= MAX_DAYS ? accept(days) : refuse(`Days must be between -${MAX_DAYS} and ${MAX_DAYS}.`)
}

/** A whole number as E.164, or the digits that a number starts or ends with. */
function checkPhoneOperand(operator: Operator, text: string, country: string | null): Checked<string> {
  if (operator === 'startsWith') {
    return /^\+[0-9]{1,15}$/.test(text) ? accept(text) : refuse('Write the start of a number as + and 1 to 15 digits.')
  }
  if (operator === 'endsWith') {
    return /^[0-9]{1,15}$/.test(text) ? accept(text) : refuse('Write the end of a number as 1 to 15 digits.')
  }
  const checked = checkPhone(text, country)
  if (checked.ok) return accept(checked.value.e164)
  // As search has it: digits alone that are no number of the country may be a whole one without its +.
  const whole = /^[0-9]+$/.test(text) ? checkPhone(`+${text}`, null) : checked
  return whole.ok ? accept(whole.value.e164) : checked
}
