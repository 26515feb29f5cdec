import { COUNTRIES } from './countries.js'
import { namePool } from './names.js'
import { cycleOf, itemAt, type DemoRandom } from './random.js'
import { between, createdAt, DAY_MS, edits } from './rows.js'
import { INDUSTRIES, SIZES, TRADES } from './trades.js'

/** A company as its row wants it; references are names and positions in the tenant's lists. */
export type DemoCompany = ReturnType<typeof demoCompany>

// One company of each hundred has each place of this cycle, which makes (country, place in it) unique without memory.
const COUNTRY_CYCLE = cycleOf(COUNTRIES)
const INDUSTRY_CYCLE = cycleOf(INDUSTRIES)
// Coprime to both cycles: neighbours differ in country and industry.
const STRIDE = 37
const FAMILY_STEP = 17
const FORM_FIRST = new Set(['UA', 'KZ', 'JP', 'KR'])
const SIZE_SHARES = SIZES.map(({ share }) => share)
const WITHOUT_SPACES = new Set(['zh', 'ja', 'ko'])

const NOTES = [
  'Met at the trade fair in {city}. Wants an offer before the end of the quarter.',
  'Is moving its purchasing to headquarters; ask again next year.',
  'Long-standing contact of ours.\nPrefers calls in the morning.',
  'Asked about volume discounts and support in the evening.',
]

/**
 * What of a company its contacts depend on: title (without legal form), domain and place, from its index alone. No two
 * companies share a domain.
 */
export function companyCore(random: DemoRandom, index: number) {
  const { item: country, rank } = itemAt(COUNTRY_CYCLE, index * STRIDE)
  const place = Math.floor(index / COUNTRY_CYCLE.length) * country.share + rank
  const { item: industry, rank: before } = itemAt(INDUSTRY_CYCLE, place * STRIDE)
  // How many of the same country and industry stand before it: each brings another family, each round a second one.
  const serial = Math.floor(place / INDUSTRY_CYCLE.length) * industry.share + before
  const { families } = namePool(country)
  const round = Math.floor(serial / families.length)
  const first = serial + industry.name.length * FAMILY_STEP
  const names = (round === 0 ? [first] : [first, first + round]).map((position) => itemAt(families, position))
  const row = random.row('company', index)
  const moment = createdAt(row, random.endMs)
  const city = row.pick(country.cities)
  const word = row.pick(TRADES.get(country.language)?.[industry.position] ?? [])
  // A hyphen keeps the parts of longer names apart: without it two pairs of names could read alike.
  const hyphen = round === 0 && row.chance(0.5) ? '' : '-'
  const suffix = round < families.length ? '' : String(round)
  const label = [...names.map(({ latin }) => latin.replaceAll('-', '')), word.latin].join(hyphen)
  const title = [...names, word].map(({ text }) => text).join(WITHOUT_SPACES.has(country.language) ? '' : ' ')
  const domain = `${label}${suffix}.${country.tld}`
  const id = random.id('company', index, moment)
  return { index, id, title, domain, country, city, createdAt: moment, industry: industry.name }
}

/** All of a company. */
export function demoCompany(random: DemoRandom, index: number) {
  const core = companyCore(random, index)
  const { country, title } = core
  const row = random.row('company-details', index)
  const form = row.pick(country.forms)
  const full = FORM_FIRST.has(country.code) ? `${form} ${title}` : `${title} ${form}`
  const size = row.weighted(SIZES, SIZE_SHARES)
  const employees = Math.round(size.min + row.next() ** 2 * ((size.max ?? 40_000) - size.min))
  const isKnown = row.chance(0.82)
  // In thousands of the currency, as books of companies have it.
  const revenue = isKnown && row.chance(0.7) ? Math.round(employees * row.int(40, 260) * country.unitsPerDollar) : null
  const status = row.weighted(['LEAD', 'PROSPECT', 'CUSTOMER', 'CHURNED', 'PARTNER'], [40, 25, 22, 8, 5])
  const wasContacted = row.chance(status === 'LEAD' ? 0.35 : 0.85)
  const founded = core.createdAt.getUTCFullYear() - 1 - Math.floor(row.next() ** 2 * 140)
  const { updatedAt, version } = edits(row, core.createdAt, random.endMs)
  // Written out: a spread took half of a company's time.
  return {
    index,
    id: core.id,
    title,
    domain: core.domain,
    country,
    city: core.city,
    createdAt: core.createdAt,
    updatedAt,
    version,
    name: row.chance(0.45) ? full : title,
    legalName: row.chance(0.35) ? full : null,
    website: row.chance(0.85) ? `https://www.${core.domain}` : null,
    industry: row.chance(0.94) ? core.industry : null,
    size: row.chance(0.9) ? size.name : null,
    employeeCount: isKnown ? employees : null,
    annualRevenue: revenue === null ? null : `${revenue}000.00`,
    annualRevenueCurrency: revenue === null ? null : country.currency,
    foundedYear: row.chance(0.75) ? founded : null,
    leadScore: row.chance(0.8) ? Math.min(100, Math.round((row.next() + row.next()) * 50)) : null,
    status,
    priority: row.weighted(['LOW', 'MEDIUM', 'HIGH', 'URGENT'], [25, 50, 20, 5]),
    /** position among the users who work; null for nobody */
    assignedTo: row.chance(0.85) ? Math.floor(row.next() ** 1.5 * 11) : null,
    lastContactedAt: wasContacted ? between(row, core.createdAt.getTime(), random.endMs) : null,
    nextFollowUpAt: row.chance(0.3) ? between(row, random.endMs, random.endMs + 60 * DAY_MS) : null,
    notes: row.chance(0.15) ? row.pick(NOTES).replace('{city}', core.city.name) : null,
  }
}
