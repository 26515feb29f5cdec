import { companyCore } from './companies.js'
import { COUNTRIES } from './countries.js'
import { personName } from './names.js'
import type { DemoRandom, RowRandom } from './random.js'
import { createdAt, edits } from './rows.js'
import { JOBS } from './trades.js'

/** A contact as its row wants it; it has a first or a last name, mostly both. */
export type DemoContact = ReturnType<typeof demoContact>

// Two thirds go by size, which gives the largest of 20,000 companies a few hundred contacts; one third goes anywhere.
const UNEVENNESS = 2.5
const SHARE_ANYWHERE = 0.35
const COUNTRY_SHARES = COUNTRIES.map(({ share }) => share)
// Whom the README looks for, as `jonh smith`: every load of 27 contacts has him.
const EXAMPLE_INDEX = 26
const EXAMPLE = { first: { text: 'John', latin: 'john' }, middle: null, last: { text: 'Smith', latin: 'smith' } }
const NOTES = ['Speaks English and Spanish.', 'Knows our product from a former employer.', 'Please write, do not call.']

/** All of a contact; its company is one of the first `companyCount`. */
export function demoContact(random: DemoRandom, index: number, companyCount: number) {
  const row = random.row('contact', index)
  const moment = createdAt(row, random.endMs)
  const place = employerIndex(row, index)
  const company = place !== null && companyCount > 0 ? companyCore(random, place % companyCount) : null
  const country = company?.country ?? row.weighted(COUNTRIES, COUNTRY_SHARES)
  // Some people work abroad: their name is of another country than their employer.
  const drawn = personName(row, row.chance(0.9) ? country : row.pick(COUNTRIES))
  const { first, middle, last } = index === EXAMPLE_INDEX ? EXAMPLE : drawn
  const drawnKnown = row.weighted(['both', 'first', 'last'], [96, 2, 2])
  const known = index === EXAMPLE_INDEX ? 'both' : drawnKnown
  const { title, department } = row.pick(JOBS)
  const bornMs = Date.UTC(row.int(1955, 2003), row.int(0, 11), row.int(1, 28))
  return {
    index,
    id: random.id('contact', index, moment),
    first: known === 'last' ? null : first,
    middle: known === 'both' ? middle : null,
    last: known === 'first' ? null : last,
    country,
    city: company && row.chance(0.8) ? company.city : row.pick(country.cities),
    jobTitle: row.chance(0.83) ? title : null,
    department: row.chance(0.6) ? department : null,
    company,
    /** position among the users who work; null for nobody */
    owner: row.chance(0.9) ? Math.floor(row.next() ** 1.5 * 11) : null,
    emailOptIn: row.chance(0.46),
    smsOptIn: row.chance(0.14),
    callOptIn: row.chance(0.23),
    birthDate: row.chance(0.18) ? new Date(bornMs).toISOString().slice(0, 10) : null,
    notes: row.chance(0.08) ? row.pick(NOTES) : null,
    createdAt: moment,
    ...edits(row, moment, random.endMs),
  }
}

/**
 * The place of a contact's company among all there will ever be; null for none. It depends on the contact's own place
 * and not on how many companies there are, so that a load in several steps gives what one load gives.
 */
function employerIndex(row: RowRandom, index: number): number | null {
  const isEmployed = row.chance(0.88)
  const exponent = row.chance(SHARE_ANYWHERE) ? 1 : UNEVENNESS
  const place = Math.floor((index + 1) * row.next() ** exponent)
  return isEmployed ? place : null
}
