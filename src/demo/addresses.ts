import type { City, Country, Language } from './country.js'
import { namePool } from './names.js'
import type { RowRandom } from './random.js'

// What stands behind a street in a services with many doors; {n} is a small number.
const SECOND_LINES: Partial<Record<Language, string>> = {
  en: 'Suite {n}',
  de: '{n}. OG',
  fr: 'Étage {n}',
  es: 'Planta {n}',
  it: 'Piano {n}',
  pt: 'Sala {n}',
  pl: 'lok. {n}',
  ru: 'офис {n}',
  uk: 'офіс {n}',
  zh: '{n}层',
  ja: '{n}階',
  ko: '{n}층',
}
const POSTAL_LETTERS = [...'ABDEFGHJLNPQRSTUWXYZ']
const SPREAD_DEGREES = 0.1

/** An address in a city: columns of a row of addresses. Street names are family names of the country. */
export function demoAddress(
  row: RowRandom,
  { country, city }: { readonly country: Country; readonly city: City },
  type: string,
): Record<string, string | number | null> {
  const street = row.pick(namePool(country.names).families).text
  const second = SECOND_LINES[country.names]
  const postal = city.postal?.replace(/[#@]/g, (place) =>
    place === '#' ? String(row.int(0, 9)) : row.pick(POSTAL_LETTERS),
  )
  const isLocated = row.chance(0.9)
  const near = (degrees: number): number => Number((degrees + (row.next() - 0.5) * SPREAD_DEGREES).toFixed(6))
  return {
    type,
    line1: country.street.replace('{name}', street).replace('{n}', String(row.int(1, 240))),
    line2: second && row.chance(0.12) ? second.replace('{n}', String(row.int(2, 12))) : null,
    city: city.name,
    region: city.region,
    postal_code: postal ?? null,
    country: country.code,
    latitude: isLocated ? near(city.latitude) : null,
    longitude: isLocated ? near(city.longitude) : null,
  }
}
