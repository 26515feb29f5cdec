import type { CustomFieldType } from '../../concepts/custom-fields.js'
import { givenOnly, type Given, type InputCheck } from '../../lib/input.js'
import { accept, formatCount, quote, refuse, type Checked } from '../../lib/value/checked.js'
import { checkCurrency } from '../../lib/value/currency.js'
import { checkDate, checkDateTime } from '../../lib/value/date.js'
import { checkDecimal, compareDecimals, trimDecimal } from '../../lib/value/decimal.js'
import { checkInteger } from '../../lib/value/integer.js'
import { countCodePoints } from '../../lib/value/text.js'
import type { CustomFieldConstraints } from './custom-field.columns.js'
import { digitsOf, MAX_PRECISION, MAX_SCALE } from './custom-number.checks.js'
import { longestText } from './custom-value.checks.js'
import { mostSteps, stepsOf } from './pattern.js'

/** Constraints as clients give them. */
export type ConstraintsInput = {
  readonly [Name in keyof CustomFieldConstraints]?: Given<CustomFieldConstraints[Name]>
}

type Name = keyof CustomFieldConstraints

const TEXT: readonly Name[] = ['minLength', 'maxLength', 'pattern']
const DAYS: readonly Name[] = ['min', 'max', 'minDaysFromToday', 'maxDaysFromToday']

/** What each type can be held to. */
const ALLOWED: Readonly<Record<CustomFieldType, readonly Name[]>> = {
  TEXT,
  TEXTAREA: TEXT,
  NUMBER: ['min', 'max'],
  DECIMAL: ['min', 'max', 'precision', 'scale'],
  DATE: DAYS,
  DATETIME: DAYS,
  BOOLEAN: [],
  DROPDOWN: [],
  RADIO: [],
  CHECKBOX: [],
  URL: ['pattern'],
  EMAIL: ['pattern'],
  PHONE: [],
  CURRENCY: ['min', 'max', 'precision', 'scale', 'currencies'],
}

const MAX_PATTERN_LENGTH = 200
const MAX_MATCHED_LENGTH = 4000
const MAX_DAYS = 36_500
const MAX_CURRENCIES = 50

/** The constraints of a definition, checked: each for itself, then against each other. Problems go to `check`. */
export function checkConstraints(
  type: CustomFieldType,
  check: InputCheck,
  input: ConstraintsInput,
): CustomFieldConstraints {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined)
  for (const [name] of given) {
    if (!ALLOWED[type].includes(name as Name)) check.refuse(name, `Fields of type ${type} have no \`${name}\`.`)
  }
  const own = Object.fromEntries(given.filter(([name]) => ALLOWED[type].includes(name as Name))) as ConstraintsInput
  const longest = longestText(type, {})
  const whole = (name: Name, min: number, max: number) =>
    check.take(name, own[name] as Given<number>, (value) => checkInteger(value, { min, max })) ?? undefined
  const digits = givenOnly({ precision: whole('precision', 1, MAX_PRECISION), scale: whole('scale', 0, MAX_SCALE) })
  const limit = (name: 'min' | 'max') => check.take(name, own[name], limitCheck(type, digits)) ?? undefined
  const constraints: CustomFieldConstraints = givenOnly({
    minLength: whole('minLength', 0, longest),
    maxLength: whole('maxLength', 1, longest),
    pattern: check.take('pattern', own.pattern, checkPattern) ?? undefined,
    min: limit('min'),
    max: limit('max'),
    minDaysFromToday: whole('minDaysFromToday', -MAX_DAYS, MAX_DAYS),
    maxDaysFromToday: whole('maxDaysFromToday', -MAX_DAYS, MAX_DAYS),
    ...digits,
    currencies: check.take('currencies', own.currencies, checkCurrencies) ?? undefined,
  })
  checkTogether(type, check, constraints)
  return constraints
}

function checkTogether(type: CustomFieldType, check: InputCheck, constraints: CustomFieldConstraints): void {
  const { minLength, maxLength, pattern, min, max, minDaysFromToday, maxDaysFromToday, precision, scale } = constraints
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength) {
    check.refuse('minLength', 'The least length must not be above the greatest.')
  }
  if (min !== undefined && max !== undefined && isAbove(type, min, max)) {
    check.refuse('min', 'The least must not be above the most.')
  }
  if (minDaysFromToday !== undefined && maxDaysFromToday !== undefined && minDaysFromToday > maxDaysFromToday) {
    check.refuse('minDaysFromToday', 'The first day must not be after the last.')
  }
  if (scale !== undefined && scale > digitsOf({ precision: precision ?? MAX_PRECISION }, false).precision) {
    check.refuse('scale', 'There must not be more digits after the point than in all.')
  }
  if (pattern !== undefined && type === 'TEXTAREA' && (maxLength ?? Infinity) > MAX_MATCHED_LENGTH) {
    check.refuse('pattern', `A pattern needs a \`maxLength\` of ${formatCount(MAX_MATCHED_LENGTH)} at most.`)
  } else if (pattern !== undefined) {
    checkSteps(type, check, pattern, longestText(type, constraints))
  }
}

/** Refuses a pattern that would take long for the longest text: time is its steps for each character. */
function checkSteps(type: CustomFieldType, check: InputCheck, pattern: string, length: number): void {
  const [steps, most] = [stepsOf(pattern), mostSteps(length)]
  if (steps <= most) return
  const shorter = type === 'TEXTAREA' ? ', or give a smaller `maxLength`' : ''
  check.refuse(
    'pattern',
    `The pattern has ${formatCount(steps)} steps with its repetitions written out; for texts of ${formatCount(length)} characters at most ${formatCount(most)} are allowed: repeat less by {n,m}${shorter}.`,
  )
}

function isAbove(type: CustomFieldType, min: string, max: string): boolean {
  // Moments are ISO texts in UTC, days have four-digit years: both compare as texts.
  return type === 'DATE' || type === 'DATETIME' ? min > max : compareDecimals(min, max) > 0
}

/** The check of a limit, which must be a value of the field itself. */
function limitCheck(type: CustomFieldType, digits: CustomFieldConstraints): (value: string) => Checked<string> {
  if (type === 'DATE') return checkDate
  if (type === 'DATETIME') return checkDateTime
  const range = type === 'NUMBER' ? { precision: 16, scale: 0 } : digitsOf(digits, type === 'CURRENCY')
  return (value) => {
    const checked = checkDecimal(value, range)
    return checked.ok ? accept(trimDecimal(checked.value)) : checked
  }
}

/** A regular expression that runs in linear time: look-around and back-references are none. */
function checkPattern(pattern: string): Checked<string> {
  const length = countCodePoints(pattern)
  if (length > MAX_PATTERN_LENGTH) {
    return refuse(`The pattern has ${formatCount(length)} characters; at most ${MAX_PATTERN_LENGTH} are allowed.`)
  }
  if (/[\p{Cc}\p{Cs}]/u.test(pattern))
    return refuse('The pattern holds a control character, or half of a surrogate pair.')
  try {
    stepsOf(pattern)
    return accept(pattern)
  } catch (error) {
    const [, reason = 'it is none'] = /^error parsing regexp: (.*)$/s.exec((error as Error).message) ?? []
    return refuse(`${quote(pattern)} is not a pattern of RE2: ${reason}.`)
  }
}

function checkCurrencies(currencies: readonly string[]): Checked<readonly string[]> {
  if (currencies.length > MAX_CURRENCIES) return refuse(`There may be ${MAX_CURRENCIES} currencies at most.`)
  const codes: string[] = []
  for (const currency of currencies) {
    const checked = checkCurrency(currency)
    if (!checked.ok) return checked
    codes.push(checked.value)
  }
  return accept([...new Set(codes)])
}
