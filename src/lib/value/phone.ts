import { isSupportedCountry, parseDigits, parsePhoneNumberFromString } from 'libphonenumber-js/max'
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
// Address books put controls of direction around a number that is copied; other texts refuse them.
const DIRECTION = /[\u202A-\u202E\u2066-\u2069]/g
/** Exit codes of Australia and Russia. 00, 011 and 010 are refused by the plans themselves or are area codes there. */
const EXIT_CODE = /^\(?(?:0011|8[~ -]?10)[\s.\-/)]+(?=[1-9])/
/** Durchwahl, poste, toestel, extensión, interno …: what the library doesn't know as words for an extension. */
const EXTENSION_WORDS =
  /(?<=[\p{Nd})])[\s,;]*(?:durchwahl|dw|nebenstelle|nst|apparat|app|poste|post|toestel|tst|anexo|interno|int|extensi[oó]n|estensione|derivaci[oó]n)\b[.:\s]*(?=\p{Nd}{1,9}$)/iu
const FULL_WIDTH = /[\uFF01-\uFF5E]/g
const FULL_WIDTH_OFFSET = 0xfee0

/**
 * A phone number in any usual writing: spaces, dots, hyphens, slashes, brackets, digits of other scripts, `+`, `(0)`,
 * the country's own prefix for calls abroad (00, 011), an extension (`ext. 12`, `x12`, `#12`, `;ext=12`, or a word of
 * German, French, Dutch, Spanish or Italian: `Durchwahl 12`, `poste 12`, `toestel 12`, `interno 12`). Without + it is
 * read as one of `country` (ISO 3166 alpha-2). Its length and first digits must fit the country's numbering plan.
 * Refused are words, letters for digits, two numbers in one, emergency and other short numbers.
 *
 * The full metadata knows which ranges are in use: of 759 numbers that the small one takes, it refuses 151. It
 * costs 15 MB of resident memory once it was used for every country, the small one 13 (heap: 3.7 and 2.9 MB).
 * @see https://www.itu.int/rec/T-REC-E.164
 */
export function checkPhone(value: string, country: string | null): Checked<CheckedPhone> {
  const line = checkLine(value.length > 4 * RULE.maxLength ? value : value.replace(DIRECTION, ''), RULE)
  if (!line.ok) return line
  const number = line.value
  const dialled = number
    .replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(/^tel:\s*/i, '')
    .replace(EXTENSION_WORDS, ' ext. ')
    .replace(/^\(\s*\+\s*(\p{Nd}+)\s*\)/u, '+$1 ')
  const isInternational = dialled.startsWith('+')
  const defaultCountry = country !== null && isSupportedCountry(country) ? country : undefined
  if (!isInternational && !defaultCountry) {
    return refuse(
      `${quote(number)} has no country code, and no country is set to read it by: write it with + and the country code.`,
    )
  }
  const parsed = parsePhoneNumberFromString(dialled, { extract: false, ...(defaultCountry ? { defaultCountry } : {}) })
  if (parsed?.isValid() && E164.test(parsed.number) && !isForeignExit(dialled, parsed.number)) {
    return accept({ number, e164: parsed.number, extension: parsed.ext ? parseDigits(parsed.ext) : null })
  }
  return refuse(
    isInternational
      ? `${quote(number)} is not a phone number of the country whose code it begins with.`
      : `${quote(number)} is not a phone number of ${defaultCountry}: write a foreign one with + and the country code.`,
  )
}

/**
 * Whether a number begins with another country's exit code: `0011 49 30 …` in Germany would be one of the United
 * States.
 */
function isForeignExit(dialled: string, e164: string): boolean {
  const rest = dialled.replace(EXIT_CODE, '+')
  if (rest === dialled) return false
  const abroad = parsePhoneNumberFromString(rest, { extract: false })
  return abroad?.isValid() === true && abroad.number !== e164
}
