import { any, line, longText, optional, RECORD_COLUMNS, required, text, type RowOf } from '../../concepts/columns.js'
import { infoRelations, recordConcept } from '../../concepts/record-concept.js'
import { checkDate } from '../../lib/value/date.js'

const TITLE = { check: line(255) } as const
const NAME = { ...TITLE, isSearched: true } as const
const OPT_IN = { check: any<boolean>(), initial: false } as const

/** Every column of a contact, said once. */
export const CONTACT_COLUMNS = {
  ...RECORD_COLUMNS,
  birthDate: optional('birth_date', 'date', { check: checkDate }),
  firstName: text('first_name', NAME),
  middleName: text('middle_name', NAME),
  lastName: text('last_name', NAME),
  fullName: text('full_name', { foldedLength: 600, isGenerated: true }),
  jobTitle: text('job_title', TITLE),
  department: text('department', TITLE),
  companyId: optional('company_id', 'id', { check: any<string>(), references: 'Company' }),
  ownerId: optional('owner_id', 'id', { check: any<string>(), references: 'User' }),
  externalId: text('external_id', { ...TITLE, identifier: 'exact', unique: 'contacts_external_id_key' }),
  emailOptIn: required('email_opt_in', 'boolean', OPT_IN),
  smsOptIn: required('sms_opt_in', 'boolean', OPT_IN),
  callOptIn: required('call_opt_in', 'boolean', OPT_IN),
  notes: longText('notes'),
} as const

/** A contact as loaders give it, deleted or not. */
export type ContactRow = RowOf<typeof CONTACT_COLUMNS>

/** What lists know of contacts. */
export const CONTACT = recordConcept('Contact', 'contacts', 'CONTACT', CONTACT_COLUMNS, {
  company: { kind: 'one', to: 'Company', column: 'company_id' },
  owner: { kind: 'one', to: 'User', column: 'owner_id' },
  ...infoRelations('CONTACT'),
})
