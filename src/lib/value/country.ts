import { getCountries } from 'libphonenumber-js/max'
import { accept, quote, refuse, type Checked } from './checked.js'
import { checkLine } from './text.js'

const RULE = { maxLength: 255, what: 'country' }
/** Ascension and Tristan da Cunha have numbering plans, but are no countries of ISO 3166 (SH is). */
const ONLY_NUMBERING_PLANS = ['AC', 'TA']
/** Assigned by ISO 3166, without a numbering plan of their own. */
const WITHOUT_NUMBERING_PLAN = ['AQ', 'BV', 'GS', 'HM', 'PN', 'TF', 'UM']

const COUNTRIES = new Set<string>([...getCountries(), ...WITHOUT_NUMBERING_PLAN])
for (const plan of ONLY_NUMBERING_PLANS) COUNTRIES.delete(plan)

/**
 * A country code in capitals: the 249 of ISO 3166 alpha-2, and XK (Kosovo), which is user-assigned there and in general
 * use. Codes that were withdrawn (YU) or are only reserved (UK, EU) are refused.
 * @see https://www.iso.org/iso-3166-country-codes.html
 */
export function checkCountry(value: string): Checked<string> {
  const line = checkLine(value, RULE)
  if (!line.ok) return line
  // Letters of ASCII only: in capitals ß is SS, South Sudan.
  const code = /^[a-z]{2}$/i.test(line.value) ? line.value.toUpperCase() : ''
  if (COUNTRIES.has(code)) return accept(code)
  return refuse(`${quote(line.value)} is not a country code of ISO 3166 with two letters, such as DE or US.`)
}
