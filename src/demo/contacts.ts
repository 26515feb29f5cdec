import { companyCore, type CompanyCore } from './companies.js'
import { COUNTRIES } from './countries.js'
import type { City, Country } from './country.js'
import { personName, type Name } from './names.js'
import type { DemoRandom, RowRandom } from './random.js'
import { createdAt, edits, rowId } from './rows.js'
import { JOBS } from './trades.js'

/** A contact as its row wants it; it has a first or a last name, mostly both. */
export interface DemoContact {
  readonly index: number
  readonly id: string
  readonly first: Name | null
  readonly middle: Name | null
  readonly last: Name | null
  readonly country: Country
  readonly city: City
  readonly jobTitle: string | null
  readonly department: string | null
  readonly company: CompanyCore | null
  /** position among the users who work; null for nobody */
  readonly owner: number | null
  readonly emailOptIn: boolean
  readonly smsOptIn: boolean
  readonly callOptIn: boolean
  readonly birthDate: string | null
  readonly notes: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

// Two thirds go by size, which gives the largest of 20,000 companies a few hundred contacts; one third goes anywhere.
const UNEVENNESS = 2.5
const SHARE_ANYWHERE = 0.35
const COUNTRIES_BY_SHARE = COUNTRIES.map((country) => [country, country.share] as const)

/** All of a contact; its company is one of the first `companyCount`. */
export function demoContact(random: DemoRandom, index: number, companyCount: number): DemoContact {
  const row = random.row('contact', index)
  const moment = createdAt(row)
  const place = employerIndex(row, index)
  const company = place !== null && companyCount > 0 ? companyCore(random, place % companyCount) : null
  const country = company?.country ?? row.weighted(COUNTRIES_BY_SHARE)
  // Some people work abroad: their name is of another country than their employer.
  const { first, middle, last } = personName(row, row.chance(0.9) ? country.names : row.pick(COUNTRIES).names)
  const known = row.weighted([
    ['both', 96],
    ['first', 2],
    ['last', 2],
  ])
  const [title, department] = row.pick(JOBS)
  const birthYear = row.int(1955, 2003)
  return {
    index,
    id: rowId(random, 'contact', index, moment),
    first: known === 'last' ? null : first,
    middle: known === 'both' ? middle : null,
    last: known === 'first' ? null : last,
    country,
    city: company && row.chance(0.8) ? company.city : row.pick(country.cities),
    jobTitle: row.chance(0.83) ? title : null,
    department: row.chance(0.6) ? department : null,
    company,
    owner: row.chance(0.9) ? Math.floor(row.next() ** 1.5 * 11) : null,
    emailOptIn: row.chance(0.46),
    smsOptIn: row.chance(0.14),
    callOptIn: row.chance(0.23),
    birthDate: row.chance(0.18) ? `${birthYear}-${pad(row.int(1, 12))}-${pad(row.int(1, 28))}` : null,
    notes: row.chance(0.08)
      ? row.pick([
          'Speaks English and Spanish.',
          'Knows our product from a former employer.',
          'Please write, do not call.',
        ])
      : null,
    createdAt: moment,
    ...edits(row, moment),
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

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
