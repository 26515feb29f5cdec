import examples from 'libphonenumber-js/mobile/examples'
import { getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { COUNTRIES, type City, type Country } from './countries.js'
import { LOCALES } from './locales.js'
import { namePool } from './names.js'
import type { RowRandom } from './random.js'

/** Where a contact or a company is. */
export interface Place {
  readonly country: Country
  readonly city: City
}

const POSTAL_LETTERS = [...'ABDEFGHJLNPQRSTUWXYZ']
const SPREAD_DEGREES = 0.1
// Germany's example is 1512 3456789: the first digits are its network's, the others anybody's. In the US, mobile phones
// have the numbers of land lines.
const MOBILE_PATTERNS = new Map(
  COUNTRIES.map((country) => {
    const example = getExampleNumber(country.code, examples)
    const digits = example?.getType() === 'MOBILE' ? example.nationalNumber : undefined
    return [country, digits?.replace(/(?<=...)./g, '#')]
  }),
)
const TRIES = 50

/** An address in a city: columns of a row of addresses. */
export function demoAddress(row: RowRandom, { country, city }: Place, type: string) {
  const [own, common] = [LOCALES[country.locale]?.location, LOCALES[country.language]?.location]
  const { families } = namePool(country)
  const street = country.street.includes('{street}') ? row.pick(own?.street_name ?? []) : row.pick(families).text
  // Such as `Zimmer ###`, in a house with many doors. Japanese ones are made of more than digits.
  const doors = (own?.secondary_address ?? common?.secondary_address ?? []).filter((text) => !text.includes('{'))
  const door = row.chance(0.12) ? row.pick([...doors, undefined]) : undefined
  const isLocated = row.chance(0.9)
  const near = (degrees: number): number => Number((degrees + (row.next() - 0.5) * SPREAD_DEGREES).toFixed(6))
  return {
    type,
    line1: country.street.replace(/\{(street|name)\}/, street).replace('{n}', String(row.int(1, 240))),
    line2: door === undefined ? null : fill(row, door),
    city: city.name,
    region: city.region,
    postal_code: city.postalCode === null ? null : fill(row, city.postalCode),
    country: country.code,
    latitude: isLocated ? near(city.latitude) : null,
    longitude: isLocated ? near(city.longitude) : null,
  }
}

/**
 * A number as a person of the country writes it, and as E.164 has it. It is valid there: in the range of the city's
 * land lines, or of a network of mobile phones. Whether anybody has it is left to chance, so the demo must never be
 * called.
 */
export function demoPhone(row: RowRandom, { country, city }: Place, isMobile: boolean) {
  const pattern = (isMobile ? MOBILE_PATTERNS.get(country) : undefined) ?? city.phone
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const phone = parsePhoneNumberFromString(fill(row, pattern), country.code)
    if (!phone?.isValid() || phone.country !== country.code) continue
    const international = phone.formatInternational()
    const writings = [phone.formatNational(), international, phone.number, international.replaceAll(' ', '-')]
    return { number: row.weighted(writings, [5, 3, 1, 1]), number_e164: phone.number }
  }
  throw new Error(`no valid phone number in ${country.code} ${pattern}`)
}

/** A pattern with digits for # (0 to 9) and N (2 to 9), and letters for @. */
function fill(row: RowRandom, pattern: string): string {
  return pattern.replace(/[#N@]/g, (place) =>
    place === '@' ? row.pick(POSTAL_LETTERS) : String(row.int(place === 'N' ? 2 : 0, 9)),
  )
}
