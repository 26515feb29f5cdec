import type { Resolvers } from '../../generated/graphql.js'
import { liveCompany } from '../company/company.service.js'
import * as service from './contact.service.js'

const owned = (id: string) => ({ type: 'CONTACT', id }) as const

export const contactResolvers = {
  Query: {
    contact: async (_, { id }, { loaders }) => service.liveContact(await loaders.contactById.load(id)),
    contacts: (_, page, { scope, house, loaders }) =>
      service.listContacts(scope, house, page, (id) => loaders.contactById.load(id)),
  },
  Mutation: {
    createContact: (_, { input }, { scope, house }) => service.createContact(scope, house.database, input),
    updateContact: (_, { input }, { scope, house }) => service.updateContact(scope, house.database, input),
    deleteContact: (_, { input }, { scope, house }) => service.deleteContact(scope, house.database, input),
    restoreContact: (_, { input }, { scope, house }) => service.restoreContact(scope, house.database, input),
    destroyContact: (_, { input }, { scope, house }) => service.destroyContact(scope, house.database, input),
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
    contacts: ({ id }, page, { scope, house, loaders }) =>
      service.listContactsOfCompany(scope, house, loaders, id, page),
  },
} satisfies Resolvers
