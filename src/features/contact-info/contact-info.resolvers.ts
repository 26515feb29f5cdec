import type { Resolvers } from '../../generated/graphql.js'
import * as service from './contact-info.service.js'

export const contactInfoResolvers = {
  Mutation: {
    addEmailAddress: (_, { input: { emailAddress: row, ...input } }, { scope, services }) =>
      service.addContactInfo(scope, services, 'emailAddress', { ...input, row }),
    updateEmailAddress: (_, { input }, { scope, services }) =>
      service.updateContactInfo(scope, services, 'emailAddress', input),
    removeEmailAddress: (_, { input }, { scope, services }) =>
      service.removeContactInfo(scope, services, 'emailAddress', input),
    makeEmailAddressPrimary: (_, { input }, { scope, services }) =>
      service.updateContactInfo(scope, services, 'emailAddress', { ...input, isPrimary: true }),
    addPhoneNumber: (_, { input: { phoneNumber: row, ...input } }, { scope, services }) =>
      service.addContactInfo(scope, services, 'phoneNumber', { ...input, row }),
    updatePhoneNumber: (_, { input }, { scope, services }) =>
      service.updateContactInfo(scope, services, 'phoneNumber', input),
    removePhoneNumber: (_, { input }, { scope, services }) =>
      service.removeContactInfo(scope, services, 'phoneNumber', input),
    makePhoneNumberPrimary: (_, { input }, { scope, services }) =>
      service.updateContactInfo(scope, services, 'phoneNumber', { ...input, isPrimary: true }),
    addAddress: (_, { input: { address: row, ...input } }, { scope, services }) =>
      service.addContactInfo(scope, services, 'address', { ...input, row }),
    updateAddress: (_, { input }, { scope, services }) => service.updateContactInfo(scope, services, 'address', input),
    removeAddress: (_, { input }, { scope, services }) => service.removeContactInfo(scope, services, 'address', input),
    makeAddressPrimary: (_, { input }, { scope, services }) =>
      service.updateContactInfo(scope, services, 'address', { ...input, isPrimary: true }),
    addSocialMediaAccount: (_, { input: { socialMediaAccount: row, ...input } }, { scope, services }) =>
      service.addContactInfo(scope, services, 'socialMediaAccount', { ...input, row }),
    updateSocialMediaAccount: (_, { input }, { scope, services }) =>
      service.updateContactInfo(scope, services, 'socialMediaAccount', input),
    removeSocialMediaAccount: (_, { input }, { scope, services }) =>
      service.removeContactInfo(scope, services, 'socialMediaAccount', input),
    makeSocialMediaAccountPrimary: (_, { input }, { scope, services }) =>
      service.updateContactInfo(scope, services, 'socialMediaAccount', { ...input, isPrimary: true }),
  },
  PhoneNumber: {
    e164: ({ numberE164 }) => numberE164,
  },
} satisfies Resolvers
