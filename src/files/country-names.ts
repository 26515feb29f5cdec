import { getCountries } from 'libphonenumber-js/max'
import { once } from '../lib/once.js'

const LANGUAGES = ['en', 'de', 'fr', 'it', 'es']
/** Names in use that the lists of Unicode don't have. */
const OTHER_NAMES = {
  usa: 'US',
  'united states of america': 'US',
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  holland: 'NL',
  'czech republic': 'CZ',
  turkey: 'TR',
}

/** The ISO 3166 code of a country by its name in English, German, French, Italian or Spanish; null where there is none. */
export function countryCodeOf(name: string): string | null {
  return codes().get(wordOf(name)) ?? null
}

function countryNames(): Map<string, string> {
  const names = new Map(Object.entries(OTHER_NAMES))
  for (const language of LANGUAGES) {
    const display = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' })
    for (const code of getCountries()) {
      const name = display.of(code)
      if (name !== undefined && !names.has(wordOf(name))) names.set(wordOf(name), code)
    }
  }
  return names
}

const codes = once(countryNames)

function wordOf(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase()
}
