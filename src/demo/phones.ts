import { getExampleNumber, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'
import examples from 'libphonenumber-js/mobile/examples'
import type { RowRandom } from './random.js'

/** A number as a person of the country writes it, and in international form. */
export interface DemoPhone {
  readonly number: string
  readonly e164: string
}

const VARIED_DIGITS = 5
const TRIES = 8

/**
 * A number that is valid in its country: the country's example with other last digits. Whether anybody has it is left
 * to chance, so the demo must never be called.
 */
export function demoPhone(random: RowRandom, country: string): DemoPhone {
  const example = getExampleNumber(country as CountryCode, examples)
  const national = String(example?.nationalNumber ?? '')
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const tail = String(random.int(0, 10 ** VARIED_DIGITS - 1)).padStart(VARIED_DIGITS, '0')
    const phone = parsePhoneNumberFromString(national.slice(0, -VARIED_DIGITS) + tail, country as CountryCode)
    if (phone?.isValid()) return written(random, phone.formatNational(), phone.formatInternational(), phone.number)
  }
  return written(random, example?.formatNational() ?? '', example?.formatInternational() ?? '', example?.number ?? '')
}

function written(random: RowRandom, national: string, international: string, e164: string): DemoPhone {
  const number = random.weighted([
    [national, 5],
    [international, 3],
    [e164, 1],
    [international.replaceAll(' ', '-'), 1],
  ])
  return { number, e164 }
}
