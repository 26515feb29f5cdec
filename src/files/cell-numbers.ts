import { quote } from '../lib/value/checked.js'
import { read, unreadable, type CellResult } from './cell-error.js'
import type { CellOptions } from './mapping.js'

const SPACES_AND_APOSTROPHES = /(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))/g
const PLAIN = /^[+-]?[0-9]+(?:\.[0-9]+)?$/
const COMMA_DECIMALS = /^[+-]?[0-9]+,[0-9]+$/
const COMMA_THOUSANDS = /^[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?$/
const POINT_THOUSANDS = /^[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?$/

/**
 * A decimal number as the API takes it: digits and a point. Thousands may be separated by spaces, apostrophes, or what
 * isn't the decimal separator. A point alone is the decimal point unless `decimalSeparator` is a comma; a comma with
 * three digits behind it (`1,234`) is AMBIGUOUS_NUMBER unless it is declared.
 *
 * | cell          | undeclared | `.`       | `,`     |
 * | ------------- | ---------- | --------- | ------- |
 * | `1234.5`      | 1234.5     | 1234.5    | refused |
 * | `1,234.50`    | 1234.50    | 1234.50   | refused |
 * | `1.234,50`    | 1234.50    | refused   | 1234.50 |
 * | `12,5`        | 12.5       | refused   | 12.5    |
 * | `1,234`       | ambiguous  | 1234      | 1.234   |
 * | `1.234`       | 1.234      | 1.234     | 1234    |
 */
export function readDecimal(cell: string, { decimalSeparator }: CellOptions): CellResult<string> {
  const text = cell.trim().replace('\u2212', '-').replace(SPACES_AND_APOSTROPHES, '')
  const withPoint = (): string | null =>
    PLAIN.test(text) ? text : COMMA_THOUSANDS.test(text) ? text.replaceAll(',', '') : null
  const withComma = (): string | null => {
    if (COMMA_DECIMALS.test(text) || /^[+-]?[0-9]+$/.test(text)) return text.replace(',', '.')
    return POINT_THOUSANDS.test(text) ? text.replaceAll('.', '').replace(',', '.') : null
  }
  if (decimalSeparator !== undefined) return number(cell, decimalSeparator === ',' ? withComma() : withPoint())
  if (PLAIN.test(text)) return number(cell, text)
  const [asPoint, asComma] = [withPoint(), withComma()]
  if (asPoint !== null && asComma !== null) {
    const message = `The comma of ${quote(cell)} may separate thousands or decimals: say which character separates decimals in this column (decimalSeparator).`
    return unreadable('AMBIGUOUS_NUMBER', message, 'decimalSeparator')
  }
  return number(cell, asPoint ?? asComma)
}

/** A whole number; decimals may be zeros. */
export function readInteger(cell: string, options: CellOptions): CellResult<number> {
  const decimal = readDecimal(cell, options)
  if (!decimal.ok) return decimal
  const value = Number(decimal.value)
  if (Number.isSafeInteger(value)) return read(value)
  return unreadable('INVALID_NUMBER', `${quote(cell)} is no whole number that can be stored.`)
}

/** A number with decimals that may be rounded: degrees. */
export function readFloat(cell: string, options: CellOptions): CellResult<number> {
  const decimal = readDecimal(cell, options)
  if (!decimal.ok) return /^[+-]?[0-9.]+e[+-]?[0-9]+$/i.test(cell) ? read(Number(cell)) : decimal
  return read(Number(decimal.value))
}

function number(cell: string, text: string | null): CellResult<string> {
  return text === null
    ? unreadable('INVALID_NUMBER', `${quote(cell)} is no number, as -1250.50 is.`)
    : read(text.replace(/^\+/, ''))
}
