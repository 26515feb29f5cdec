import { checkDatabase } from '../database/admin/start-checks.js'
import { codeOf } from '../database/errors.js'

/** DATABASE_URL leads to no database: the message says why, and where to look. */
export class NoDatabase extends Error {}

const SPELLING = 'An @ or # in the password is written %40 or %23.'
const HOST = 'Look at its host and port, and whether the server runs.'
const LOGIN = `Look at its user and password. ${SPELLING}`

/** What to look at, by the code of the system or of the server. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: HOST,
  ECONNRESET: HOST,
  EHOSTUNREACH: HOST,
  ENETUNREACH: HOST,
  ETIMEDOUT: HOST,
  ENOENT: HOST,
  ENOTFOUND: `Look at its host. ${SPELLING}`,
  EAI_AGAIN: `Look at its host. ${SPELLING}`,
  '28000': LOGIN,
  '28P01': LOGIN,
  '3D000': 'Look at the name of the database, or make it: ADMIN_DATABASE_URL=postgresql://… npm run db:provision',
}
const UNKNOWN_HOST = ['ENOTFOUND', 'EAI_AGAIN']
// The driver's own words, without a code.
const NO_ANSWER = /timeout expired/
const NO_PASSWORD = /password must be a (non-empty )?string/

/** `checkDatabase` over DATABASE_URL. @throws NoDatabase where it leads to none; what `checkDatabase` throws */
export async function checkDatabaseUrl(
  url: string,
  migrations: readonly string[],
  pooler?: 'transaction',
): ReturnType<typeof checkDatabase> {
  try {
    return await checkDatabase(url, migrations, pooler)
  } catch (error) {
    throw databaseUrlError(error, url) ?? error
  }
}

/** The error to show where DATABASE_URL is at fault; undefined for any other. */
function databaseUrlError(error: unknown, url: string): NoDatabase | undefined {
  if (!(error instanceof Error)) return undefined
  const said = (advice: string, reason = messageOf(error)): NoDatabase =>
    new NoDatabase(`DATABASE_URL: ${reason}. ${advice}`, { cause: error })
  if (NO_PASSWORD.test(error.message))
    return said('Write it as postgresql://user:password@host/database.', 'it has no password')
  if (NO_ANSWER.test(error.message)) return said(HOST, 'nobody answers there')
  const code = codeOf(error) ?? ''
  const advice = ADVICE[code]
  if (advice === undefined) return undefined
  // What is taken for the host then is a part of the password.
  if (UNKNOWN_HOST.includes(code) && isMisspelt(url)) return said(advice, 'its host is not known')
  return said(advice)
}

function isMisspelt(url: string): boolean {
  return url.includes('#') || url.indexOf('@') !== url.lastIndexOf('@')
}

/** A name with several addresses fails with several errors, and the sum of them has no message. */
function messageOf(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message
  return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; ')
}
