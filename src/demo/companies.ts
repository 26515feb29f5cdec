import { COUNTRIES } from './countries.js'
import type { City, Country } from './country.js'
import { namePool, type Name } from './names.js'
import type { DemoRandom, RowRandom } from './random.js'
import { between, createdAt, DAY_MS, DEMO_NOW_MS, edits, rowId } from './rows.js'
import { INDUSTRY_CYCLE, SIZES, tradeWords } from './trades.js'

/** What of a company its contacts and its contact info depend on. */
export interface CompanyCore {
  readonly index: number
  readonly id: string
  /** without legal form */
  readonly title: string
  readonly domain: string
  readonly country: Country
  readonly city: City
  readonly createdAt: Date
  readonly industry: string
}

/** A company as its row wants it; references are names and positions in the tenant's lists. */
export interface DemoCompany extends Omit<CompanyCore, 'industry'> {
  readonly updatedAt: Date
  readonly version: number
  readonly name: string
  readonly legalName: string | null
  readonly website: string | null
  readonly industry: string | null
  readonly size: string | null
  readonly employeeCount: number | null
  readonly annualRevenue: string | null
  readonly annualRevenueCurrency: string | null
  readonly foundedYear: number | null
  readonly leadScore: number | null
  readonly status: string
  readonly priority: string
  /** position among the users who work; null for nobody */
  readonly assignedTo: number | null
  readonly lastContactedAt: Date | null
  readonly nextFollowUpAt: Date | null
  readonly notes: string | null
}

// One company of each hundred has each place of this cycle, which makes (country, place in it) unique without memory.
const CYCLE = COUNTRIES.flatMap((country) => Array.from({ length: country.share }, (_, rank) => ({ country, rank })))
// Coprime to both cycles: neighbours differ in country and industry.
const STRIDE = 37
const FAMILY_STEP = 17
const NATIVE_FIRST = new Set(['UA', 'KZ', 'JP', 'KR'])
const WITHOUT_SPACES = new Set(['zh', 'ja', 'ko'])
const CURRENCY_PER_DOLLAR: Readonly<Record<string, number>> = {
  AED: 3.7,
  BRL: 5.4,
  CNY: 7.1,
  CZK: 22,
  EUR: 0.9,
  GBP: 0.8,
  ILS: 3.6,
  JPY: 150,
  KRW: 1380,
  KZT: 500,
  PLN: 3.9,
  SEK: 10,
  TRY: 38,
  UAH: 41,
}

/** A company's title, domain and place: from its index alone. Domains are unique over all indexes. */
export function companyCore(random: DemoRandom, index: number): CompanyCore {
  const { country, rank } = CYCLE[(index * STRIDE) % CYCLE.length] as (typeof CYCLE)[number]
  const place = Math.floor(index / CYCLE.length) * country.share + rank
  const slot = INDUSTRY_CYCLE[(place * STRIDE) % INDUSTRY_CYCLE.length] as (typeof INDUSTRY_CYCLE)[number]
  // How many of the same country and industry stand before it: each brings another family, each round a second one.
  const serial = Math.floor(place / INDUSTRY_CYCLE.length) * slot.share + slot.rank
  const families = namePool(country.names).families
  const round = Math.floor(serial / families.length)
  const first = (serial + slot.industry.length * FAMILY_STEP) % families.length
  const names = [families[first], ...(round === 0 ? [] : [families[(first + round) % families.length]])] as Name[]
  const row = random.row('company', index)
  const moment = createdAt(row)
  const city = row.pick(country.cities)
  const word = row.pick(tradeWords(country.names, slot.industry))
  // A hyphen keeps the parts of longer names apart: without it two pairs of names could read alike.
  const hyphen = round === 0 && row.chance(0.5) ? '' : '-'
  const suffix = round < families.length ? '' : String(round)
  return {
    index,
    id: rowId(random, 'company', index, moment),
    title: [...names.map((name) => name.text), word.text].join(WITHOUT_SPACES.has(country.names) ? '' : ' '),
    domain: `${[...names.map((name) => name.latin.replaceAll('-', '')), word.latin].join(hyphen)}${suffix}.${country.tld}`,
    country,
    city,
    createdAt: moment,
    industry: slot.industry,
  }
}

/** All of a company. */
export function demoCompany(random: DemoRandom, index: number): DemoCompany {
  const core = companyCore(random, index)
  const { country, title } = core
  const row = random.row('company-details', index)
  const form = row.pick(country.forms)
  const full = NATIVE_FIRST.has(country.code) ? `${form} ${title}` : `${title} ${form}`
  const size = row.weighted(SIZES.map((step) => [step, step.share] as const))
  const employees = Math.round(size.min + row.next() ** 2 * ((size.max ?? 40_000) - size.min))
  const isKnown = row.chance(0.82)
  const revenue = isKnown && row.chance(0.7) ? revenueOf(row, employees, country.currency) : null
  const status = row.weighted([
    ['LEAD', 40],
    ['PROSPECT', 25],
    ['CUSTOMER', 22],
    ['CHURNED', 8],
    ['PARTNER', 5],
  ])
  const wasContacted = row.chance(status === 'LEAD' ? 0.35 : 0.85)
  const founded = core.createdAt.getUTCFullYear() - 1 - Math.floor(row.next() ** 2 * 140)
  return {
    ...core,
    ...edits(row, core.createdAt),
    name: row.chance(0.45) ? full : title,
    legalName: row.chance(0.35) ? full : null,
    website: row.chance(0.85) ? `https://www.${core.domain}` : null,
    industry: row.chance(0.94) ? core.industry : null,
    size: row.chance(0.9) ? size.name : null,
    employeeCount: isKnown ? employees : null,
    annualRevenue: revenue,
    annualRevenueCurrency: revenue === null ? null : country.currency,
    foundedYear: row.chance(0.75) ? founded : null,
    leadScore: row.chance(0.8) ? Math.min(100, Math.round((row.next() + row.next()) * 50)) : null,
    status,
    priority: row.weighted([
      ['LOW', 25],
      ['MEDIUM', 50],
      ['HIGH', 20],
      ['URGENT', 5],
    ]),
    assignedTo: row.chance(0.85) ? Math.floor(row.next() ** 1.5 * 11) : null,
    lastContactedAt: wasContacted ? between(row, core.createdAt.getTime(), DEMO_NOW_MS) : null,
    nextFollowUpAt: row.chance(0.3) ? between(row, DEMO_NOW_MS, DEMO_NOW_MS + 60 * DAY_MS) : null,
    notes: row.chance(0.15) ? note(row, core) : null,
  }
}

/** Rounded to thousands of the currency, as books of companies have it. */
function revenueOf(row: RowRandom, employees: number, currency: string): string {
  const thousands = Math.round(employees * row.int(40, 260) * (CURRENCY_PER_DOLLAR[currency] ?? 1))
  return `${thousands}000.00`
}

function note(row: RowRandom, { title, city }: CompanyCore): string {
  return row.pick([
    `Met at the trade fair in ${city.name}. Wants an offer before the end of the quarter.`,
    `${title} is moving its purchasing to headquarters; ask again next year.`,
    'Long-standing contact of ours.\nPrefers calls in the morning.',
    'Asked about volume discounts and support in the evening.',
  ])
}
