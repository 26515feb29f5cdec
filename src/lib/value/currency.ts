import { accept, quote, refuse, type Checked } from './checked.js'
import { checkLine } from './text.js'

const RULE = { maxLength: 255, what: 'currency' }
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/**
 * A currency code of ISO 4217 in capitals. The list is that of the running Node (162 codes in Node 20, some of them
 * withdrawn lately); old currencies, metals and test codes aren't in it.
 */
export function checkCurrency(value: string): Checked<string> {
  const line = checkLine(value, RULE)
  if (!line.ok) return line
  // Letters of ASCII only: in capitals ß is SS.
  const code = /^[a-z]{3}$/i.test(line.value) ? line.value.toUpperCase() : ''
  if (CURRENCIES.has(code)) return accept(code)
  return refuse(`${quote(line.value)} is not a currency code of ISO 4217 with three letters, such as EUR or USD.`)
}
