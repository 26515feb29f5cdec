import {
  any,
  line,
  listedFields,
  optional,
  RECORD_COLUMNS,
  required,
  ROW_COLUMNS,
  text,
  type RowOf,
} from '../../concepts/columns.js'
import type { ConceptFields } from '../../concepts/concept-fields.js'
import { checkDate } from '../../lib/value/date.js'
import { checkText } from '../../lib/value/text.js'

const TITLE = { check: line(255) } as const
const NAME = { ...TITLE, isSearched: true } as const
const OPT_IN = { check: any<boolean>(), initial: false } as const
const NOTES = { maxLength: 65_536, multiline: true } as const

/** Every column of a contact, said once. */
export const CONTACT_COLUMNS = {
  ...ROW_COLUMNS,
  birthDate: optional('birth_date', 'date', { check: checkDate }),
  firstName: text('first_name', NAME),
  middleName: text('middle_name', NAME),
  lastName: text('last_name', NAME),
  fullName: text('full_name', { foldedLength: 600, isGenerated: true }),
  jobTitle: text('job_title', TITLE),
  department: text('department', TITLE),
  companyId: optional('company_id', 'id', { check: any<string>(), references: 'Company' }),
  ownerId: optional('owner_id', 'id', { check: any<string>(), references: 'User' }),
  externalId: text('external_id', { ...TITLE, unique: 'contacts_external_id_key' }),
  emailOptIn: required('email_opt_in', 'boolean', OPT_IN),
  smsOptIn: required('sms_opt_in', 'boolean', OPT_IN),
  callOptIn: required('call_opt_in', 'boolean', OPT_IN),
  notes: {
    column: 'notes',
    kind: 'text',
    isNullable: true,
    folded: 'notes_folded',
    isOrderless: true,
    check: (value: string) => checkText(value, NOTES),
  },
  ...RECORD_COLUMNS,
} as const

/** A contact as loaders give it, deleted or not. */
export type ContactRow = RowOf<typeof CONTACT_COLUMNS>

/** What lists know of contacts. */
export const CONTACT: ConceptFields = {
  name: 'Contact',
  list: 'contacts',
  table: 'contacts',
  isLive: true,
  fields: listedFields(CONTACT_COLUMNS),
  relations: {
    company: { kind: 'one', to: 'Company', column: 'company_id' },
    owner: { kind: 'one', to: 'User', column: 'owner_id' },
    emailAddresses: { kind: 'info', to: 'EmailAddress', entityType: 'CONTACT' },
    phoneNumbers: { kind: 'info', to: 'PhoneNumber', entityType: 'CONTACT' },
    addresses: { kind: 'info', to: 'Address', entityType: 'CONTACT' },
    socialMediaAccounts: { kind: 'info', to: 'SocialMediaAccount', entityType: 'CONTACT' },
  },
  order: { field: 'createdAt', direction: 'DESC' },
}
