import type { Resolvers } from '../../generated/graphql.js'
import * as service from './contact-info.service.js'

export const contactInfoResolvers = {
  Mutation: {
    addEmailAddress: (_, { input: { emailAddress: row, ...input } }, { scope, house }) =>
      service.addContactInfo(scope, house, 'emailAddress', { ...input, row }),
    updateEmailAddress: (_, { input }, { scope, house }) =>
      service.updateContactInfo(scope, house, 'emailAddress', input),
    removeEmailAddress: (_, { input }, { scope, house }) =>
      service.removeContactInfo(scope, house, 'emailAddress', input),
    makeEmailAddressPrimary: (_, { input }, { scope, house }) =>
      service.updateContactInfo(scope, house, 'emailAddress', { ...input, isPrimary: true }),
    addPhoneNumber: (_, { input: { phoneNumber: row, ...input } }, { scope, house }) =>
      service.addContactInfo(scope, house, 'phoneNumber', { ...input, row }),
    updatePhoneNumber: (_, { input }, { scope, house }) =>
      service.updateContactInfo(scope, house, 'phoneNumber', input),
    removePhoneNumber: (_, { input }, { scope, house }) =>
      service.removeContactInfo(scope, house, 'phoneNumber', input),
    makePhoneNumberPrimary: (_, { input }, { scope, house }) =>
      service.updateContactInfo(scope, house, 'phoneNumber', { ...input, isPrimary: true }),
    addAddress: (_, { input: { address: row, ...input } }, { scope, house }) =>
      service.addContactInfo(scope, house, 'address', { ...input, row }),
    updateAddress: (_, { input }, { scope, house }) => service.updateContactInfo(scope, house, 'address', input),
    removeAddress: (_, { input }, { scope, house }) => service.removeContactInfo(scope, house, 'address', input),
    makeAddressPrimary: (_, { input }, { scope, house }) =>
      service.updateContactInfo(scope, house, 'address', { ...input, isPrimary: true }),
    addSocialMediaAccount: (_, { input: { socialMediaAccount: row, ...input } }, { scope, house }) =>
      service.addContactInfo(scope, house, 'socialMediaAccount', { ...input, row }),
    updateSocialMediaAccount: (_, { input }, { scope, house }) =>
      service.updateContactInfo(scope, house, 'socialMediaAccount', input),
    removeSocialMediaAccount: (_, { input }, { scope, house }) =>
      service.removeContactInfo(scope, house, 'socialMediaAccount', input),
    makeSocialMediaAccountPrimary: (_, { input }, { scope, house }) =>
      service.updateContactInfo(scope, house, 'socialMediaAccount', { ...input, isPrimary: true }),
  },
  PhoneNumber: {
    e164: ({ numberE164 }) => numberE164,
  },
} satisfies Resolvers
