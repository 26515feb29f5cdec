import type { CustomFieldEntityType, CustomFieldType } from '../concepts/custom-fields.js'
import type { demoCompany } from './companies.js'
import type { demoContact } from './contacts.js'
import type { DemoRandom, RowRandom } from './random.js'
import { between, DAY_MS } from './rows.js'

/** A custom field of the demo tenant, as its row wants it. */
export interface DemoField {
  readonly entityType: CustomFieldEntityType
  readonly key: string
  readonly label: string
  readonly type: CustomFieldType
  readonly fieldGroup: string
  readonly isUnique: boolean
  readonly constraints: object | null
  readonly options: object | null
}

/** A value of a field, by its key; `columns` as the table of values has them. */
export interface DemoValue {
  readonly key: string
  readonly columns: Readonly<Record<string, unknown>>
}

const options = (labels: readonly string[]) =>
  labels.map((label) => ({ value: valueOf(label), label, isArchived: false }))

/** `Trade fair` as `trade_fair`. */
function valueOf(label: string): string {
  return label.toLowerCase().replace(/[^a-z0-9]+/g, '_')
}

const SOURCES = ['Web site', 'Referral', 'Trade fair', 'Advertisement', 'Partner', 'Cold call']
const TIERS = ['Gold', 'Silver', 'Bronze']
const INTERESTS = ['Pricing', 'Support', 'Training', 'Integration', 'Security']
const TERMS = ['EXW', 'FCA', 'DAP', 'DDP']
const CERTIFICATES = ['ISO 9001', 'ISO 14001', 'ISO 27001']

const field = (
  entityType: CustomFieldEntityType,
  fieldGroup: string,
  key: string,
  label: string,
  type: CustomFieldType,
  more: Partial<DemoField> = {},
): DemoField => ({
  isUnique: false,
  constraints: null,
  options: null,
  ...more,
  entityType,
  fieldGroup,
  key,
  label,
  type,
})

/** The demo tenant's custom fields: ten of contacts and ten of companies, in their order. */
export const DEMO_FIELDS: readonly DemoField[] = [
  field('CONTACT', 'Sales', 'lead_source', 'Lead source', 'DROPDOWN', { options: options(SOURCES) }),
  field('CONTACT', 'Sales', 'tier', 'Tier', 'RADIO', { options: options(TIERS) }),
  field('CONTACT', 'Sales', 'interests', 'Interests', 'CHECKBOX', { options: options(INTERESTS) }),
  field('CONTACT', 'Sales', 'budget', 'Budget', 'CURRENCY', { constraints: { min: '0' } }),
  field('CONTACT', 'Sales', 'next_demo_at', 'Next demo', 'DATETIME'),
  field('CONTACT', 'Survey', 'satisfaction', 'Satisfaction', 'NUMBER', { constraints: { min: '0', max: '10' } }),
  field('CONTACT', 'Survey', 'surveyed_on', 'Surveyed on', 'DATE', { constraints: { maxDaysFromToday: 0 } }),
  field('CONTACT', 'Person', 'badge', 'Badge', 'TEXT', { isUnique: true, constraints: { pattern: 'K[0-9]{6}' } }),
  field('CONTACT', 'Person', 'is_decision_maker', 'Decides', 'BOOLEAN'),
  field('CONTACT', 'Person', 'remarks', 'Remarks', 'TEXTAREA', { constraints: { maxLength: 2000 } }),
  field('COMPANY', 'Contract', 'contract_value', 'Contract value', 'CURRENCY', { constraints: { min: '0' } }),
  field('COMPANY', 'Contract', 'contract_ends_on', 'Contract ends', 'DATE'),
  field('COMPANY', 'Contract', 'discount', 'Discount in percent', 'DECIMAL', { constraints: { min: '0', max: '60', scale: 2 } }),
  field('COMPANY', 'Contract', 'delivery_terms', 'Delivery terms', 'DROPDOWN', { options: options(TERMS) }),
  field('COMPANY', 'Accounts', 'supplier_number', 'Supplier number', 'TEXT', { isUnique: true, constraints: { pattern: 'S[0-9]{6}' } }),
  field('COMPANY', 'Accounts', 'billing_email', 'Billing e-mail', 'EMAIL'),
  field('COMPANY', 'Quality', 'certificates', 'Certificates', 'CHECKBOX', { options: options(CERTIFICATES) }),
  field('COMPANY', 'Quality', 'net_promoter_score', 'Net promoter score', 'NUMBER', { constraints: { min: '-100', max: '100' } }),
  field('COMPANY', 'Quality', 'is_reference', 'Reference customer', 'BOOLEAN'),
  field('COMPANY', 'Quality', 'portal', 'Customer portal', 'URL'),
] // prettier-ignore

const REMARKS = [
  'Asked for a comparison with the current supplier.\nDecision in the next quarter.',
  'Prefers short messages and a call on Friday morning.',
  'Wants to see a reference from the same industry.',
]

const option = (label: string) => ({ textValue: valueOf(label) })
const several = (row: RowRandom, labels: readonly string[], share: number) => {
  const chosen = labels.filter(() => row.chance(share))
  return { optionValues: (chosen.length === 0 ? [row.pick(labels)] : chosen).map(valueOf) }
}
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10)

/** The custom values of a contact: about one, as each costs the load a third of a contact. */
export function fieldsOfContact(random: DemoRandom, contact: ReturnType<typeof demoContact>): DemoValue[] {
  const { index, createdAt, country } = contact
  const row = random.row('contact-fields', index)
  const values: DemoValue[] = []
  const give = (share: number, key: string, columns: () => DemoValue['columns']): boolean => {
    const isGiven = row.chance(share)
    if (isGiven) values.push({ key, columns: columns() })
    return isGiven
  }
  give(0.4, 'lead_source', () => option(row.weighted(SOURCES, [35, 20, 15, 12, 10, 8])))
  give(0.12, 'tier', () => option(row.weighted(TIERS, [15, 35, 50])))
  give(0.1, 'interests', () => several(row, INTERESTS, 0.35))
  const amount = (): string => `${Math.round(row.int(2, 200) * country.unitsPerDollar)}00.00`
  give(0.06, 'budget', () => ({ numberValue: amount(), currencyCode: country.currency }))
  give(0.03, 'next_demo_at', () => ({ datetimeValue: between(row, random.endMs, random.endMs + 30 * DAY_MS).toISOString() }))
  const isSurveyed = give(0.1, 'satisfaction', () => ({ numberValue: row.weighted([10, 9, 8, 7, 6, 5, 3], [20, 22, 24, 14, 9, 6, 5]) }))
  if (isSurveyed) give(1, 'surveyed_on', () => ({ dateValue: dayOf(between(row, createdAt.getTime(), random.endMs)) }))
  give(0.06, 'badge', () => uniqueText(`K${String(index).padStart(6, '0')}`))
  give(0.08, 'is_decision_maker', () => ({ booleanValue: row.chance(0.4) }))
  give(0.03, 'remarks', () => ({ textValue: row.pick(REMARKS) }))
  return values
} // prettier-ignore

/** The custom values of a company: about one. */
export function fieldsOfCompany(random: DemoRandom, company: ReturnType<typeof demoCompany>): DemoValue[] {
  const { index, domain, country, status } = company
  const row = random.row('company-fields', index)
  const values: DemoValue[] = []
  const give = (share: number, key: string, columns: () => DemoValue['columns']): void => {
    if (row.chance(share)) values.push({ key, columns: columns() })
  }
  const isBound = status === 'CUSTOMER' || status === 'PARTNER'
  const amount = (): string => `${Math.round(row.int(5, 900) * country.unitsPerDollar)}000.00`
  give(isBound ? 0.5 : 0.02, 'contract_value', () => ({ numberValue: amount(), currencyCode: country.currency }))
  give(isBound ? 0.5 : 0.02, 'contract_ends_on', () => ({ dateValue: dayOf(between(row, random.endMs - 90 * DAY_MS, random.endMs + 720 * DAY_MS)) }))
  give(isBound ? 0.25 : 0.02, 'discount', () => ({ numberValue: `${row.int(1, 30)}.${row.pick(['00', '50', '25'])}` }))
  give(0.15, 'delivery_terms', () => option(row.weighted(TERMS, [20, 25, 40, 15])))
  give(isBound ? 0.4 : 0.03, 'supplier_number', () => uniqueText(`S${String(index).padStart(6, '0')}`))
  give(isBound ? 0.4 : 0.05, 'billing_email', () => ({ textValue: `invoices@${domain}` }))
  give(0.1, 'certificates', () => several(row, CERTIFICATES, 0.5))
  give(isBound ? 0.25 : 0.02, 'net_promoter_score', () => ({ numberValue: row.int(-20, 80) }))
  give(0.05, 'is_reference', () => ({ booleanValue: isBound && row.chance(0.5) }))
  give(0.05, 'portal', () => ({ textValue: `https://portal.${domain}` }))
  return values
} // prettier-ignore

function uniqueText(textValue: string) {
  return { textValue, uniqueKey: textValue }
}
