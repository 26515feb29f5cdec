import type { Resolvers } from '../../generated/graphql.js'
import * as service from './company.service.js'
import * as picklist from './picklist.service.js'

const owned = (id: string) => ({ type: 'COMPANY', id }) as const

export const companyResolvers = {
  Query: {
    company: async (_, { id }, { loaders }) => service.liveCompany(await loaders.companyById.load(id)),
    companies: (_, page, { scope, house, loaders }) =>
      service.listCompanies(scope, house, page, (id) => loaders.companyById.load(id)),
    industries: (_, page, { scope, house, loaders }) =>
      picklist.listIndustries(scope, house, page, (id) => loaders.industryById.load(id)),
    companySizes: (_, page, { scope, house, loaders }) =>
      picklist.listCompanySizes(scope, house, page, (id) => loaders.companySizeById.load(id)),
  },
  Mutation: {
    createCompany: (_, { input }, { scope, house }) => service.createCompany(scope, house.database, input),
    updateCompany: (_, { input }, { scope, house }) => service.updateCompany(scope, house.database, input),
    deleteCompany: (_, { input }, { scope, house }) => service.deleteCompany(scope, house.database, input),
    restoreCompany: (_, { input }, { scope, house }) => service.restoreCompany(scope, house.database, input),
    destroyCompany: (_, { input }, { scope, house }) =>
      service.destroyCompany(scope, house.database, house.unlinkContacts, input),
    createIndustry: (_, { input }, { scope, house }) =>
      picklist.createPicklistEntry(scope, house.database, 'industry', input),
    renameIndustry: (_, { input }, { scope, house }) =>
      picklist.renamePicklistEntry(scope, house.database, 'industry', input),
    createCompanySize: (_, { input }, { scope, house }) =>
      picklist.createPicklistEntry(scope, house.database, 'companySize', input),
    renameCompanySize: (_, { input }, { scope, house }) =>
      picklist.renamePicklistEntry(scope, house.database, 'companySize', input),
  },
  Company: {
    industry: ({ industryId }, _, { loaders }) => (industryId === null ? null : loaders.industryById.load(industryId)),
    size: ({ sizeId }, _, { loaders }) => (sizeId === null ? null : loaders.companySizeById.load(sizeId)),
    assignedTo: ({ assignedToId }, _, { loaders }) =>
      assignedToId === null ? null : loaders.userById.load(assignedToId),
    emailAddresses: ({ id }, _, { loaders }) => loaders.emailAddressesByOwner.load(owned(id)),
    phoneNumbers: ({ id }, _, { loaders }) => loaders.phoneNumbersByOwner.load(owned(id)),
    addresses: ({ id }, _, { loaders }) => loaders.addressesByOwner.load(owned(id)),
    socialMediaAccounts: ({ id }, _, { loaders }) => loaders.socialMediaAccountsByOwner.load(owned(id)),
  },
} satisfies Resolvers
