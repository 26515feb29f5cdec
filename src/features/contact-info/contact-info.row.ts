/** A contact or a company: whoever contact info and custom values belong to. */
export type EntityType = 'CONTACT' | 'COMPANY'

export interface Entity {
  readonly type: EntityType
  readonly id: string
}

/** What the four kinds of contact info have in common. */
export interface ContactInfoRow {
  readonly id: string
  readonly entityType: EntityType
  readonly entityId: string
  readonly isPrimary: boolean
  readonly position: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface EmailAddressRow extends ContactInfoRow {
  readonly type: 'WORK' | 'PERSONAL' | 'OTHER'
  readonly email: string
  readonly optedOutAt: Date | null
}

export interface PhoneNumberRow extends ContactInfoRow {
  readonly type: 'WORK' | 'MOBILE' | 'HOME' | 'FAX' | 'OTHER'
  readonly number: string
  readonly numberE164: string | null
  readonly extension: string | null
}

export interface AddressRow extends ContactInfoRow {
  readonly type: 'BILLING' | 'SHIPPING' | 'OFFICE' | 'HOME' | 'OTHER'
  readonly line1: string | null
  readonly line2: string | null
  readonly city: string | null
  readonly region: string | null
  readonly postalCode: string | null
  readonly country: string | null
  readonly latitude: number | null
  readonly longitude: number | null
}

export interface SocialMediaAccountRow extends ContactInfoRow {
  readonly platform: 'LINKEDIN' | 'X' | 'FACEBOOK' | 'INSTAGRAM' | 'YOUTUBE' | 'MASTODON' | 'GITHUB' | 'OTHER'
  readonly handle: string | null
  readonly url: string | null
}

/** The kinds by their name in the API, each with its row. */
export interface ContactInfoRows {
  emailAddress: EmailAddressRow
  phoneNumber: PhoneNumberRow
  address: AddressRow
  socialMediaAccount: SocialMediaAccountRow
}

export type ContactInfoKind = keyof ContactInfoRows

/** All rows of an entity and kind at most. */
export const MAX_ROWS_PER_KIND = 25

export const CONTACT_INFO_KINDS = {
  emailAddress: { concept: 'EmailAddress', list: 'emailAddresses', table: 'email_addresses', noun: 'e-mail address' },
  phoneNumber: { concept: 'PhoneNumber', list: 'phoneNumbers', table: 'phone_numbers', noun: 'phone number' },
  address: { concept: 'Address', list: 'addresses', table: 'addresses', noun: 'postal address' },
  socialMediaAccount: {
    concept: 'SocialMediaAccount',
    list: 'socialMediaAccounts',
    table: 'social_media_accounts',
    noun: 'social media account',
  },
} as const satisfies Record<ContactInfoKind, { concept: string; list: string; table: string; noun: string }>
