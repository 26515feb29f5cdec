/** Languages that the demo's people and companies have their names from. */
export type Language =
  | 'en'
  | 'de'
  | 'fr'
  | 'es'
  | 'it'
  | 'pt'
  | 'pl'
  | 'sv'
  | 'tr'
  | 'cs'
  | 'ru'
  | 'uk'
  | 'el'
  | 'nl'
  | 'zh'
  | 'ja'
  | 'ko'
  | 'ar'
  | 'he'

/** A city with what belongs to an address there; `postal` has # for digits and @ for letters. */
export interface City {
  readonly name: string
  readonly region: string | null
  /** null where there are no postal codes */
  readonly postal: string | null
  readonly latitude: number
  readonly longitude: number
  /** national numbers of land lines: # stands for a digit, N for 2 to 9 */
  readonly phones: string
}

/** A country of the demo: what names, companies, phones and addresses look like there. */
export interface Country {
  readonly code: string
  /** national numbers of mobile phones, as in `City.phones`; none where those of land lines are used */
  readonly mobiles: readonly string[]
  /** out of 100 companies */
  readonly share: number
  readonly names: Language
  readonly currency: string
  readonly tld: string
  /** legal forms as they stand behind a company's name */
  readonly forms: readonly string[]
  /** a street with a number in it; {name} and {n} are filled in */
  readonly street: string
  readonly cities: readonly City[]
}

/** A city from its facts in a row. */
export function city(
  name: string,
  region: string | null,
  postal: string | null,
  latitude: number,
  longitude: number,
  phones: string,
): City {
  return { name, region, postal, latitude, longitude, phones }
}
