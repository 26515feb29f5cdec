import {
  columnField,
  requiredField,
  textField,
  type ConceptField,
  type ConceptFields,
} from '../../concepts/concept-fields.js'

// Contact info is filtered by, never listed by itself.
function kind(name: string, table: string, fields: Readonly<Record<string, ConceptField>>): ConceptFields {
  return {
    name,
    owners: { CONTACT: 'Contact', COMPANY: 'Company' },
    list: '',
    table,
    isLive: false,
    fields: { ...fields, isPrimary: requiredField('is_primary', 'boolean') },
    relations: {},
    order: { field: 'isPrimary', direction: 'DESC' },
  }
}

const type = (values: readonly string[]): ConceptField => requiredField('type', 'enum', { values })

export const CONTACT_INFO_FIELDS: readonly ConceptFields[] = [
  kind('EmailAddress', 'email_addresses', {
    email: textField('email', { isNullable: false }),
    // The domain is stored in lower-case ASCII: it is its own folded column.
    domain: { column: 'email_domain', kind: 'domain', isNullable: false, folded: 'email_domain' },
    type: type(['WORK', 'PERSONAL', 'OTHER']),
    optedOutAt: columnField('opted_out_at', 'datetime'),
  }),
  kind('PhoneNumber', 'phone_numbers', {
    number: columnField('number_e164', 'phone', { folded: 'number_reversed' }),
    type: type(['WORK', 'MOBILE', 'HOME', 'FAX', 'OTHER']),
  }),
  kind('Address', 'addresses', {
    city: textField('city'),
    region: textField('region'),
    country: columnField('country', 'country'),
    type: type(['BILLING', 'SHIPPING', 'OFFICE', 'HOME', 'OTHER']),
  }),
  kind('SocialMediaAccount', 'social_media_accounts', {
    handle: textField('handle'),
    platform: requiredField('platform', 'enum', {
      values: ['LINKEDIN', 'X', 'FACEBOOK', 'INSTAGRAM', 'YOUTUBE', 'MASTODON', 'GITHUB', 'OTHER'],
    }),
  }),
]
