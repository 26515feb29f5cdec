import type { Scope } from '../../access/scope.js'
import { FileError } from '../../files/file-error.js'
import { checkMapping, type MappingError } from '../../files/mapping.js'
import { openRowFile } from '../../files/open-row-file.js'
import { createRecordReader, type RecordInput } from '../../files/record-input.js'
import type { FileRow, RowFile } from '../../files/row-file.js'
import { AppError } from '../../lib/errors.js'
import type { RecordKind } from '../../records/record-kind.js'
import { findFile, readFile, type ImportFileServices } from './import-file.service.js'
import type { ImportFileRow } from './import-file.repository.js'
import type { ImportFileOptions, ImportOptions } from './import.js'
import { recordKeys } from './record-keys.js'

/** An uploaded file that is read row by row. */
export interface OpenImportFile {
  readonly file: ImportFileRow
  readonly rows: RowFile
  /** bytes that were read so far */
  readonly readBytes: () => number
}

/**
 * Opens an uploaded file from one of its records on.
 * @throws NOT_FOUND where it isn't there, or not wholly; FileError where it is no file of rows
 */
export async function openImportFile(
  scope: Scope,
  services: Pick<ImportFileServices, 'database'>,
  fileId: string,
  options: ImportFileOptions,
  startAtIndex = 0,
): Promise<OpenImportFile> {
  const file = await findFile(scope, services, fileId)
  if (!file) throw new AppError('NOT_FOUND', 'There is no such file: upload it again.')
  if (file.completedAt === null) throw new AppError('NOT_FOUND', 'The file is not uploaded to its end.')
  let readBytes = 0
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const bytes of readFile(scope, services, file as ImportFileRow)) {
      readBytes += bytes.length
      yield bytes
    }
  }
  const rows = await openRowFile(counted(), { ...options, startAtIndex })
  return { file, rows, readBytes: () => readBytes }
}

/** The same for the job of an import: what is wrong with the file fails the job. @throws NOT_FOUND, BAD_USER_INPUT */
export async function openFileOfJob(
  scope: Scope,
  services: Pick<ImportFileServices, 'database'>,
  { fileId, file }: Pick<ImportOptions, 'fileId' | 'file'>,
  startAtIndex: number,
): Promise<{
  readonly iterator: AsyncIterator<FileRow>
  readonly readBytes: () => number
  readonly close: () => Promise<void>
}> {
  const { rows, readBytes } = await openImportFile(scope, services, fileId, file, startAtIndex).catch(
    (error: unknown) => {
      throw fileProblem(error)
    },
  )
  const iterator = rows.rows[Symbol.asyncIterator]()
  return {
    iterator,
    readBytes,
    async close() {
      await iterator.return?.(undefined)
      await rows.close()
    },
  }
}

/** A reader of rows by a mapping, or everything that is wrong with the mapping. */
export function readerOf(
  { registry }: Scope,
  kind: RecordKind,
  mapping: Parameters<typeof checkMapping>[0],
  columns: readonly string[],
): {
  readonly read: (row: FileRow) => RecordInput
  readonly errors: readonly MappingError[]
  readonly keys: readonly string[]
} {
  const keys = recordKeys(kind, registry)
  const { mapped, errors } = checkMapping(mapping, columns, keys)
  return { read: createRecordReader(mapped, keys), errors, keys: mapped.map(({ target }) => target.key) }
}

/** The same for the job of an import, which fails where its mapping doesn't hold any more. @throws BAD_USER_INPUT */
export function readerOfJob(
  scope: Scope,
  kind: RecordKind,
  { mapping, columns }: Pick<ImportOptions, 'mapping' | 'columns'>,
): (row: FileRow) => RecordInput {
  const {
    read,
    errors: [error],
  } = readerOf(scope, kind, mapping, columns)
  if (error) throw new AppError('BAD_USER_INPUT', `The mapping does not hold any more: ${error.message}`)
  return read
}

/** What a job fails of where a file can't be read further. */
export function fileProblem(error: unknown): unknown {
  return error instanceof FileError ? new AppError('BAD_USER_INPUT', error.message) : error
}
