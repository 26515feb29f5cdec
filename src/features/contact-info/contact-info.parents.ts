import type { AddressRow, EmailAddressRow, PhoneNumberRow, SocialMediaAccountRow } from './contact-info.columns.js'
import type { ContactInfoResult } from './contact-info.service.js'

// What the resolvers of the API's types get as their parents: `<type of the API>Parent`. codegen.ts reads the names.
export type EmailAddressParent = EmailAddressRow
export type AddEmailAddressPayloadParent = ContactInfoResult<EmailAddressRow>
export type UpdateEmailAddressPayloadParent = ContactInfoResult<EmailAddressRow>
export type RemoveEmailAddressPayloadParent = ContactInfoResult<EmailAddressRow>
export type MakeEmailAddressPrimaryPayloadParent = ContactInfoResult<EmailAddressRow>
export type PhoneNumberParent = PhoneNumberRow
export type AddPhoneNumberPayloadParent = ContactInfoResult<PhoneNumberRow>
export type UpdatePhoneNumberPayloadParent = ContactInfoResult<PhoneNumberRow>
export type RemovePhoneNumberPayloadParent = ContactInfoResult<PhoneNumberRow>
export type MakePhoneNumberPrimaryPayloadParent = ContactInfoResult<PhoneNumberRow>
export type AddressParent = AddressRow
export type AddAddressPayloadParent = ContactInfoResult<AddressRow>
export type UpdateAddressPayloadParent = ContactInfoResult<AddressRow>
export type RemoveAddressPayloadParent = ContactInfoResult<AddressRow>
export type MakeAddressPrimaryPayloadParent = ContactInfoResult<AddressRow>
export type SocialMediaAccountParent = SocialMediaAccountRow
export type AddSocialMediaAccountPayloadParent = ContactInfoResult<SocialMediaAccountRow>
export type UpdateSocialMediaAccountPayloadParent = ContactInfoResult<SocialMediaAccountRow>
export type RemoveSocialMediaAccountPayloadParent = ContactInfoResult<SocialMediaAccountRow>
export type MakeSocialMediaAccountPrimaryPayloadParent = ContactInfoResult<SocialMediaAccountRow>
