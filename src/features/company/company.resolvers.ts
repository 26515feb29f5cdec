import type { Resolvers } from '../../generated/graphql.js'
import { connectionResolvers, searchedConnectionResolvers } from '../../list/connection.resolvers.js'
import { findRecord, listRecords } from '../../list/record-rows.js'
import type { MutationResult } from '../../records/mutation.js'
import { bulkResult, recordMutations, recordPayload, recordPayloads } from '../../records/record.resolvers.js'
import { ownedContactInfo } from '../contact-info/contact-info.resolvers.js'
import { ownedCustomFields } from '../custom-field/custom-value.resolvers.js'
import { COMPANY, type CompanyRow } from './company.columns.js'
import { COMPANY_KIND } from './company.kind.js'
import type { CompanySizeRow, IndustryRow } from './picklist.columns.js'
import * as picklist from './picklist.service.js'
import * as picklistMerge from './picklist-merge.service.js'

const industryPayload = recordPayload<'industry', IndustryRow>('industry')
const deletedPayload = { deletedId: ({ id }: MutationResult) => id }
const companySizePayload = recordPayload<'companySize', CompanySizeRow>('companySize')

export const companyResolvers = {
  Query: {
    company: (_, args, context, info) => findRecord(context, COMPANY, args, context.loaders.companyById, info),
    companies: (_, page, context, info) => listRecords(context, COMPANY, page, context.loaders.companyById, info),
    industries: (_, page, { scope, services, loaders }) =>
      picklist.listIndustries(scope, services, page, loaders.industryById),
    companySizes: (_, page, { scope, services, loaders }) =>
      picklist.listCompanySizes(scope, services, page, loaders.companySizeById),
  },
  Mutation: {
    ...recordMutations<CompanyRow, 'Company', 'Companies'>('Company', 'Companies', 'company', COMPANY_KIND),
    createIndustry: (_, { input }, { scope, services }) =>
      picklist.createPicklistEntry<IndustryRow>(scope, services.database, 'industry', input),
    renameIndustry: (_, { input }, { scope, services }) =>
      picklist.renamePicklistEntry<IndustryRow>(scope, services.database, 'industry', input),
    moveIndustry: (_, { input }, { scope, services }) =>
      picklistMerge.movePicklistEntry<IndustryRow>(scope, services.database, 'industry', input),
    mergeIndustry: (_, { input }, { scope, services }) =>
      picklistMerge.mergePicklistEntry<IndustryRow>(scope, services.database, 'industry', input),
    deleteIndustry: (_, { input }, { scope, services }) =>
      picklistMerge.deletePicklistEntry<IndustryRow>(scope, services.database, 'industry', input),
    createCompanySize: (_, { input }, { scope, services }) =>
      picklist.createPicklistEntry<CompanySizeRow>(scope, services.database, 'companySize', input),
    renameCompanySize: (_, { input }, { scope, services }) =>
      picklist.renamePicklistEntry<CompanySizeRow>(scope, services.database, 'companySize', input),
    moveCompanySize: (_, { input }, { scope, services }) =>
      picklistMerge.movePicklistEntry<CompanySizeRow>(scope, services.database, 'companySize', input),
    mergeCompanySize: (_, { input }, { scope, services }) =>
      picklistMerge.mergePicklistEntry<CompanySizeRow>(scope, services.database, 'companySize', input),
    deleteCompanySize: (_, { input }, { scope, services }) =>
      picklistMerge.deletePicklistEntry<CompanySizeRow>(scope, services.database, 'companySize', input),
  },
  ...recordPayloads<CompanyRow, 'Company', 'company'>('Company', 'company'),
  BulkCompanyResult: bulkResult<'company', CompanyRow>('company'),
  CreateIndustryPayload: industryPayload,
  RenameIndustryPayload: industryPayload,
  MoveIndustryPayload: industryPayload,
  MergeIndustryPayload: industryPayload,
  DeleteIndustryPayload: deletedPayload,
  CreateCompanySizePayload: companySizePayload,
  RenameCompanySizePayload: companySizePayload,
  MoveCompanySizePayload: companySizePayload,
  MergeCompanySizePayload: companySizePayload,
  DeleteCompanySizePayload: deletedPayload,
  CompanyConnection: searchedConnectionResolvers<CompanyRow>(),
  IndustryConnection: connectionResolvers<IndustryRow>(),
  CompanySizeConnection: connectionResolvers<CompanySizeRow>(),
  Company: {
    ...ownedContactInfo('COMPANY'),
    ...ownedCustomFields('COMPANY', 'Company'),
    industry: ({ industryId }, _, { loaders }) => (industryId === null ? null : loaders.industryById.get(industryId)),
    size: ({ sizeId }, _, { loaders }) => (sizeId === null ? null : loaders.companySizeById.get(sizeId)),
    owner: ({ assignedToId }, _, { loaders }) => (assignedToId === null ? null : loaders.userById.get(assignedToId)),
    assignedTo: ({ assignedToId }, _, { loaders }) =>
      assignedToId === null ? null : loaders.userById.get(assignedToId),
  },
} satisfies Resolvers
