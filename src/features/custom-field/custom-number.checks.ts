import type { TenantSettings } from '../../lib/principal.js'
import { accept, formatCount, refuse, type Checked } from '../../lib/value/checked.js'
import { checkCurrency } from '../../lib/value/currency.js'
import { checkDecimal, compareDecimals, trimDecimal } from '../../lib/value/decimal.js'
import { checkInteger } from '../../lib/value/integer.js'
import type { CustomFieldConstraints } from './custom-field.columns.js'
import type { CurrencyInput, CustomValueColumns } from './custom-value.input.js'

/** Digits of a decimal number at most, in all and after the point. */
export const MAX_PRECISION = 38
export const MAX_SCALE = 30
const FREE_SCALE = 10
const MONEY = { precision: 18, scale: 2 }
const SAFE = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }

/** The digits that an amount or a decimal number of a field may have. */
export function digitsOf(constraints: CustomFieldConstraints, isMoney: boolean): { precision: number; scale: number } {
  const precision = constraints.precision ?? (isMoney ? MONEY.precision : MAX_PRECISION)
  const scale = constraints.scale ?? (isMoney ? MONEY.scale : FREE_SCALE)
  return { precision, scale: Math.min(scale, precision) }
}

/** A value of NUMBER: a whole number that JavaScript and JSON keep exactly. */
export function checkNumber(constraints: CustomFieldConstraints, value: number): Checked<string> {
  const checked = checkInteger(value, SAFE)
  return checked.ok ? within(constraints, String(checked.value)) : checked
}

/** A value of DECIMAL: padded to the field's scale, or without one as short as it can be written. */
export function checkDecimalValue(constraints: CustomFieldConstraints, value: string): Checked<string> {
  const checked = checkDecimal(value, digitsOf(constraints, false))
  if (!checked.ok) return checked
  return within(constraints, constraints.scale === undefined ? trimDecimal(checked.value) : checked.value)
}

/** A checked amount; what is refused says in which part of the value. */
type CheckedAmount = Checked<Partial<CustomValueColumns>> & { readonly part?: keyof CurrencyInput }

/** A value of CURRENCY. Without a code it is the tenant's currency, or the only one that the field allows. */
export function checkAmount(
  constraints: CustomFieldConstraints,
  { amount, code }: CurrencyInput,
  { defaultCurrency }: TenantSettings,
): CheckedAmount {
  const checked = checkDecimal(amount, digitsOf(constraints, true))
  const number = checked.ok ? within(constraints, checked.value) : checked
  if (!number.ok) return { ...number, part: 'amount' }
  const { currencies = [] } = constraints
  const usual = currencies.length === 1 ? (currencies[0] ?? null) : defaultCurrency
  const given = code ?? usual
  const refuseCode = (problem: string) => ({ ...refuse(problem), part: 'code' as const })
  if (given === null) return refuseCode('An amount needs a currency.')
  const currency = checkCurrency(given)
  if (!currency.ok) return refuseCode(currency.problem)
  if (currencies.length > 0 && !currencies.includes(currency.value)) {
    return refuseCode(`The currency must be one of ${currencies.join(', ')}; it is ${currency.value}.`)
  }
  return accept({ numberValue: number.value, currencyCode: currency.value })
}

function within({ min, max }: CustomFieldConstraints, value: string): Checked<string> {
  if (min !== undefined && compareDecimals(value, min) < 0) return refuse(`The number must be at least ${spoken(min)}.`)
  if (max !== undefined && compareDecimals(value, max) > 0) return refuse(`The number must be at most ${spoken(max)}.`)
  return accept(value)
}

function spoken(limit: string): string {
  return /^-?[0-9]{1,15}$/.test(limit) ? formatCount(Number(limit)) : limit
}
