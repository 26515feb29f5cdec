import type { LocaleDefinition } from '@faker-js/faker'

/** What faker knows of a language or a country, such as family names and streets; by its code, such as `pt_BR`. */
export const LOCALES: Readonly<Record<string, LocaleDefinition>> = await loadLocales()

async function loadLocales(): Promise<Readonly<Record<string, LocaleDefinition>>> {
  try {
    return (await import('@faker-js/faker')).allLocales
  } catch (error) {
    throw new Error(
      'The demo data takes its names from the optional package @faker-js/faker, which is not installed here. Install it with: npm install --include=optional',
      { cause: error },
    )
  }
}
