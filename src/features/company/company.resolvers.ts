import type { Resolvers } from '../../generated/graphql.js'
import * as service from './company.service.js'
import * as picklist from './picklist.service.js'

const owned = (id: string) => ({ type: 'COMPANY', id }) as const

export const companyResolvers = {
  Query: {
    company: async (_, { id }, { loaders }) => service.liveCompany(await loaders.companyById.load(id)),
    companies: (_, page, { scope, services, loaders }) =>
      service.listCompanies(scope, services, page, (id) => loaders.companyById.load(id)),
    industries: (_, page, { scope, services, loaders }) =>
      picklist.listIndustries(scope, services, page, (id) => loaders.industryById.load(id)),
    companySizes: (_, page, { scope, services, loaders }) =>
      picklist.listCompanySizes(scope, services, page, (id) => loaders.companySizeById.load(id)),
  },
  Mutation: {
    createCompany: (_, { input }, { scope, services }) => service.createCompany(scope, services.database, input),
    updateCompany: (_, { input }, { scope, services }) => service.updateCompany(scope, services.database, input),
    deleteCompany: (_, { input }, { scope, services }) => service.deleteCompany(scope, services.database, input),
    restoreCompany: (_, { input }, { scope, services }) => service.restoreCompany(scope, services.database, input),
    destroyCompany: (_, { input }, { scope, services }) =>
      service.destroyCompany(scope, services.database, services.unlinkContacts, input),
    createIndustry: (_, { input }, { scope, services }) =>
      picklist.createPicklistEntry(scope, services.database, 'industry', input),
    renameIndustry: (_, { input }, { scope, services }) =>
      picklist.renamePicklistEntry(scope, services.database, 'industry', input),
    createCompanySize: (_, { input }, { scope, services }) =>
      picklist.createPicklistEntry(scope, services.database, 'companySize', input),
    renameCompanySize: (_, { input }, { scope, services }) =>
      picklist.renamePicklistEntry(scope, services.database, 'companySize', input),
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
