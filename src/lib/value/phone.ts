import { isSupportedCountry, parseDigits, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { accept, quote, refuse, type Checked } from './checked.js'
import { checkLine } from './text.js'

interface CheckedPhone {
  /** as it was given, without invisible characters */
  readonly number: string
  /** `+` and 2 to 15 digits */
  readonly e164: string
  /** digits; null when the writing names none */
  readonly extension: string | null
}

const RULE = { maxLength: 64, what: 'phone number' }
const E164 = /^\+[1-9][0-9]{1,14}$/
// Address books put marks of direction around a number that is copied.
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g
const FULL_WIDTH = /[\uFF01-\uFF5E]/g
const FULL_WIDTH_OFFSET = 0xfee0

/**
 * A phone number in any usual writing: spaces, dots, hyphens, slashes, brackets, digits of other scripts, `+`, `(0)`, the
 * country's prefix for calls abroad (00, 011), an extension (`ext. 12`, `x12`, `#12`, `;ext=12`). Without + it is read as
 * one of `country` (ISO 3166 alpha-2). Its length and first digits must fit the country's numbering plan. Refused are
 * words, letters for digits, two numbers in one, emergency and other short numbers.
 *
 * The library's small metadata is used on purpose (2.0 MB of heap, the full one 2.3): except where countries share a code
 * (+1, +7, +44) it doesn't know which ranges are in use, so it can't refuse a number of a newer one.
 * @see https://www.itu.int/rec/T-REC-E.164
 */
export function checkPhone(value: string, country: string | null): Checked<CheckedPhone> {
  const line = checkLine(value.length > 4 * RULE.maxLength ? value : value.replace(INVISIBLE, ''), RULE)
  if (!line.ok) return line
  const number = line.value
  const dialled = number
    .replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(/^tel:\s*/i, '')
    .replace(/^\(\s*\+\s*(\p{Nd}+)\s*\)/u, '+$1 ')
  const isInternational = dialled.startsWith('+')
  const defaultCountry = country !== null && isSupportedCountry(country) ? country : undefined
  if (!isInternational && !defaultCountry) {
    return refuse(
      `${quote(number)} has no country code, and no country is set to read it by: write it with + and the country code.`,
    )
  }
  const parsed = parsePhoneNumberFromString(dialled, { extract: false, ...(defaultCountry ? { defaultCountry } : {}) })
  if (parsed?.isValid() && E164.test(parsed.number)) {
    return accept({ number, e164: parsed.number, extension: parsed.ext ? parseDigits(parsed.ext) : null })
  }
  return refuse(
    isInternational
      ? `${quote(number)} is not a phone number of the country whose code it begins with.`
      : `${quote(number)} is not a phone number of ${defaultCountry}: write a foreign one with + and the country code.`,
  )
}
