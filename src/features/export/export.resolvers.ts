import type { Resolvers } from '../../generated/graphql.js'
import { recordPayload } from '../../records/record.resolvers.js'
import type { ExportRow } from './export.columns.js'
import * as service from './export-request.service.js'

const payload = recordPayload<'export', ExportRow>('export')
const numberOf = (text: string | null): number | null => (text === null ? null : Number(text))

/** Exports: who asks for one, and what came of it. */
export const exportResolvers = {
  Query: {
    export: (_, { id }, { scope, services }) => service.readExport(scope, services, id),
  },
  Mutation: {
    createContactExport: (_, { input }, { scope, services }) => service.createExport(scope, services, 'CONTACT', input),
    createCompanyExport: (_, { input }, { scope, services }) => service.createExport(scope, services, 'COMPANY', input),
  },
  CreateContactExportPayload: payload,
  CreateCompanyExportPayload: payload,
  Export: {
    downloadPath: (row, _, { scope, services }) => service.downloadPathOf(scope, services, row),
    job: (row, _, { scope, services }) => service.jobOfExport(scope, services, row),
    rowCount: ({ rowCount }) => numberOf(rowCount),
    sizeBytes: ({ sizeBytes }) => numberOf(sizeBytes),
    createdBy: ({ createdById }, _, { loaders }) => (createdById === null ? null : loaders.userById.get(createdById)),
  },
} satisfies Resolvers
