import { faker as cs } from '@faker-js/faker/locale/cs_CZ'
import { faker as de } from '@faker-js/faker/locale/de'
import { faker as el } from '@faker-js/faker/locale/el'
import { faker as en } from '@faker-js/faker/locale/en_US'
import { faker as es } from '@faker-js/faker/locale/es'
import { faker as fr } from '@faker-js/faker/locale/fr'
import { faker as it } from '@faker-js/faker/locale/it'
import { faker as nl } from '@faker-js/faker/locale/nl'
import { faker as pl } from '@faker-js/faker/locale/pl'
import { faker as pt } from '@faker-js/faker/locale/pt_BR'
import { faker as ru } from '@faker-js/faker/locale/ru'
import { faker as sv } from '@faker-js/faker/locale/sv'
import { faker as tr } from '@faker-js/faker/locale/tr'
import { faker as uk } from '@faker-js/faker/locale/uk'
import type { Language } from './country.js'
import { toLatin } from './latin.js'
import { PAIRED_NAMES } from './paired-names.js'
import { shuffled, type RowRandom } from './random.js'

/** A name as it is written, and in the letters of addresses. */
export interface Name {
  readonly text: string
  readonly latin: string
}

/** The names of one language, in an order of their own. */
export interface NamePool {
  /** what women are called, and what men are: given and family names */
  readonly people: readonly (readonly [given: readonly Name[], family: readonly Name[]])[]
  /** family names for companies and streets */
  readonly families: readonly Name[]
}

const LOCALES = { cs, de, el, en, es, fr, it, nl, pl, pt, ru, sv, tr, uk }
// Fewer than this are leftovers beside the lists by gender.
const MIN_GENERIC = 20
const pools = new Map<string, NamePool>()

/** The names of a country's language. Family names that read alike in Latin letters stand once. */
export function namePool(language: Language): NamePool {
  const known = pools.get(language)
  if (known) return known
  const pool = isPaired(language) ? pairedPool(language) : localePool(language)
  pools.set(language, pool)
  return pool
}

function isPaired(language: Language): language is keyof typeof PAIRED_NAMES {
  return language in PAIRED_NAMES
}

function pairedPool(language: keyof typeof PAIRED_NAMES): NamePool {
  const split = (pair: string): Name => {
    const [text = '', latin = ''] = pair.split('/')
    return { text, latin }
  }
  const families = PAIRED_NAMES[language].family.map(split)
  return { people: [[PAIRED_NAMES[language].given.map(split), families]], families }
}

function localePool(language: keyof typeof LOCALES): NamePool {
  const { person } = LOCALES[language].rawDefinitions
  const [first, last] = [person?.first_name, person?.last_name]
  const generic = (last?.generic?.length ?? 0) > MIN_GENERIC ? (last?.generic ?? []) : []
  const namesOf = (gender: 'female' | 'male'): readonly [Name[], Name[]] => [
    unique(first?.[gender] ?? [], `${language}:${gender}`),
    unique([...generic, ...(last?.[gender] ?? [])], `${language}:${gender}:family`),
  ]
  const families = generic.length > 0 ? generic : (last?.male ?? [])
  return { people: [namesOf('female'), namesOf('male')], families: unique(families, `${language}:family`) }
}

function unique(texts: readonly string[], key: string): Name[] {
  const byLatin = new Map(texts.map((text) => [toLatin(text).replaceAll('-', ''), text.normalize('NFC')]))
  byLatin.delete('')
  return shuffled(
    [...byLatin.values()].map((text) => ({ text, latin: toLatin(text) })),
    key,
  )
}

/** A person's names; East Asian, Arabic and Hebrew names have no middle ones here. */
export function personName(row: RowRandom, language: Language): { first: Name; middle: Name | null; last: Name } {
  const [given, family] = row.pick(namePool(language).people)
  const first = row.pick(given)
  const middle = row.chance(0.12) && !isPaired(language) ? row.pick(given) : null
  return { first, middle: middle === first ? null : middle, last: row.pick(family) }
}
