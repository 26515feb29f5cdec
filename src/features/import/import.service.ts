import type { Scope } from '../../access/scope.js'
import { FileError } from '../../files/file-error.js'
import type { Mapping } from '../../files/mapping.js'
import { AppError, UserErrors } from '../../lib/errors.js'
import { createInputCheck, type Given } from '../../lib/input.js'
import { roleIncludes } from '../../lib/principal.js'
import { isStorable } from '../../lib/storable.js'
import { refuse } from '../../records/mutation.js'
import type { MutationResult } from '../../records/mutation.js'
import { kindOf } from '../../records/record-kind.js'
import type { OnDeleted } from '../../records/upsert.js'
import type { JobRow } from '../job/job.js'
import { createJob, type JobServices } from '../job/job.service.js'
import { findFailures, type ImportFailure } from './import-failure.repository.js'
import type { ImportServices } from './import-handler.js'
import type { OpenImportFile } from './import-reader.js'
import { openImportFile, readerOf } from './import-reader.js'
import type { ImportDuplicates, ImportFileOptions, ImportOnError, ImportOptions } from './import.js'

/** What is imported, and how. */
export interface StartImportInput {
  readonly fileId: string
  readonly type: string
  readonly file: ImportFileOptions
  readonly mapping: Mapping
  readonly duplicates?: ImportDuplicates
  readonly matchBy?: Given<string>
  readonly customFieldKey?: Given<string>
  readonly onDeleted?: OnDeleted
  readonly createCompanies?: boolean
  readonly onError?: ImportOnError
  readonly dryRun?: boolean
  readonly importId?: Given<string>
}

/** The job of an import, and whether it is a new one. */
export interface StartImportResult extends MutationResult<JobRow> {
  readonly isNew: boolean
}

/**
 * Begins an import as a job, once its file can be read and its mapping holds. An `importId` that the tenant used before gives the
 * import of then, and nothing else happens.
 */
export async function startImport(
  scope: Scope,
  services: ImportServices & JobServices,
  input: StartImportInput,
): Promise<StartImportResult> {
  try {
    const options = await checkImport(scope, services, input)
    // A dry run changes nothing: it may be done as often as one likes.
    const requestKey = options.isDryRun ? null : (input.importId ?? null)
    const { job, isNew } = await createJob(scope, services, { kind: 'IMPORT', options, requestKey })
    return { id: job.id, record: job, isNew, userErrors: [] }
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error
    return { id: null, record: null, isNew: false, userErrors: error.userErrors }
  }
}

async function checkImport(scope: Scope, services: ImportServices, input: StartImportInput): Promise<ImportOptions> {
  const check = createInputCheck()
  const kind = kindOf(services.recordKinds, input.type)
  const { duplicates = 'UPDATE', onDeleted = 'ERROR', createCompanies = false } = input
  const { onError = 'CONTINUE', dryRun = false } = input
  for (const field of ['file', 'mapping', 'importId', 'customFieldKey'] as const) {
    if (!isStorable(input[field]))
      check.refuse(field, 'It has characters that no text can hold: NUL, or half a surrogate pair.')
  }
  refuse(check.errors)
  if (input.importId !== undefined && input.importId !== null && !/^\S.{0,254}$/u.test(input.importId)) {
    check.refuse('importId', 'An import id has 1 to 255 characters and begins with none that is blank.')
  }
  if (onDeleted === 'RESTORE' && !roleIncludes(scope.principal.role, 'MANAGER')) {
    throw new AppError('FORBIDDEN', `Restoring needs the role MANAGER; yours is ${scope.principal.role}.`)
  }
  const { file } = input
  const open = await openOrRefuse(scope, services, input.fileId, file)
  const { columns, format, encoding, separator } = open.rows
  await open.rows.close()
  if (!isStorable(columns))
    check.refuse('fileId', 'Its header has characters that no text can hold: say which encoding it has.')
  const { errors, keys } = readerOf(scope, kind, input.mapping, columns)
  for (const { path, message } of errors) check.at('mapping', ...path.slice(0, -1)).refuse(path.at(-1) ?? '', message)
  const matchBy = duplicates === 'CREATE' ? null : (input.matchBy ?? usualMatch(input.type, keys))
  if (matchBy !== null && !kind.matchers[matchBy]) {
    check.refuse('matchBy', `A ${kind.noun} is not found by ${matchBy}.`)
  }
  if (
    matchBy === 'CUSTOM_FIELD' &&
    !scope.registry.customFields(kind.concept.name).get(input.customFieldKey ?? '')?.isUnique
  ) {
    check.refuse('customFieldKey', 'The key of a unique custom field is needed to match by it.')
  }
  refuse(check.errors)
  return {
    fileId: input.fileId,
    fileName: open.file.name,
    type: input.type,
    // As it was told now, so that it is read the same way each time.
    file: { ...file, format, encoding, ...(separator === null ? {} : { separator }) },
    mapping: input.mapping,
    columns,
    ...{ duplicates, matchBy, customFieldKey: input.customFieldKey ?? null, onDeleted },
    ...{ createsCompanies: createCompanies, onError, isDryRun: dryRun },
  }
}

/** Opens an uploaded file. @throws UserErrors at `fileId` where that can't be */
export async function openOrRefuse(
  scope: Scope,
  services: ImportServices,
  fileId: string,
  options: ImportFileOptions,
): Promise<OpenImportFile> {
  try {
    return await openImportFile(scope, services, fileId, options)
  } catch (error) {
    if (error instanceof FileError) {
      throw new UserErrors([{ code: 'BAD_USER_INPUT', message: error.message, field: ['fileId'] }])
    }
    if (error instanceof AppError && error.code === 'NOT_FOUND') {
      throw new UserErrors([{ code: 'NOT_FOUND', message: error.message, field: ['fileId'] }])
    }
    throw error
  }
}

/** By what records are found where nobody says it: by what the file has, the surest first. */
function usualMatch(type: string, keys: readonly string[]): string {
  if (keys.includes('id')) return 'ID'
  if (keys.includes('externalId')) return 'EXTERNAL_ID'
  return type === 'COMPANY' ? 'DOMAIN' : 'EMAIL'
}

const FAILURES_AT_ONCE = 500

/** The refused rows of an import in the order of its file, as they are asked for. */
export async function* readFailures(
  { tenantId }: Pick<Scope, 'tenantId'>,
  { database }: Pick<ImportServices, 'database'>,
  jobId: string,
): AsyncGenerator<ImportFailure> {
  let after = -1
  for (;;) {
    const statement = findFailures({ tenantId }, jobId, after, FAILURES_AT_ONCE)
    const failures = await database.reader(tenantId).read<ImportFailure>(statement)
    yield* failures
    if (failures.length < FAILURES_AT_ONCE) return
    after = failures.at(-1)?.index ?? after
  }
}

/** The first refused rows of an import. */
export function firstFailures(
  { tenantId }: Pick<Scope, 'tenantId'>,
  { database }: Pick<ImportServices, 'database'>,
  jobId: string,
  first: number,
): Promise<ImportFailure[]> {
  return database.reader(tenantId).read<ImportFailure>(findFailures({ tenantId }, jobId, -1, first))
}
