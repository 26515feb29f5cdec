import { companyCore, type CompanyCore } from './companies.js'
import { COUNTRIES, type Country } from './countries.js'
import { personName, type Name } from './names.js'
import type { DemoRandom } from './random.js'
import { createdAt, rowId, unevenIndex } from './rows.js'
import { JOBS } from './trades.js'

/** A contact as its row wants it. */
export interface DemoContact {
  readonly index: number
  readonly id: string
  readonly first: Name
  readonly middle: Name | null
  readonly last: Name
  readonly country: Country
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
}

// The larger, the more contacts the first companies have: with 20,000 of both the largest has a few hundred.
const COMPANY_UNEVENNESS = 2.5

/** All of a contact; its company is one of the first `companyCount`. */
export function demoContact(random: DemoRandom, index: number, companyCount: number): DemoContact {
  const choice = random.row('contact-company', index)
  const isEmployed = companyCount > 0 && choice.chance(0.88)
  const company = isEmployed ? companyCore(random, unevenIndex(choice, companyCount, COMPANY_UNEVENNESS)) : null
  const row = random.row('contact', index)
  const country = company?.country ?? row.weighted(COUNTRIES.map((candidate) => [candidate, candidate.share] as const))
  // Some people work abroad: their name is of another country than their employer.
  const isAtHome = row.chance(0.9)
  const { first, middle, last } = personName(row, isAtHome ? country.names : row.pick(COUNTRIES).names)
  const moment = createdAt(row)
  const [title, department] = row.pick(JOBS)
  const birthYear = row.int(1955, 2003)
  return {
    index,
    id: rowId(random, 'contact', index, moment),
    first,
    middle,
    last,
    country,
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
  }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
