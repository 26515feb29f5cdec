import { columnField, requiredField, ROW_FIELDS, textField, type ConceptFields } from '../../concepts/concept-fields.js'

const STATUSES = ['LEAD', 'PROSPECT', 'CUSTOMER', 'PARTNER', 'CHURNED']
const PRIORITIES = ['LOW', 'MEDIUM', 'HIGH', 'URGENT']

export const COMPANY_FIELDS: ConceptFields = {
  name: 'Company',
  list: 'companies',
  table: 'companies',
  isLive: true,
  fields: {
    ...ROW_FIELDS,
    name: textField('name', { isNullable: false }),
    legalName: textField('legal_name'),
    domain: textField('domain', { kind: 'domain' }),
    website: textField('website'),
    industryId: columnField('industry_id', 'id'),
    sizeId: columnField('size_id', 'id'),
    employeeCount: columnField('employee_count', 'integer'),
    annualRevenue: columnField('annual_revenue', 'decimal'),
    annualRevenueCurrency: columnField('annual_revenue_currency', 'currency'),
    foundedYear: columnField('founded_year', 'integer'),
    leadScore: columnField('lead_score', 'integer'),
    status: requiredField('status', 'enum', { values: STATUSES }),
    priority: requiredField('priority', 'enum', { values: PRIORITIES }),
    assignedToId: columnField('assigned_to_id', 'id'),
    lastContactedAt: columnField('last_contacted_at', 'datetime'),
    nextFollowUpAt: columnField('next_follow_up_at', 'datetime'),
    notes: { column: 'notes', kind: 'text', isNullable: true, folded: 'notes_folded', isOrderless: true },
    externalId: textField('external_id'),
    version: requiredField('version', 'integer'),
  },
  relations: {
    industry: { kind: 'one', to: 'Industry', column: 'industry_id' },
    size: { kind: 'one', to: 'CompanySize', column: 'size_id' },
    assignedTo: { kind: 'one', to: 'User', column: 'assigned_to_id' },
    contacts: { kind: 'many', to: 'Contact', column: 'company_id' },
    emailAddresses: { kind: 'info', to: 'EmailAddress', entityType: 'COMPANY' },
    phoneNumbers: { kind: 'info', to: 'PhoneNumber', entityType: 'COMPANY' },
    addresses: { kind: 'info', to: 'Address', entityType: 'COMPANY' },
    socialMediaAccounts: { kind: 'info', to: 'SocialMediaAccount', entityType: 'COMPANY' },
  },
  order: { field: 'createdAt', direction: 'DESC' },
}
