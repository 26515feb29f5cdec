import type { Resolvers } from '../../generated/graphql.js'
import { liveCompany } from '../company/company.service.js'
import * as service from './contact.service.js'

const owned = (id: string) => ({ type: 'CONTACT', id }) as const

export const contactResolvers = {
  Query: {
    contact: async (_, { id }, { loaders }) => service.liveContact(await loaders.contactById.load(id)),
    contacts: (_, page, { scope, services, loaders }) =>
      service.listContacts(scope, services, page, (id) => loaders.contactById.load(id)),
  },
  Mutation: {
    createContact: (_, { input }, { scope, services }) => service.createContact(scope, services.database, input),
    updateContact: (_, { input }, { scope, services }) => service.updateContact(scope, services.database, input),
    deleteContact: (_, { input }, { scope, services }) => service.deleteContact(scope, services.database, input),
    restoreContact: (_, { input }, { scope, services }) => service.restoreContact(scope, services.database, input),
    destroyContact: (_, { input }, { scope, services }) => service.destroyContact(scope, services.database, input),
  },
  Contact: {
    company: async ({ companyId }, _, { loaders }) =>
      companyId === null ? null : liveCompany(await loaders.companyById.load(companyId)),
    owner: ({ ownerId }, _, { loaders }) => (ownerId === null ? null : loaders.userById.load(ownerId)),
    emailAddresses: ({ id }, _, { loaders }) => loaders.emailAddressesByOwner.load(owned(id)),
    phoneNumbers: ({ id }, _, { loaders }) => loaders.phoneNumbersByOwner.load(owned(id)),
    addresses: ({ id }, _, { loaders }) => loaders.addressesByOwner.load(owned(id)),
    socialMediaAccounts: ({ id }, _, { loaders }) => loaders.socialMediaAccountsByOwner.load(owned(id)),
  },
  Company: {
    contacts: ({ id }, page, { scope, services, loaders }) =>
      service.listContactsOfCompany(scope, services, loaders, id, page),
  },
} satisfies Resolvers
