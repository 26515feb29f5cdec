import {
  CUSTOM_VALUE_NAMES,
  OPTION_TYPES,
  type CustomFieldOption,
  type CustomFieldType,
} from '../../concepts/custom-fields.js'
import { createInputCheck } from '../../lib/input.js'
import { quote } from '../../lib/value/checked.js'
import { trimDecimal } from '../../lib/value/decimal.js'
import { dayOf, startOfDay } from './custom-field.days.js'
import { checkCustomValue, type CheckedField, type ValueContext } from './custom-value.checks.js'
import { valueColumns, type CustomValueColumns, type CustomValueInput } from './custom-value.input.js'

/** How values of one field are read as values of another. */
export interface Conversion {
  readonly from: CustomFieldType
  /** the field that takes over */
  readonly to: CheckedField
  /** what is read in place of a value, by how it is written: `{ Gold: 'tier-1' }` */
  readonly mapping: ReadonlyMap<string, string>
  readonly context: Omit<ValueContext, 'stored'>
}

/** What becomes of one value. */
export type Converted =
  | { readonly outcome: 'CONVERTS'; readonly columns: CustomValueColumns; readonly isLossy: boolean }
  | { readonly outcome: 'NEEDS_MAPPING' | 'FAILS'; readonly problem: string }

const NUMBERS = new Set<CustomFieldType>(['NUMBER', 'DECIMAL'])
const WHOLE = /^[+-]?[0-9]+(?:\.0+)?$/
const AMOUNT = /^([+-]?[0-9]+(?:\.[0-9]+)?)(?:\s*([A-Za-z]{3}))?$/
const YES = new Set(['true', 'yes', 'y', '1'])
const NO = new Set(['false', 'no', 'n', '0'])

/**
 * A value as one line of text, from which every other type reads it: `12.5`, `2024-02-29`, `true`, the values of options
 * with commas between them, `12.50 EUR`.
 */
export function writtenValue(type: CustomFieldType, row: CustomValueColumns): string {
  switch (CUSTOM_VALUE_NAMES[type]) {
    case 'number':
    case 'decimal':
      return trimDecimal(row.numberValue ?? '')
    case 'date':
      return row.dateValue ?? ''
    case 'dateTime':
      return row.datetimeValue ?? ''
    case 'boolean':
      return String(row.booleanValue)
    case 'options':
      return (row.optionValues ?? []).join(', ')
    case 'currency':
      return `${row.numberValue ?? ''} ${row.currencyCode ?? ''}`
    default:
      return row.textValue ?? ''
  }
}

/**
 * What a value is in the other field. Every value goes through the check that inputs go through, so that nothing is
 * stored that could not be given. The same value under the same conversion always gives the same.
 */
export function convertValue(conversion: Conversion, row: CustomValueColumns): Converted {
  const { from, to, mapping, context } = conversion
  const written = writtenValue(from, row)
  const mapped = mapping.get(written)
  const input =
    mapped === undefined
      ? readValue(conversion, row, written)
      : readValue({ ...conversion, from: 'TEXT' }, null, mapped)
  if (typeof input === 'string') return { outcome: 'FAILS', problem: input }
  if (input === null) {
    const what = to.type === 'BOOLEAN' ? 'neither yes nor no' : 'none of the options'
    return { outcome: 'NEEDS_MAPPING', problem: `${quote(mapped ?? written)} is ${what}.` }
  }
  const check = createInputCheck()
  // An option that can't be chosen any more may be kept, as by a record that has it.
  const stored = valueColumns({ textValue: input.option ?? null, optionValues: input.options ?? null })
  const columns = checkCustomValue(to, input, check, { ...context, stored })
  if (columns) return { outcome: 'CONVERTS', columns, isLossy: mapped === undefined && isLossy(conversion, row) }
  return { outcome: 'FAILS', problem: check.errors[0]?.message ?? 'Nothing of the value would be left.' }
}

/** Whether a part of a value gets lost that the other type has no place for: a currency, the time of a day. */
function isLossy({ from, to, context }: Conversion, row: CustomValueColumns): boolean {
  if (from === 'CURRENCY') return NUMBERS.has(to.type)
  if (from !== 'DATETIME' || to.type !== 'DATE') return false
  const moment = row.datetimeValue ?? ''
  const { timeZone } = context.tenant
  return startOfDay(dayOf(new Date(moment), timeZone), timeZone) !== moment
}

/**
 * The value as an input of the other type gives it; null where somebody has to say which option is meant, a text says why
 * there is none.
 */
function readValue(
  { from, to, context }: Conversion,
  row: CustomValueColumns | null,
  written: string,
): CustomValueInput | string | null {
  const { timeZone } = context.tenant
  const isAmount = from === 'CURRENCY' && row !== null
  const number = isAmount
    ? trimDecimal(row.numberValue ?? '')
    : from === 'BOOLEAN'
      ? String(Number(written === 'true'))
      : written
  switch (to.type) {
    case 'NUMBER':
      return WHOLE.test(number) ? { number: Number(number) } : `${quote(number)} is no whole number.`
    case 'DECIMAL':
      return { decimal: number }
    case 'DATE':
      return { date: from === 'DATETIME' && row ? dayOf(new Date(written), timeZone) : written }
    case 'DATETIME':
      return { dateTime: from === 'DATE' && row ? startOfDay(written, timeZone) : written }
    case 'BOOLEAN': {
      const word = written.trim().toLowerCase()
      return YES.has(word) ? { boolean: true } : NO.has(word) ? { boolean: false } : null
    }
    case 'DROPDOWN':
    case 'RADIO': {
      const option = optionOf(to.options, written)
      return option === undefined ? null : { option }
    }
    case 'CHECKBOX':
      return optionsOf(to.options, OPTION_TYPES.has(from) && row ? chosenOf(row) : null, written)
    case 'CURRENCY': {
      const [, amount = written, code = null] = AMOUNT.exec(number) ?? []
      return {
        currency: { amount: trimDecimal(amount), code: isAmount ? row.currencyCode : (code?.toUpperCase() ?? null) },
      }
    }
    default:
      return { [CUSTOM_VALUE_NAMES[to.type]]: written }
  }
}

/** The options that a value names; none where it is no value of options. */
export function chosenOf({ textValue, optionValues }: CustomValueColumns): readonly string[] {
  return optionValues ?? (textValue === null ? [] : [textValue])
}

/** The option that a text names: by its value, else by value or label whatever their case and accents. */
function optionOf(options: readonly CustomFieldOption[], text: string): string | undefined {
  const exact = options.find(({ value }) => value === text)
  if (exact) return exact.value
  const folded = fold(text)
  return options.find(({ value, label }) => fold(value) === folded || fold(label) === folded)?.value
}

/** All options that a text names: as a whole, else its parts between commas, semicolons and line breaks. */
function optionsOf(
  options: readonly CustomFieldOption[],
  chosen: readonly string[] | null,
  written: string,
): CustomValueInput | null {
  const whole = chosen === null ? optionOf(options, written) : undefined
  if (whole !== undefined) return { options: [whole] }
  const parts = chosen ?? written.split(/[,;\n]/).map((part) => part.trim())
  const found = parts.filter((part) => part !== '').map((part) => optionOf(options, part))
  const known = found.filter((option) => option !== undefined)
  return known.length === 0 || known.length < found.length ? null : { options: [...new Set(known)] }
}

function fold(text: string): string {
  return text.trim().normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
