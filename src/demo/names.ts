import { createHash } from 'node:crypto'
import type { Country } from './countries.js'
import { parseNames, toLatin, type Name } from './latin.js'
import { LOCALES } from './locales.js'
import { PAIRED_FAMILIES, PAIRED_GIVEN } from './paired-names.js'
import type { RowRandom } from './random.js'

const pools = new Map<string, ReturnType<typeof makePool>>()

/** The names of a country's language, each list in an order of its own. */
export function namePool(country: Country) {
  const pool = pools.get(country.language) ?? makePool(country)
  pools.set(country.language, pool)
  return pool
}

function makePool({ language, locale }: Country) {
  const [families, given] = [PAIRED_FAMILIES[language], PAIRED_GIVEN[language]]
  // English names aren't told apart by countries.
  const person = LOCALES[locale]?.person?.first_name ? LOCALES[locale].person : LOCALES[language]?.person
  const [first, last] = [person?.first_name, person?.last_name]
  const of = (gender: 'female' | 'male') => ({
    given: given ? parseNames(given) : names(first?.[gender]),
    families: families ? parseNames(families) : names(last?.generic, last?.[gender]),
  })
  // Companies and streets bear the names of men, which are those of women too where a language has one form.
  return { people: [of('female'), of('male')], families: of('male').families }
}

/** In an order that looks like chance and is the same everywhere; none reads like another in Latin letters. */
function names(...lists: readonly (readonly string[] | null | undefined)[]): Name[] {
  const texts = lists.flatMap((list) => list ?? []).map((text) => text.normalize('NFC'))
  const byLatin = new Map(texts.map((text) => [toLatin(text).replaceAll('-', ''), text]))
  const ranked = [...byLatin.values()].map((text) => ({ text, rank: createHash('sha256').update(text).digest('hex') }))
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ text }) => ({ text, latin: toLatin(text) }))
}

/** A person's names; East Asian, Arabic and Hebrew names have no middle ones here. */
export function personName(row: RowRandom, country: Country): { first: Name; middle: Name | null; last: Name } {
  const { given, families } = row.pick(namePool(country).people)
  const first = row.pick(given)
  const middle = row.chance(0.12) && !(country.language in PAIRED_GIVEN) ? row.pick(given) : null
  return { first, middle: middle === first ? null : middle, last: row.pick(families) }
}
