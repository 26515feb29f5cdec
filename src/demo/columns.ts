import type { BulkColumn } from './bulk-insert.js'
import type { DemoCompany } from './companies.js'
import type { DemoInfo } from './contact-info.js'
import type { DemoContact } from './contacts.js'

/** The ids that the tenant's lists and users have, by what the generator calls them. */
export interface DemoLists {
  readonly industries: ReadonlyMap<string, string>
  readonly sizes: ReadonlyMap<string, string>
  /** users who work, in the order of their positions; null for those whom the tenant has no more */
  readonly workers: readonly (string | null)[]
}

function worker(lists: DemoLists, position: number | null): string | null {
  return position === null ? null : (lists.workers[position] ?? null)
}

function named(ids: ReadonlyMap<string, string>, name: string | null): string | null {
  return name === null ? null : (ids.get(name) ?? null)
}

/** The columns of companies. */
export function companyColumns(lists: DemoLists): BulkColumn<DemoCompany>[] {
  return [
    ['id', 'uuid', (row) => row.id],
    ['created_at', 'timestamptz', (row) => row.createdAt],
    ['updated_at', 'timestamptz', (row) => row.updatedAt],
    ['version', 'int', (row) => row.version],
    ['name', 'text', (row) => row.name],
    ['legal_name', 'text', (row) => row.legalName],
    ['domain', 'text', (row) => row.domain],
    ['website', 'text', (row) => row.website],
    ['industry_id', 'uuid', (row) => named(lists.industries, row.industry)],
    ['size_id', 'uuid', (row) => named(lists.sizes, row.size)],
    ['employee_count', 'int', (row) => row.employeeCount],
    ['annual_revenue', 'numeric', (row) => row.annualRevenue],
    ['annual_revenue_currency', 'text', (row) => row.annualRevenueCurrency],
    ['founded_year', 'int', (row) => row.foundedYear],
    ['lead_score', 'int', (row) => row.leadScore],
    ['status', 'text', (row) => row.status],
    ['priority', 'text', (row) => row.priority],
    ['assigned_to_id', 'uuid', (row) => worker(lists, row.assignedTo)],
    ['last_contacted_at', 'timestamptz', (row) => row.lastContactedAt],
    ['next_follow_up_at', 'timestamptz', (row) => row.nextFollowUpAt],
    ['notes', 'text', (row) => row.notes],
    ['external_id', 'text', (row) => `demo-company-${row.index}`],
  ]
}

/** The columns of contacts; `companies` are those of their companies that the tenant has. */
export function contactColumns(lists: DemoLists, companies: ReadonlySet<string>): BulkColumn<DemoContact>[] {
  return [
    ['id', 'uuid', (row) => row.id],
    ['created_at', 'timestamptz', (row) => row.createdAt],
    ['updated_at', 'timestamptz', (row) => row.updatedAt],
    ['version', 'int', (row) => row.version],
    ['first_name', 'text', (row) => row.first?.text ?? null],
    ['middle_name', 'text', (row) => row.middle?.text ?? null],
    ['last_name', 'text', (row) => row.last?.text ?? null],
    ['job_title', 'text', (row) => row.jobTitle],
    ['department', 'text', (row) => row.department],
    ['company_id', 'uuid', (row) => (row.company && companies.has(row.company.id) ? row.company.id : null)],
    ['owner_id', 'uuid', (row) => worker(lists, row.owner)],
    ['email_opt_in', 'boolean', (row) => row.emailOptIn],
    ['sms_opt_in', 'boolean', (row) => row.smsOptIn],
    ['call_opt_in', 'boolean', (row) => row.callOptIn],
    ['birth_date', 'date', (row) => row.birthDate],
    ['notes', 'text', (row) => row.notes],
    ['external_id', 'text', (row) => `demo-contact-${row.index}`],
  ]
}

const OWN: Record<DemoInfo['table'], readonly (readonly [string, string])[]> = {
  email_addresses: [
    ['type', 'text'],
    ['email', 'text'],
    ['email_domain', 'text'],
    ['opted_out_at', 'timestamptz'],
  ],
  phone_numbers: [
    ['type', 'text'],
    ['number', 'text'],
    ['number_e164', 'text'],
    ['extension', 'text'],
  ],
  addresses: [
    ['type', 'text'],
    ['line1', 'text'],
    ['line2', 'text'],
    ['city', 'text'],
    ['region', 'text'],
    ['postal_code', 'text'],
    ['country', 'text'],
    ['latitude', 'float8'],
    ['longitude', 'float8'],
  ],
  social_media_accounts: [
    ['platform', 'text'],
    ['handle', 'text'],
    ['url', 'text'],
  ],
}

/** The columns of one table of contact info; `uniqueEmails` sets the keys of addresses, which are in small letters. */
export function infoColumns(table: DemoInfo['table'], uniqueEmails: boolean): BulkColumn<DemoInfo>[] {
  const own = OWN[table].map(([name, type]): BulkColumn<DemoInfo> => [name, type, (row) => row.values[name]])
  return [
    ['id', 'uuid', (row) => row.id],
    ['created_at', 'timestamptz', (row) => row.createdAt],
    ['updated_at', 'timestamptz', (row) => row.createdAt],
    ['entity_type', 'text', (row) => row.entityType],
    ['entity_id', 'uuid', (row) => row.entityId],
    ['is_primary', 'boolean', (row) => row.isPrimary],
    ['position', 'int', (row) => row.position],
    ...own,
    ...(table === 'email_addresses' && uniqueEmails
      ? [['unique_key', 'text', (row: DemoInfo) => row.values['email']] as const]
      : []),
  ]
}
