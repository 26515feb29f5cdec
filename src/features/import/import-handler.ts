import type { Scope } from '../../access/scope.js'
import type { FileRow } from '../../files/row-file.js'
import { AppError } from '../../lib/errors.js'
import { formatCount } from '../../lib/value/checked.js'
import { kindOf, type RecordKind } from '../../records/record-kind.js'
import type { JobCounts, JobHandler, JobRow, JobRun, JobSession, JobStep } from '../job/job.js'
import { openDryRun } from './dry-run.js'
import { importRows, type RowResult } from './import-chunk.js'
import { readChunks } from './import-chunks.js'
import { insertFailures } from './import-failure.repository.js'
import type { ImportFileServices } from './import-file.service.js'
import { openFileOfJob, readerOfJob } from './import-reader.js'
import type { ImportChunk, ImportCursor, ImportOptions } from './import.js'

/** What imports run on. */
export interface ImportServices extends ImportFileServices {
  readonly recordKinds: readonly RecordKind[]
}

// A chunk of 500 contacts with what belongs to them takes a third of a second, for which who changes one of them waits.
const ROWS_A_CHUNK = 500

/** How imports are done: some rows of the file in each chunk. */
export function createImportHandler(services: ImportServices, rowsAChunk = ROWS_A_CHUNK): JobHandler<ImportChunk> {
  return { isBalanced: true, open: (scope, job) => openImport(services, scope, job, rowsAChunk) }
}

async function openImport(
  services: ImportServices,
  scope: Scope,
  job: JobRow,
  rowsAChunk: number,
): Promise<JobSession<ImportChunk>> {
  const options = job.options as ImportOptions
  const kind = kindOf(services.recordKinds, options.type)
  const cursor = (job.cursor as ImportCursor | null) ?? { index: 0, readBytes: 0 }
  const run: JobSession<ImportChunk>['run'] = (at, chunk) => importChunk(at, kind, options, chunk, rowsAChunk)
  if (options.isDryRun) {
    return { ...(await openDryRun({ services, scope, kind, options, cursor, rowsAChunk })), run }
  }
  const open = await openFileOfJob(scope, services, options, cursor.index)
  const reader = readChunks(open.iterator, rowsAChunk)
  return {
    async next() {
      const rows = await reader.next()
      return rows && { rows, cursor: { index: (rows.at(-1)?.index ?? 0) + 1, readBytes: open.readBytes() } }
    },
    run,
    close: open.close,
  }
}

async function importChunk(
  run: JobRun,
  kind: RecordKind,
  options: ImportOptions,
  { rows, cursor }: ImportChunk,
  rowsAChunk: number,
): Promise<JobStep> {
  const { job } = run
  // What an import did can be taken back; a dry run does nothing.
  const scope = options.isDryRun ? run.scope : { ...run.scope, jobId: job.id }
  // Custom fields may have changed since the chunk before.
  const read = readerOfJob(scope, kind, options)
  const results: RowResult[] = []
  for (let from = 0; from < rows.length; from += rowsAChunk) {
    results.push(...(await importRows({ ...run, scope }, kind, options, rows.slice(from, from + rowsAChunk), read)))
  }
  const failed = results.filter(({ status }) => status === 'FAILED')
  if (failed[0] && options.onError === 'STOP') throw stopped(failed[0], rows)
  return {
    cursor,
    counts: countsOf(results),
    statements: failed.length === 0 ? [] : [insertFailures(scope, job.id, failed.map(failureOf))],
    isRolledBack: options.isDryRun,
  }
}

function countsOf(results: readonly RowResult[]): JobCounts {
  const counts = { read: results.length, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
  for (const { status } of results) counts[status.toLowerCase() as Lowercase<typeof status>]++
  return counts
}

function failureOf({ row, errors }: RowResult) {
  return { index: row.index, line: row.row, cells: [...row.cells].map(shown), errors }
}

/** A cell as the database can hold it: with � for what is no text, which is what is wrong with it. */
function shown([column, cell]: readonly [column: string, cell: string]): readonly [column: string, cell: string] {
  return [column, cell.replaceAll('\0', '\ufffd').toWellFormed()]
}

function stopped({ row, errors }: RowResult, rows: readonly FileRow[]): AppError {
  const [error] = errors
  const where = error?.column ? `, ${error.column}` : ''
  const first = formatCount(rows[0]?.row ?? row.row)
  return new AppError(
    'BAD_USER_INPUT',
    `Line ${formatCount(row.row)}${where}: ${error?.message ?? 'The row was refused.'} Nothing from line ${first} on was imported.`,
  )
}
