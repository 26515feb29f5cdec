import type { ServerUrls } from '../../src/database/embedded/connection-file.js'

const NAME = 'KITH_PLANS_URLS'

/** Tells the test files where the database for plans is: environment variables reach jest's workers, objects don't. */
export function announcePlans(urls: ServerUrls): void {
  process.env[NAME] = JSON.stringify(urls)
}

/** Where the database for plans is. @throws Error outside of a run */
export function plansUrls(): ServerUrls {
  const text = process.env[NAME]
  if (!text) throw new Error('Plan tests run through npm run test:plans, whose global setup makes the database.')
  return JSON.parse(text) as ServerUrls
}
