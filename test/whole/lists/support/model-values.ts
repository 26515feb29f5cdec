import { domainToASCII } from 'node:url'
import { phoneOf } from './values.js'
import { localDay, shiftDay } from './days.js'
import { isEnum, inputFields } from './schema.js'
import type { Value } from './model.js'
import { removeInvisible } from '../../../../src/lib/value/invisible.js'

/** What a row is ordered by in one step. */
export type OrderKey = string | number | bigint | null

/** What relative days are counted by. */
export interface Days {
  readonly now: Date
  readonly zone: string | null
}

/** A value's field, and how it is compared. */
interface Around {
  readonly record: string
  readonly field: string
  /** name of the filter input */
  readonly input: string
  /** texts: as they are stored */
  readonly isExact: boolean
  readonly fold: (text: string) => string
  readonly days: Days
}

/** Small values first; what isn't here has no order but that of equal and unequal. */
const RANKS: Readonly<Record<string, readonly string[]>> = {
  Role: ['VIEWER', 'MEMBER', 'MANAGER', 'ADMIN'],
  CompanyStatus: ['LEAD', 'PROSPECT', 'CUSTOMER', 'PARTNER', 'CHURNED'],
  CompanyPriority: ['LOW', 'MEDIUM', 'HIGH', 'URGENT'],
}

/** Whether one operator holds for a value. It is true or false, also of no value. */
export function operatorHolds(around: Around, operator: string, operand: unknown, value: Value): boolean {
  if (operator === 'isNull') return (value === null) === operand
  if (value === null) return operator === 'ne' || operator === 'notIn'
  if (operator === 'withinDays' || operator === 'olderThanDays') {
    return daysHold(around, operator, operand as number, String(value))
  }
  if (operator === 'relative') return relativeHolds(around, operand as { from?: number; to?: number }, String(value))
  if (around.input === 'StringFilter' && PARTS.has(operator)) return partHolds(around, operator, String(operand), value)
  if (around.input === 'PhoneFilter' && operator === 'startsWith') return String(value).startsWith(String(operand))
  if (around.input === 'PhoneFilter' && operator === 'endsWith') return String(value).slice(1).endsWith(String(operand))
  return comparisonHolds(around, operator, operand, value)
}

/** What a value is ordered by: folded text, the rank of an enum, a number, a moment in milliseconds. */
export function toOrderKey(
  { record, field, input, fold }: Pick<Around, 'record' | 'field' | 'input' | 'fold'>,
  value: Value,
): OrderKey {
  if (value === null) return null
  const type = inputFields(input).get('eq') ?? ''
  if (isEnum(type)) return (RANKS[type] ?? []).indexOf(String(value))
  if (input === 'StringFilter') return cut(record, field, fold(String(value)))
  return comparable(input, value)
}

function comparisonHolds(around: Around, operator: string, operand: unknown, value: Value): boolean {
  const { input } = around
  const toKey =
    EQUALITY.has(operator) && !around.isExact ? IDENTIFIER_KEYS[`${around.record}.${around.field}`] : undefined
  const read = (given: unknown): Exclude<OrderKey, null> => {
    if (input !== 'StringFilter') return comparable(input, given as Value)
    return toKey ? toKey(String(given)) : wholeText(around, String(given), EQUALITY.has(operator))
  }
  const readStored = (): Exclude<OrderKey, null> => {
    if (input !== 'StringFilter') return comparable(input, value)
    return toKey ? toKey(String(value)) : storedText(around, String(value))
  }
  const stored = readStored()
  const against = (given: unknown): number => compare(stored, read(given))
  const among = (): boolean => (operand as unknown[]).some((given) => against(given) === 0)
  switch (operator) {
    case 'eq':
      return against(operand) === 0
    case 'ne':
      return against(operand) !== 0
    case 'in':
      return among()
    case 'notIn':
      return !among()
    case 'lt':
      return against(operand) < 0
    case 'lte':
      return against(operand) <= 0
    case 'gt':
      return against(operand) > 0
    case 'gte':
      return against(operand) >= 0
    case 'between': {
      const { from, to } = operand as { from: unknown; to: unknown }
      return against(from) >= 0 && against(to) <= 0
    }
    default:
      throw new Error(`no operator ${operator} in ${input}`)
  }
}

function comparable(input: string, value: Value): Exclude<OrderKey, null> {
  switch (input) {
    case 'IDFilter':
      return String(value).toLowerCase()
    case 'CountryCodeFilter':
    case 'CurrencyCodeFilter':
      return String(value).trim().toUpperCase()
    case 'DateTimeFilter':
      return Date.parse(String(value))
    case 'DecimalFilter':
      return toScaled(String(value))
    case 'PhoneFilter':
      return phoneOf(String(value))
    case 'BooleanFilter':
      return Number(value)
    default:
      return value as string | number
  }
}

const SCALE = 30

/** A decimal as a whole number of its 30th digits. */
function toScaled(text: string): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)([0-9]+)(?:\.([0-9]+))?$/.exec(text) ?? []
  const scaled = BigInt(whole + fraction.padEnd(SCALE, '0'))
  return sign === '-' ? -scaled : scaled
}

function compare(a: Exclude<OrderKey, null>, b: Exclude<OrderKey, null>): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}

/** What names one record is compared as it is stored, e-mail addresses in small letters with the domain in ASCII. */
const IDENTIFIER_KEYS: Readonly<Record<string, (text: string) => string>> = {
  'Contact.externalId': (text) => text.normalize('NFC'),
  'Company.externalId': (text) => text.normalize('NFC'),
  'SocialMediaAccount.handle': (text) => text.normalize('NFC'),
  'EmailAddress.email': emailKey,
  'User.email': emailKey,
}

function emailKey(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = at < 0 ? '' : domainToASCII(email.slice(at + 1))
  return (domain ? `${email.slice(0, at)}@${domain}` : email).normalize('NFC').toLowerCase().replaceAll('ς', 'σ')
}

const EQUALITY = new Set(['eq', 'ne', 'in', 'notIn'])
const PARTS = new Set(['contains', 'startsWith', 'endsWith', 'matches'])

function storedText({ record, field, isExact, fold }: Around, value: string): string {
  return isExact ? value : cut(record, field, fold(value))
}

/** A text that is asked for, without what is drawn as nothing, as stored texts are: of U+200D alone nothing is left. */
function readText(field: string, given: string): string {
  return removeInvisible(given, { multiline: field === 'notes' }).normalize('NFC')
}

/** A text that is compared as a whole. Domains are stored in ASCII, so one that is asked for is put into ASCII too. */
function wholeText({ record, field, isExact, fold }: Around, given: string, isEquality: boolean): string {
  const domain = isEquality && field === 'domain' ? domainToASCII(given) : ''
  if (domain.includes('.')) return domain
  const text = readText(field, given)
  return isExact ? text : cut(record, field, fold(text))
}

/** Folded texts are compared in a length of 255 characters, full names in 600, notes in full. */
function cut(record: string, field: string, text: string): string {
  if (field === 'notes' || (record === 'EmailAddress' && field === 'domain')) return text
  return [...text].slice(0, field === 'fullName' ? 600 : 255).join('')
}

function partHolds(around: Around, operator: string, operand: string, value: Value): boolean {
  const stored = storedText(around, String(value))
  const given = readText(around.field, operand)
  const part = around.isExact ? given : around.fold(given)
  switch (operator) {
    case 'contains':
      return stored.includes(part)
    case 'startsWith':
      return stored.startsWith(part)
    case 'endsWith':
      return stored.endsWith(part)
    default: {
      const words = wordsOf(stored)
      return wordsOf(part).every((start) => words.some((word) => word.startsWith(start)))
    }
  }
}

/** Words of a text: every ASCII character that is no letter or digit stands between them. */
function wordsOf(text: string): string[] {
  return text.split(/[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/).filter((word) => word !== '')
}

/** Days of the calendar, counted from today; a side that isn't given is open. */
function relativeHolds({ input, days }: Around, { from, to }: { from?: number; to?: number }, value: string): boolean {
  const today = localDay(days.zone, days.now.getTime())
  const day = input === 'DateFilter' ? value : localDay(days.zone, Date.parse(value))
  return (from === undefined || day >= shiftDay(today, from)) && (to === undefined || day <= shiftDay(today, to))
}

/** Days of the calendar, of moments in the tenant's time zone; a negative number looks ahead. */
function daysHold({ input, days }: Around, operator: string, count: number, value: string): boolean {
  const today = localDay(days.zone, days.now.getTime())
  const day = input === 'DateFilter' ? value : localDay(days.zone, Date.parse(value))
  const edge = shiftDay(today, -count)
  if (operator === 'olderThanDays') return day < edge
  return count >= 0 ? day >= edge && day <= today : day >= today && day <= edge
}
