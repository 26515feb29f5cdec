import { any, line, longText, optional, RECORD_COLUMNS, required, text, type RowOf } from '../../concepts/columns.js'
import { infoRelations, recordConcept } from '../../concepts/record-concept.js'
import { checkCurrency } from '../../lib/value/currency.js'
import { checkDateTime } from '../../lib/value/date.js'
import { checkDecimal } from '../../lib/value/decimal.js'
import { checkDomain } from '../../lib/value/domain.js'
import { checkInteger } from '../../lib/value/integer.js'
import { checkUrl } from '../../lib/value/url.js'

const STATUSES = ['LEAD', 'PROSPECT', 'CUSTOMER', 'PARTNER', 'CHURNED'] as const
const PRIORITIES = ['LOW', 'MEDIUM', 'HIGH', 'URGENT'] as const
const INT_MAX = 2_147_483_647
const TITLE = { check: line(255) } as const
const MONEY = { precision: 18, scale: 2 } as const

const between = (min: number, max: number) => ({ check: (value: number) => checkInteger(value, { min, max }) }) as const
const names = (concept: string) => ({ check: any<string>(), references: concept }) as const

/** Every column of a company, said once. */
export const COMPANY_COLUMNS = {
  ...RECORD_COLUMNS,
  name: text('name', { ...TITLE, isNullable: false, isSearched: true }),
  legalName: text('legal_name', { ...TITLE, isSearched: true }),
  domain: text('domain', { kind: 'domain', check: checkDomain, isSearched: true, unique: 'companies_domain_key' }),
  website: text('website', { check: checkUrl }),
  industryId: optional('industry_id', 'id', names('Industry')),
  sizeId: optional('size_id', 'id', names('CompanySize')),
  employeeCount: optional('employee_count', 'integer', between(0, INT_MAX)),
  annualRevenue: optional('annual_revenue', 'decimal', { check: (value: string) => checkDecimal(value, MONEY) }),
  annualRevenueCurrency: optional('annual_revenue_currency', 'currency', { check: checkCurrency }),
  foundedYear: optional('founded_year', 'integer', between(1000, 2100)),
  leadScore: optional('lead_score', 'integer', between(0, 100)),
  status: required('status', 'enum', { values: STATUSES, check: any<(typeof STATUSES)[number]>(), initial: 'LEAD' }),
  priority: required('priority', 'enum', {
    values: PRIORITIES,
    check: any<(typeof PRIORITIES)[number]>(),
    initial: 'MEDIUM',
  }),
  assignedToId: optional('assigned_to_id', 'id', names('User')),
  lastContactedAt: optional('last_contacted_at', 'datetime', { check: checkDateTime }),
  nextFollowUpAt: optional('next_follow_up_at', 'datetime', { check: checkDateTime }),
  notes: longText('notes'),
  externalId: text('external_id', { ...TITLE, identifier: 'exact', unique: 'companies_external_id_key' }),
} as const

/** A company as loaders give it, deleted or not. */
export type CompanyRow = RowOf<typeof COMPANY_COLUMNS>

/**
 * Second names of columns in inputs, filters and orders: companies have an owner as contacts have; `assignedTo` is
 * deprecated.
 */
export const COMPANY_ALIASES = { ownerId: 'assignedToId' } as const

const LISTED_COLUMNS = { ...COMPANY_COLUMNS, ownerId: COMPANY_COLUMNS[COMPANY_ALIASES.ownerId] } as const

/** What lists know of companies. */
export const COMPANY = recordConcept('Company', 'companies', 'COMPANY', LISTED_COLUMNS, {
  industry: { kind: 'one', to: 'Industry', column: 'industry_id' },
  size: { kind: 'one', to: 'CompanySize', column: 'size_id' },
  assignedTo: { kind: 'one', to: 'User', column: 'assigned_to_id' },
  owner: { kind: 'one', to: 'User', column: 'assigned_to_id' },
  contacts: { kind: 'many', to: 'Contact', column: 'company_id' },
  ...infoRelations('COMPANY'),
})
