import { COUNTRIES, type City, type Country } from './countries.js'
import { toLatin } from './latin.js'
import { namePool } from './names.js'
import type { DemoRandom, RowRandom } from './random.js'
import { createdAt, DEMO_NOW_MS, rowId } from './rows.js'
import { SIZES, TRADES } from './trades.js'

/** What of a company its contacts and its contact info depend on. */
export interface CompanyCore {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly country: Country
  readonly city: City
  readonly createdAt: Date
  readonly trade: (typeof TRADES)[number]
}

/** A company as its row wants it; references are positions in the tenant's lists. */
export interface DemoCompany extends CompanyCore {
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
const STRIDE = 37
const TRADE_STEP = 5
const DAY_MS = 86_400_000
const NATIVE_FIRST = new Set(['UA', 'KZ', 'JP', 'KR'])

/** A company's name, domain and place: from its index alone. Domains are unique over all indexes. */
export function companyCore(random: DemoRandom, index: number): CompanyCore {
  const { country, rank } = CYCLE[(index * STRIDE) % CYCLE.length] as (typeof CYCLE)[number]
  const place = Math.floor(index / CYCLE.length) * country.share + rank
  const { family } = namePool(country.names)
  const family1 = family[place % family.length] as (typeof family)[number]
  const lap = Math.floor(place / family.length)
  // For one family name each lap brings another trade, until all have been there.
  const trade = TRADES[(lap + (place % family.length) * TRADE_STEP) % TRADES.length] as (typeof TRADES)[number]
  const round = Math.floor(lap / TRADES.length)
  // Behind the first round of names and trades a second family name joins: Smith Jones Logistics.
  const family2 = round === 0 ? null : (family[(place + round) % family.length] as (typeof family)[number])
  const row = random.row('company', index)
  const moment = createdAt(row)
  const form = row.pick(country.forms)
  const city = row.pick(country.cities)
  const title = [family1.text, family2?.text, trade.word].filter(Boolean).join(' ')
  const serial = round > family.length - 1 ? String(round) : ''
  return {
    index,
    id: rowId(random, 'company', index, moment),
    name: NATIVE_FIRST.has(country.code) ? `${form} ${title}` : `${title} ${form}`,
    domain: `${[family1.latin, family2?.latin, trade.latin].filter(Boolean).join('-')}${serial}.${country.tld}`,
    country,
    city,
    createdAt: moment,
    trade,
  }
}

/** All of a company. */
export function demoCompany(random: DemoRandom, index: number): DemoCompany {
  const core = companyCore(random, index)
  const row = random.row('company-details', index)
  const size = row.weighted(SIZES.map((step) => [step, step.share] as const))
  const employees = Math.round(size.min + row.next() ** 2 * ((size.max ?? 40_000) - size.min))
  const isKnown = row.chance(0.82)
  const status = row.weighted([
    ['LEAD', 40],
    ['PROSPECT', 25],
    ['CUSTOMER', 22],
    ['CHURNED', 8],
    ['PARTNER', 5],
  ])
  const wasContacted = row.chance(status === 'LEAD' ? 0.35 : 0.85)
  return {
    ...core,
    legalName: row.chance(0.3) ? `${core.name} ${core.city.name}` : null,
    website: row.chance(0.85) ? `https://www.${core.domain}` : null,
    industry: row.chance(0.94) ? core.trade.industry : null,
    size: row.chance(0.9) ? size.name : null,
    employeeCount: isKnown ? employees : null,
    annualRevenue: isKnown && row.chance(0.7) ? `${employees * row.int(40, 260) * 1000}.00` : null,
    annualRevenueCurrency: isKnown ? core.country.currency : null,
    foundedYear: row.chance(0.75) ? 2025 - Math.floor(row.next() ** 2 * 140) : null,
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

function between(row: RowRandom, fromMs: number, toMs: number): Date {
  return new Date(Math.floor(Math.min(fromMs, toMs) + row.next() * Math.abs(toMs - fromMs)))
}

function note(row: RowRandom, { name, city }: CompanyCore): string {
  return row.pick([
    `Met at the trade fair in ${city.name}. Wants an offer before the end of the quarter.`,
    `${name} is moving its purchasing to headquarters; ask again next year.`,
    'Long-standing contact of ours.\nPrefers calls in the morning.',
    'Asked about volume discounts and support in the evening.',
  ])
}

/** A company's mailbox, as `info@example.com`; words stay Latin because addresses are. */
export function companyMailbox(box: string, domain: string): string {
  return `${toLatin(box)}@${domain}`
}
