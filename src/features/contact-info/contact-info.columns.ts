import { optional, plainText, required, ROW_COLUMNS, text, type Columns, type RowOf } from '../../concepts/columns.js'
import type { ConceptFields } from '../../concepts/concept-fields.js'

/** What the four kinds have in common: the owner, and their order among its rows of one kind. */
const INFO_COLUMNS = {
  ...ROW_COLUMNS,
  entityType: required('entity_type', 'enum', { values: ['CONTACT', 'COMPANY'] }),
  entityId: required('entity_id', 'id', {}),
  isPrimary: required('is_primary', 'boolean', { initial: false }),
  position: required('position', 'integer', {}),
} as const

export const EMAIL_ADDRESS_COLUMNS = {
  ...INFO_COLUMNS,
  type: required('type', 'enum', { values: ['WORK', 'PERSONAL', 'OTHER'], initial: 'WORK' }),
  email: text('email', { isNullable: false, isSearched: true, identifier: 'email' }),
  // The domain is stored in lower-case ASCII: it is its own folded column.
  emailDomain: required('email_domain', 'domain', { folded: 'email_domain' }),
  optedOutAt: optional('opted_out_at', 'datetime', {}),
  // Set while the owner lives and the tenant wants each address only once.
  uniqueKey: plainText('unique_key', {}),
} as const

export const PHONE_NUMBER_COLUMNS = {
  ...INFO_COLUMNS,
  type: required('type', 'enum', { values: ['WORK', 'MOBILE', 'HOME', 'FAX', 'OTHER'], initial: 'WORK' }),
  number: plainText('number', { isNullable: false }),
  numberE164: optional('number_e164', 'phone', { folded: 'number_reversed', isSearched: true }),
  extension: plainText('extension', {}),
} as const

export const ADDRESS_COLUMNS = {
  ...INFO_COLUMNS,
  type: required('type', 'enum', { values: ['BILLING', 'SHIPPING', 'OFFICE', 'HOME', 'OTHER'], initial: 'OFFICE' }),
  line1: plainText('line1', {}),
  line2: plainText('line2', {}),
  city: text('city', {}),
  region: text('region', {}),
  postalCode: plainText('postal_code', {}),
  country: optional('country', 'country', {}),
  latitude: optional('latitude', 'float', {}),
  longitude: optional('longitude', 'float', {}),
} as const

export const SOCIAL_MEDIA_ACCOUNT_COLUMNS = {
  ...INFO_COLUMNS,
  platform: required('platform', 'enum', {
    values: ['LINKEDIN', 'X', 'FACEBOOK', 'INSTAGRAM', 'YOUTUBE', 'MASTODON', 'GITHUB', 'OTHER'],
  }),
  handle: text('handle', { identifier: 'exact' }),
  url: plainText('url', {}),
} as const

export type EmailAddressRow = RowOf<typeof EMAIL_ADDRESS_COLUMNS>
export type PhoneNumberRow = RowOf<typeof PHONE_NUMBER_COLUMNS>
export type AddressRow = RowOf<typeof ADDRESS_COLUMNS>
export type SocialMediaAccountRow = RowOf<typeof SOCIAL_MEDIA_ACCOUNT_COLUMNS>
export type ContactInfoRow = RowOf<typeof INFO_COLUMNS>

/** Which type of record has contact info: contacts or companies. */
export type EntityType = ContactInfoRow['entityType']

/** The kinds by their name in the API, each with its row. */
export interface ContactInfoRows {
  emailAddress: EmailAddressRow
  phoneNumber: PhoneNumberRow
  address: AddressRow
  socialMediaAccount: SocialMediaAccountRow
}

export type ContactInfoKind = keyof ContactInfoRows

/** All rows of a record and kind at most. */
export const MAX_ROWS_PER_KIND = 25

// Contact info is filtered by, never listed by itself.
function concept(name: string, table: string, fields: ConceptFields['fields']): ConceptFields {
  return {
    name,
    owners: { CONTACT: 'Contact', COMPANY: 'Company' },
    list: '',
    table,
    hasDeletedAt: false,
    fields: { ...fields, isPrimary: INFO_COLUMNS.isPrimary },
    relations: {},
    order: { field: 'isPrimary', direction: 'DESC' },
  }
}

const [email, phone, address, social] = [
  EMAIL_ADDRESS_COLUMNS,
  PHONE_NUMBER_COLUMNS,
  ADDRESS_COLUMNS,
  SOCIAL_MEDIA_ACCOUNT_COLUMNS,
]

export const CONTACT_INFO: readonly ConceptFields[] = [
  concept('EmailAddress', 'email_addresses', {
    email: email.email,
    domain: email.emailDomain,
    type: email.type,
    optedOutAt: email.optedOutAt,
  }),
  concept('PhoneNumber', 'phone_numbers', { number: { ...phone.numberE164, isNullable: true }, type: phone.type }),
  concept('Address', 'addresses', {
    city: address.city,
    region: address.region,
    country: address.country,
    type: address.type,
  }),
  concept('SocialMediaAccount', 'social_media_accounts', { handle: social.handle, platform: social.platform }),
]

/** What a kind is called and where it is stored. */
export interface ContactInfoTable {
  /** name of its type in the API */
  readonly concept: string
  /** name of its list in inputs and outputs of the owner */
  readonly list: string
  readonly table: string
  readonly noun: string
  readonly columns: Columns
}

export const CONTACT_INFO_KINDS = {
  emailAddress: {
    concept: 'EmailAddress',
    list: 'emailAddresses',
    table: 'email_addresses',
    noun: 'e-mail address',
    columns: EMAIL_ADDRESS_COLUMNS,
  },
  phoneNumber: {
    concept: 'PhoneNumber',
    list: 'phoneNumbers',
    table: 'phone_numbers',
    noun: 'phone number',
    columns: PHONE_NUMBER_COLUMNS,
  },
  address: {
    concept: 'Address',
    list: 'addresses',
    table: 'addresses',
    noun: 'postal address',
    columns: ADDRESS_COLUMNS,
  },
  socialMediaAccount: {
    concept: 'SocialMediaAccount',
    list: 'socialMediaAccounts',
    table: 'social_media_accounts',
    noun: 'social media account',
    columns: SOCIAL_MEDIA_ACCOUNT_COLUMNS,
  },
} as const satisfies Record<ContactInfoKind, ContactInfoTable>
