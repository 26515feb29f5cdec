import { givenOnly, type Given, type InputCheck } from '../../lib/input.js'
import type { TenantSettings } from '../../lib/principal.js'
import { checkCurrency } from '../../lib/value/currency.js'
import { checkDateTime } from '../../lib/value/date.js'
import { checkDecimal } from '../../lib/value/decimal.js'
import { checkDomain } from '../../lib/value/domain.js'
import { checkInteger } from '../../lib/value/integer.js'
import { checkText } from '../../lib/value/text.js'
import { checkUrl } from '../../lib/value/url.js'
import type { CompanyRow } from './company.row.js'

/** What clients give of a company; in an update absent stays and null clears. */
export interface CompanyInput {
  readonly name?: Given<string>
  readonly legalName?: Given<string>
  readonly domain?: Given<string>
  readonly website?: Given<string>
  readonly industryId?: Given<string>
  readonly sizeId?: Given<string>
  readonly employeeCount?: Given<number>
  readonly annualRevenue?: Given<string>
  readonly annualRevenueCurrency?: Given<string>
  readonly foundedYear?: Given<number>
  readonly leadScore?: Given<number>
  readonly status?: Given<CompanyRow['status']>
  readonly priority?: Given<CompanyRow['priority']>
  readonly assignedToId?: Given<string>
  readonly lastContactedAt?: Given<string>
  readonly nextFollowUpAt?: Given<string>
  readonly notes?: Given<string>
  readonly externalId?: Given<string>
}

const INT_MAX = 2_147_483_647
const TITLE = { maxLength: 255 }
const NOTES = { maxLength: 65_536, multiline: true }
const MONEY = { precision: 18, scale: 2 }

/** The columns that an input asks for, by their names in the model; problems go to `check`. */
export function checkCompany(check: InputCheck, input: CompanyInput) {
  const text = (field: 'legalName' | 'externalId') =>
    check.take(field, input[field], (value) => checkText(value, TITLE))
  const integer = (field: 'employeeCount' | 'foundedYear' | 'leadScore', min: number, max: number) =>
    check.take(field, input[field], (value) => checkInteger(value, { min, max }))
  const moment = (field: 'lastContactedAt' | 'nextFollowUpAt') => check.take(field, input[field], checkDateTime)
  return givenOnly({
    name: check.need('name', input.name, (value) => checkText(value, TITLE)),
    legalName: text('legalName'),
    domain: check.take('domain', input.domain, checkDomain),
    website: check.take('website', input.website, checkUrl),
    industryId: input.industryId,
    sizeId: input.sizeId,
    employeeCount: integer('employeeCount', 0, INT_MAX),
    annualRevenue: check.take('annualRevenue', input.annualRevenue, (value) => checkDecimal(value, MONEY)),
    annualRevenueCurrency: check.take('annualRevenueCurrency', input.annualRevenueCurrency, checkCurrency),
    foundedYear: integer('foundedYear', 1000, 2100),
    leadScore: integer('leadScore', 0, 100),
    status: check.need('status', input.status, (value) => ({ ok: true, value })),
    priority: check.need('priority', input.priority, (value) => ({ ok: true, value })),
    assignedToId: input.assignedToId,
    lastContactedAt: moment('lastContactedAt'),
    nextFollowUpAt: moment('nextFollowUpAt'),
    notes: check.take('notes', input.notes, (value) => checkText(value, NOTES)),
    externalId: text('externalId'),
  })
}

/** The columns of a company that were given, checked. */
export type CompanyColumns = ReturnType<typeof checkCompany>

/** Revenue and currency of a stored company; both null for a new one. */
export interface StoredRevenue {
  readonly annualRevenue: string | null
  readonly annualRevenueCurrency: string | null
}

/** An amount always has a currency: the given one, the stored one, else the tenant's. Without any, it is refused. */
export function completeRevenue(
  check: InputCheck,
  columns: CompanyColumns,
  stored: StoredRevenue,
  { defaultCurrency }: TenantSettings,
): CompanyColumns {
  const { annualRevenue = stored.annualRevenue, annualRevenueCurrency = stored.annualRevenueCurrency } = columns
  if (annualRevenue === null || annualRevenueCurrency !== null) return columns
  if (columns.annualRevenueCurrency === undefined && defaultCurrency) {
    return { ...columns, annualRevenueCurrency: defaultCurrency }
  }
  check.refuse('annualRevenueCurrency', 'An amount needs a currency.')
  return columns
}
