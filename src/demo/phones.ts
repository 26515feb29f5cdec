import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'
import type { City, Country } from './country.js'
import type { RowRandom } from './random.js'

/** A number as a person of the country writes it, and in international form. */
export interface DemoPhone {
  readonly number: string
  readonly e164: string
}

const TRIES = 20

/**
 * A number that is valid in its country: in a range of the city's land lines, or of mobile phones. Whether anybody has
 * it is left to chance, so the demo must never be called.
 */
export function demoPhone(row: RowRandom, country: Country, city: City, isMobile: boolean): DemoPhone {
  const pattern = isMobile && country.mobiles.length > 0 ? row.pick(country.mobiles) : city.phones
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const national = pattern.replace(/[#N]/g, (place) => String(row.int(place === 'N' ? 2 : 0, 9)))
    const phone = parsePhoneNumberFromString(national, country.code as CountryCode)
    if (phone?.isValid()) return written(row, phone.formatNational(), phone.formatInternational(), phone.number)
  }
  throw new Error(`no valid phone number in ${country.code} ${pattern}`)
}

function written(row: RowRandom, national: string, international: string, e164: string): DemoPhone {
  const number = row.weighted([
    [national, 5],
    [international, 3],
    [e164, 1],
    [international.replaceAll(' ', '-'), 1],
  ])
  return { number, e164 }
}
