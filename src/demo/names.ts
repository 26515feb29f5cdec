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
import type { Country } from './countries.js'
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
  readonly given: readonly Name[]
  readonly family: readonly Name[]
}

const LOCALES = { cs, de, el, en, es, fr, it, nl, pl, pt, ru, sv, tr, uk }
const pools = new Map<string, NamePool>()

/** The names of a country's language. Names that read alike in Latin letters stand once. */
export function namePool(language: Country['names']): NamePool {
  const known = pools.get(language)
  if (known) return known
  const pool =
    language in PAIRED_NAMES
      ? pairedPool(language as keyof typeof PAIRED_NAMES)
      : localePool(language as keyof typeof LOCALES)
  pools.set(language, pool)
  return pool
}

function pairedPool(language: keyof typeof PAIRED_NAMES): NamePool {
  const split = (pair: string): Name => {
    const [text = '', latin = ''] = pair.split('/')
    return { text, latin }
  }
  const { given, family } = PAIRED_NAMES[language]
  return { given: given.map(split), family: family.map(split) }
}

function localePool(language: keyof typeof LOCALES): NamePool {
  const { person } = LOCALES[language].rawDefinitions
  const first = person?.first_name
  const last = person?.last_name
  return {
    given: unique([...(first?.female ?? []), ...(first?.male ?? [])], `${language}:given`),
    // Where family names have a gender, one form stands for both: the demo doesn't tell who is who.
    family: unique(
      last?.generic && last.generic.length > 20 ? last.generic : (last?.male ?? last?.generic ?? []),
      `${language}:family`,
    ),
  }
}

function unique(texts: readonly string[], key: string): Name[] {
  const byLatin = new Map(texts.map((text) => [toLatin(text), text]))
  byLatin.delete('')
  return shuffled(
    [...byLatin].map(([latin, text]) => ({ text, latin })),
    key,
  )
}

/** A person's names; East Asian and Hebrew names have no middle ones. */
export function personName(
  random: RowRandom,
  language: Country['names'],
): { first: Name; middle: Name | null; last: Name } {
  const { given, family } = namePool(language)
  const first = random.pick(given)
  const hasMiddle = random.chance(0.12) && !(language in PAIRED_NAMES)
  return { first, middle: hasMiddle ? random.pick(given) : null, last: random.pick(family) }
}
