import type { ImportEncoding, Resolvers } from '../../generated/graphql.js'
import { recordPayload } from '../../records/record.resolvers.js'
import { withTenantFields } from '../custom-field/scope-registry.js'
import type { JobRow } from '../job/job.js'
import { findFile } from './import-file.service.js'
import type { ImportCursor, ImportOptions } from './import.js'
import { firstFailures } from './import.service.js'
import { beginImport, fileOptionsOf } from './mapping-input.js'
import { previewImport } from './import-preview.service.js'

const DECLARATIONS = {
  dateOrder: 'DATE_ORDER',
  decimalSeparator: 'DECIMAL_SEPARATOR',
  timeZone: 'TIME_ZONE',
} as const

/** Imports: their files, what would come of them, and how far they are. */
export const importResolvers = {
  Query: {
    importFile: async (_, { id }, { scope, services }) => (await findFile(scope, services, id)) ?? null,
    importPreview: async (_, { input }, { scope, services }) =>
      previewImport(await withTenantFields(scope, services), services, { ...input, file: fileOptionsOf(input.file) }),
  },
  Mutation: {
    startImport: async (_, { input }, { scope, services }) =>
      beginImport(await withTenantFields(scope, services), services, input),
  },
  Job: {
    import: (job) => (job.kind === 'IMPORT' ? job : null),
  },
  ImportPreview: {
    // Names of enums have no hyphens.
    encoding: ({ encoding }) => encoding.replaceAll('-', '_') as ImportEncoding,
  },
  ImportColumn: {
    name: ({ column }) => column,
    key: ({ target }) => target?.key ?? null,
    with: ({ target }) => Object.entries(target?.with ?? {}).map(([field, value]) => ({ field, value })),
    declare: ({ declare }) => declare.map((each) => DECLARATIONS[each]),
  },
  ImportFile: {
    isComplete: ({ completedAt }) => completedAt !== null,
  },
  Import: {
    type: ({ options }) => (options as ImportOptions).type as 'CONTACT' | 'COMPANY',
    fileName: ({ options }) => (options as ImportOptions).fileName,
    givenId: ({ requestKey }) => requestKey,
    isDryRun: ({ options }) => (options as ImportOptions).isDryRun,
    readBytes: ({ cursor }) => (cursor as ImportCursor | null)?.readBytes ?? 0,
    errorFile: ({ id, failed }) => (failed === 0 ? null : `/import/${id}/errors.csv`),
    failures: ({ id }, { first }, { scope, services }) => firstFailures(scope, services, id, first),
  },
  StartImportPayload: recordPayload<'job', JobRow>('job'),
} satisfies Resolvers
