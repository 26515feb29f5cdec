import { CUSTOM_VALUE_NAMES, type CustomFieldType } from '../../concepts/custom-fields.js'
import type { InputCheck } from '../../lib/input.js'
import type { TenantSettings } from '../../lib/principal.js'
import { accept, formatCount, quote, refuse, type Checked } from '../../lib/value/checked.js'
import { checkDate, checkDateTime } from '../../lib/value/date.js'
import { checkEmail } from '../../lib/value/email.js'
import { checkPhone } from '../../lib/value/phone.js'
import { checkText, countCodePoints } from '../../lib/value/text.js'
import { checkUrl } from '../../lib/value/url.js'
import type { CustomFieldConstraints, CustomFieldDefinitionRow } from './custom-field.columns.js'
import { checkAmount, checkDecimalValue, checkNumber } from './custom-number.checks.js'
import { dayOf, daysFrom } from './custom-field.days.js'
import { checkOptions } from './custom-option.checks.js'
import { matchesPattern, type NoteSteps } from './pattern.js'
import {
  givenNames,
  valueColumns,
  type CurrencyInput,
  type CustomValueColumns,
  type CustomValueInput,
} from './custom-value.input.js'

/** What a value is checked by beside its definition. */
export interface ValueContext {
  readonly tenant: TenantSettings
  readonly now: Date
  /** what the record has by now; null for a new one */
  readonly stored: CustomValueColumns | null
  readonly noteSteps?: NoteSteps
}

/** What of a definition says which values fit. */
export type CheckedField = Pick<CustomFieldDefinitionRow, 'key' | 'type' | 'constraints' | 'options'>

/** What is refused may say in which part of the value: the `code` of an amount. */
type CheckedValue = Checked<Partial<CustomValueColumns> | null> & { readonly part?: string }
type Check = (field: CheckedField, value: never, context: ValueContext) => CheckedValue

/** The longest text of each type, in code points. */
const TEXT_LENGTHS = { TEXT: 255, TEXTAREA: 65_536, URL: 2048, EMAIL: 320 } as const

/** The longest text that a field may hold; of types that hold no text, that of a TEXT. */
export function longestText(type: CustomFieldType, { maxLength = Infinity }: CustomFieldConstraints): number {
  return Math.min(maxLength, TEXT_LENGTHS[type in TEXT_LENGTHS ? (type as keyof typeof TEXT_LENGTHS) : 'TEXT'])
}

const CHECKS: Readonly<Record<CustomFieldType, Check>> = {
  TEXT: checkTextValue,
  TEXTAREA: checkTextValue,
  NUMBER: (field, value: number) => numberColumn(checkNumber(field.constraints, value)),
  DECIMAL: (field, value: string) => numberColumn(checkDecimalValue(field.constraints, value)),
  DATE: checkDateValue,
  DATETIME: checkDateTimeValue,
  BOOLEAN: (_, value: boolean) => accept({ booleanValue: value }),
  DROPDOWN: checkOption,
  RADIO: checkOption,
  CHECKBOX: checkOptionList,
  URL: ({ constraints }, value: string, context) => textColumn(matching(constraints, checkUrl(value), context)),
  EMAIL: checkEmailValue,
  PHONE: checkPhoneValue,
  CURRENCY: ({ constraints }, value: CurrencyInput, { tenant }) => checkAmount(constraints, value, tenant),
}

/**
 * The one place where values of custom fields are checked: those of inputs and defaults of definitions. Gives the
 * columns to store, null where the value is cleared, undefined where it was refused; problems go to `check`, at the name
 * of the value.
 */
export function checkCustomValue(
  field: CheckedField,
  input: CustomValueInput,
  check: InputCheck,
  context: ValueContext,
): CustomValueColumns | null | undefined {
  const wanted = CUSTOM_VALUE_NAMES[field.type]
  const [given, second] = givenNames(input)
  if (given === undefined) return refused(check, '', `Give a value: ${quote(field.key)} takes \`${wanted}\`.`)
  if (second !== undefined) return refused(check, second, 'Give one value alone.')
  if (given !== wanted) {
    return refused(check, given, `${quote(field.key)} is a field of type ${field.type}: give \`${wanted}\`.`)
  }
  const value = input[wanted]
  if (value === null || value === undefined) return null
  const checked = CHECKS[field.type](field, value as never, context)
  if (!checked.ok) {
    return checked.part === undefined
      ? refused(check, wanted, checked.problem)
      : refused(check.at(wanted), checked.part, checked.problem)
  }
  return checked.value && valueColumns(checked.value)
}

function refused(check: InputCheck, field: string, message: string): undefined {
  check.refuse(field, message)
  return undefined
}

function textColumn(checked: Checked<string | null>): Checked<Partial<CustomValueColumns> | null> {
  return checked.ok ? accept(checked.value === null ? null : { textValue: checked.value }) : checked
}

function numberColumn(checked: Checked<string>): Checked<Partial<CustomValueColumns>> {
  return checked.ok ? accept({ numberValue: checked.value }) : checked
}

function checkTextValue(
  { type, constraints }: CheckedField,
  value: string,
  context: ValueContext,
): Checked<Partial<CustomValueColumns> | null> {
  const checked = checkText(value, { maxLength: longestText(type, constraints), multiline: type === 'TEXTAREA' })
  if (!checked.ok || checked.value === null) return textColumn(checked)
  const length = countCodePoints(checked.value)
  const { minLength = 0 } = constraints
  if (length < minLength) {
    return refuse(`The text has ${formatCount(length)} characters; at least ${formatCount(minLength)} are needed.`)
  }
  return textColumn(matching(constraints, checked, context))
}

/** The text where the whole of it matches the field's pattern: in linear time, whatever the pattern. */
function matching(
  constraints: CustomFieldConstraints,
  checked: Checked<string | null>,
  { noteSteps }: ValueContext,
): Checked<string | null> {
  if (!checked.ok || checked.value === null || matchesPattern(constraints, checked.value, noteSteps)) return checked
  return refuse(`${quote(checked.value)} doesn't match the pattern ${constraints.pattern}.`)
}

function checkDateValue({ constraints }: CheckedField, value: string, { tenant, now }: ValueContext) {
  const checked = checkDate(value)
  if (!checked.ok) return checked
  const { min = '0001-01-01', max = '9999-12-31' } = constraints
  const problem = dayProblem(constraints, checked.value, min, max, dayOf(now, tenant.timeZone))
  return problem ?? accept({ dateValue: checked.value })
}

function checkDateTimeValue({ constraints }: CheckedField, value: string, { tenant, now }: ValueContext) {
  const checked = checkDateTime(value)
  if (!checked.ok) return checked
  const { min, max } = constraints
  if (min !== undefined && checked.value < min) return refuse(`The moment must not be before ${min}.`)
  if (max !== undefined && checked.value > max) return refuse(`The moment must not be after ${max}.`)
  const [day, today] = [dayOf(new Date(checked.value), tenant.timeZone), dayOf(now, tenant.timeZone)]
  return dayProblem(constraints, day, day, day, today) ?? accept({ datetimeValue: checked.value })
}

/** What is wrong with a day; null where it is within the days that may be given. Years have four digits. */
function dayProblem(constraints: CustomFieldConstraints, day: string, min: string, max: string, today: string) {
  const { minDaysFromToday, maxDaysFromToday } = constraints
  if (day < min) return refuse(`The day must not be before ${min}.`)
  if (day > max) return refuse(`The day must not be after ${max}.`)
  const first = minDaysFromToday === undefined ? null : daysFrom(today, minDaysFromToday)
  const last = maxDaysFromToday === undefined ? null : daysFrom(today, maxDaysFromToday)
  if (first !== null && day < first) return refuse(`Today the day must not be before ${first}.`)
  if (last !== null && day > last) return refuse(`Today the day must not be after ${last}.`)
  return null
}

function checkOption({ options }: CheckedField, value: string, { stored }: ValueContext) {
  const checked = checkOptions(options, [value], stored?.textValue ? [stored.textValue] : [])
  return checked.ok ? accept({ textValue: checked.value[0] ?? null }) : checked
}

function checkOptionList({ options }: CheckedField, values: readonly string[], { stored }: ValueContext) {
  const checked = checkOptions(options, values, stored?.optionValues ?? [])
  if (!checked.ok) return checked
  return accept(checked.value.length === 0 ? null : { optionValues: checked.value })
}

/** The domain is stored in lower-case ASCII, so that one address has one form apart from case. */
function checkEmailValue(
  { constraints }: CheckedField,
  value: string,
  context: ValueContext,
): Checked<Partial<CustomValueColumns> | null> {
  const checked = checkEmail(value)
  if (!checked.ok) return checked
  const { email, domain } = checked.value
  return textColumn(matching(constraints, accept(`${email.slice(0, email.lastIndexOf('@'))}@${domain}`), context))
}

function checkPhoneValue(_: CheckedField, value: string, { tenant }: ValueContext) {
  const checked = checkPhone(value, tenant.defaultCountry)
  if (!checked.ok) return checked
  if (checked.value.extension !== null) return refuse("The number has an extension, which the field doesn't keep.")
  return accept({ textValue: checked.value.e164 })
}
