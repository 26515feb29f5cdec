import { accept, formatCount, quote, refuse, type Checked } from './checked.js'
import { checkLine } from './text.js'

const RULE = { maxLength: 255, what: 'number' }
const DECIMAL = /^([+-]?)([0-9]+)(?:\.([0-9]+))?$/

/**
 * A decimal number as PostgreSQL prints it from `numeric(precision, scale)`: no plus, no leading zeros, padded to
 * `scale` decimals; `-0` is zero. What doesn't fit is refused, never rounded, `1.000` for two decimals too: it may mean
 * a thousand. No exponent, no separators, a digit on both sides of the point. Works on the text, so that every digit is
 * kept. `precision` counts all digits, `scale` those after the point.
 */
export function checkDecimal(
  value: string,
  { precision, scale }: { readonly precision: number; readonly scale: number },
): Checked<string> {
  const line = checkLine(value, RULE)
  if (!line.ok) return line
  const match = DECIMAL.exec(line.value)
  if (!match)
    return refuse(`${quote(line.value)} is not a decimal number: write digits and a point only, as -1250000.50.`)
  const [, sign, whole = '', decimals = ''] = match
  const integer = whole.replace(/^0+(?=[0-9])/, '')
  const tooMany = (count: number, most: number, where: string) =>
    refuse(`The number has ${formatCount(count)} digits ${where} the point; at most ${formatCount(most)} are allowed.`)
  if (integer !== '0' && integer.length > precision - scale) return tooMany(integer.length, precision - scale, 'before')
  if (decimals.length > scale) return tooMany(decimals.length, scale, 'after')
  const magnitude = scale > 0 ? `${integer}.${decimals.padEnd(scale, '0')}` : integer
  return accept(sign === '-' && /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude)
}

/** Whether a decimal number is below another (-1), equal to it (0) or above it (1), digit by digit: `1.50` equals `1.5`. */
export function compareDecimals(a: string, b: string): number {
  const scale = Math.max(decimalsOf(a), decimalsOf(b))
  const [x, y] = [scaled(a, scale), scaled(b, scale)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** The number without zeros behind the last other digit after its point: `1.50` is `1.5`, `2.00` is `2`. */
export function trimDecimal(value: string): string {
  return value.includes('.') ? value.replace(/\.?0+$/, '') : value
}

function decimalsOf(value: string): number {
  return value.split('.')[1]?.length ?? 0
}

function scaled(value: string, scale: number): bigint {
  const [whole = '', decimals = ''] = value.split('.')
  return BigInt(`${whole}${decimals.padEnd(scale, '0')}`)
}
