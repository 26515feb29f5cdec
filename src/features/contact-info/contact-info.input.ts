import { givenOnly, type Given, type InputCheck } from '../../lib/input.js'
import type { TenantSettings } from '../../lib/principal.js'
import { checkLatitude, checkLongitude } from '../../lib/value/coordinate.js'
import { checkCountry } from '../../lib/value/country.js'
import { checkDateTime } from '../../lib/value/date.js'
import { checkEmail } from '../../lib/value/email.js'
import { checkPhone } from '../../lib/value/phone.js'
import { checkSocialHandle } from '../../lib/value/social-handle.js'
import { checkText } from '../../lib/value/text.js'
import { checkUrl } from '../../lib/value/url.js'
import type {
  AddressRow,
  ContactInfoKind,
  EmailAddressRow,
  PhoneNumberRow,
  SocialMediaAccountRow,
} from './contact-info.columns.js'

interface PrimaryInput {
  readonly isPrimary?: Given<boolean>
}

export interface EmailAddressInput extends PrimaryInput {
  readonly type?: Given<EmailAddressRow['type']>
  readonly email?: Given<string>
  readonly optedOutAt?: Given<string>
}

export interface PhoneNumberInput extends PrimaryInput {
  readonly type?: Given<PhoneNumberRow['type']>
  readonly number?: Given<string>
  readonly extension?: Given<string>
}

export interface AddressInput extends PrimaryInput {
  readonly type?: Given<AddressRow['type']>
  readonly line1?: Given<string>
  readonly line2?: Given<string>
  readonly city?: Given<string>
  readonly region?: Given<string>
  readonly postalCode?: Given<string>
  readonly country?: Given<string>
  readonly latitude?: Given<number>
  readonly longitude?: Given<number>
}

export interface SocialMediaAccountInput extends PrimaryInput {
  readonly platform?: Given<SocialMediaAccountRow['platform']>
  readonly handle?: Given<string>
  readonly url?: Given<string>
}

/** The inputs by kind: of a new row, and of a change, where what is absent stays. */
export interface ContactInfoInputs {
  emailAddress: EmailAddressInput
  phoneNumber: PhoneNumberInput
  address: AddressInput
  socialMediaAccount: SocialMediaAccountInput
}

/** Columns to write, by their names in the model; never isPrimary or position, which depend on the other rows. */
export type ContactInfoColumns = Readonly<Record<string, unknown>>

const LABEL_LENGTH = { maxLength: 255 }
const POSTAL_CODE_LENGTH = { maxLength: 32 }
const EXTENSION_LENGTH = { maxLength: 32 }

function checkEmailAddress(check: InputCheck, input: EmailAddressInput, { uniqueEmails }: TenantSettings) {
  const email = check.need('email', input.email, checkEmail)
  return {
    type: check.need('type', input.type, anyValue),
    ...(email ? { email: email.email, emailDomain: email.domain, uniqueKey: uniqueEmails ? email.key : null } : {}),
    optedOutAt: check.take('optedOutAt', input.optedOutAt, checkDateTime),
  }
}

function checkPhoneNumber(check: InputCheck, input: PhoneNumberInput, { defaultCountry }: TenantSettings) {
  const phone = check.need('number', input.number, (value) => checkPhone(value, defaultCountry))
  const extension = check.take('extension', input.extension, (value) => checkText(value, EXTENSION_LENGTH))
  if (extension && !/^[0-9]+$/.test(extension)) check.refuse('extension', 'An extension is made of digits.')
  return {
    type: check.need('type', input.type, anyValue),
    ...(phone ? { number: phone.number, numberE164: phone.e164 } : {}),
    extension: extension === undefined && phone?.extension ? phone.extension : extension,
  }
}

function checkAddress(check: InputCheck, input: AddressInput) {
  const label = (field: 'line1' | 'line2' | 'city' | 'region') =>
    check.take(field, input[field], (value) => checkText(value, LABEL_LENGTH))
  return {
    type: check.need('type', input.type, anyValue),
    line1: label('line1'),
    line2: label('line2'),
    city: label('city'),
    region: label('region'),
    postalCode: check.take('postalCode', input.postalCode, (value) => checkText(value, POSTAL_CODE_LENGTH)),
    country: check.take('country', input.country, checkCountry),
    latitude: check.take('latitude', input.latitude, checkLatitude),
    longitude: check.take('longitude', input.longitude, checkLongitude),
  }
}

function checkSocialMediaAccount(
  check: InputCheck,
  input: SocialMediaAccountInput,
  _tenant: TenantSettings,
  stored?: ContactInfoColumns,
) {
  const platform = input.platform ?? (stored?.['platform'] as SocialMediaAccountRow['platform'] | undefined) ?? 'OTHER'
  return {
    platform: check.need('platform', input.platform, anyValue),
    handle: check.take('handle', input.handle, (value) => checkSocialHandle(value, platform)),
    url: check.take('url', input.url, checkUrl),
  }
}

// The API's enums and the table's CHECK hold these; only null is to be refused.
function anyValue<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value }
}

/** The columns that an input asks for; problems go to `check`. `stored` is the row that an update changes. */
export function checkContactInfo<Kind extends ContactInfoKind>(
  kind: Kind,
  check: InputCheck,
  input: ContactInfoInputs[Kind],
  tenant: TenantSettings,
  stored?: ContactInfoColumns,
): ContactInfoColumns {
  type Checker = (check: InputCheck, input: never, tenant: TenantSettings, stored?: ContactInfoColumns) => object
  const checkers: Record<ContactInfoKind, Checker> = {
    emailAddress: checkEmailAddress,
    phoneNumber: checkPhoneNumber,
    address: checkAddress,
    socialMediaAccount: checkSocialMediaAccount,
  }
  return givenOnly(checkers[kind](check, input as never, tenant, stored)) as ContactInfoColumns
}

/** What no row is without. The API's inputs want it of a new row; rows of a file may lack it. */
const NEEDED: Readonly<Partial<Record<ContactInfoKind, string>>> = {
  emailAddress: 'email',
  phoneNumber: 'number',
  socialMediaAccount: 'platform',
}

/**
 * Refuses a row that would say nothing: without its address or number, an address without any part, an account with neither
 * handle nor profile.
 */
export function checkContactInfoRow(kind: ContactInfoKind, check: InputCheck, row: ContactInfoColumns): void {
  const needed = NEEDED[kind]
  if (needed !== undefined && row[needed] === undefined) check.refuse(needed, 'A value is required.')
  if (kind === 'socialMediaAccount' && !row['handle'] && !row['url']) {
    check.refuse('handle', 'An account needs a handle or the URL of its profile.')
  }
  const parts = ['line1', 'line2', 'city', 'region', 'postalCode', 'country', 'latitude', 'longitude']
  if (kind === 'address' && parts.every((part) => row[part] === null || row[part] === undefined)) {
    check.refuse('', 'An address needs one of its parts.')
  }
}
