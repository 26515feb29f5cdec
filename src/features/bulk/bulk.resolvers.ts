import type { Resolvers } from '../../generated/graphql.js'
import { recordPayload } from '../../records/record.resolvers.js'
import { COMPANY_KIND } from '../company/company.kind.js'
import { CONTACT_KIND } from '../contact/contact.kind.js'
import type { JobRow } from '../job/job.js'
import { previewBulk, startBulk } from './bulk.service.js'

/** Changes of everything that a filter finds. */
export const bulkResolvers = {
  Query: {
    previewBulkContacts: (_, { input }, { scope, services }) => previewBulk(scope, services, CONTACT_KIND, input),
    previewBulkCompanies: (_, { input }, { scope, services }) => previewBulk(scope, services, COMPANY_KIND, input),
  },
  Mutation: {
    startBulkContacts: (_, { input }, { scope, services }) => startBulk(scope, services, CONTACT_KIND, input),
    startBulkCompanies: (_, { input }, { scope, services }) => startBulk(scope, services, COMPANY_KIND, input),
  },
  BulkContactsPreview: {
    examples: async ({ exampleIds }, _, { loaders }) =>
      present(await Promise.all(exampleIds.map((id) => loaders.contactById.load(id)))),
  },
  BulkCompaniesPreview: {
    examples: async ({ exampleIds }, _, { loaders }) =>
      present(await Promise.all(exampleIds.map((id) => loaders.companyById.load(id)))),
  },
  StartBulkContactsPayload: recordPayload<'job', JobRow>('job'),
  StartBulkCompaniesPayload: recordPayload<'job', JobRow>('job'),
} satisfies Resolvers

/** The rows that are still there. */
function present<Row>(rows: readonly (Row | null)[]): Row[] {
  return rows.filter((row) => row !== null)
}
