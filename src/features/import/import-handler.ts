import type { Scope } from '../../access/scope.js'
import type { FileRow } from '../../files/row-file.js'
import { AppError } from '../../lib/errors.js'
import { formatCount } from '../../lib/value/checked.js'
import type { RecordKind } from '../../records/record-kind.js'
import type { JobCounts, JobHandler, JobRow, JobRun, JobSession, JobStep } from '../job/job.js'
import { importRows, type RowResult } from './import-chunk.js'
import { insertFailures } from './import-failure.repository.js'
import type { ImportFileServices } from './import-file.service.js'
import { fileProblem, openImportFile, readerOf } from './import-reader.js'
import type { ImportCursor, ImportOptions } from './import.js'

/** What imports run on. */
export interface ImportServices extends ImportFileServices {
  readonly recordKinds: readonly RecordKind[]
}

/** Some records of a file, one after the other. */
type Rows = readonly FileRow[]

// A chunk of 500 contacts with what belongs to them takes half a second, for which who changes one of them waits.
const ROWS_A_CHUNK = 500
// What a chunk holds in memory, where rows are long.
const CHUNK_LENGTH = 4 * 2 ** 20

/** How imports are done: some rows of the file in each chunk. */
export function createImportHandler(services: ImportServices, rowsAChunk = ROWS_A_CHUNK): JobHandler<Rows> {
  return { isBalanced: true, open: (scope, job) => openImport(services, scope, job, rowsAChunk) }
}

async function openImport(
  services: ImportServices,
  scope: Scope,
  job: JobRow,
  rowsAChunk: number,
): Promise<JobSession<Rows>> {
  const options = job.options as ImportOptions
  const kind = kindOf(services, options.type)
  const { index: start } = (job.cursor as ImportCursor | null) ?? { index: 0 }
  const open = await openImportFile(scope, services, options.fileId, options.file, start).catch((error: unknown) => {
    throw fileProblem(error)
  })
  const rows = open.rows.rows[Symbol.asyncIterator]()
  let problem: unknown
  return {
    async next() {
      if (problem) throw fileProblem(problem)
      const chunk: FileRow[] = []
      for (let length = 0; chunk.length < rowsAChunk && length < CHUNK_LENGTH;) {
        try {
          const next = await rows.next()
          if (next.done === true) break
          chunk.push(next.value)
          length += next.value.text.length
        } catch (error) {
          // What was read before is imported first.
          if (chunk.length === 0) throw fileProblem(error)
          problem = error
          break
        }
      }
      return chunk.length === 0 ? null : chunk
    },
    run: (run, chunk) => importChunk(run, kind, options, chunk, open.readBytes()),
    finish: () => Promise.resolve({}),
    async close() {
      await rows.return?.(undefined)
      await open.rows.close()
    },
  }
}

async function importChunk(
  run: JobRun,
  kind: RecordKind,
  options: ImportOptions,
  rows: Rows,
  readBytes: number,
): Promise<JobStep> {
  const { scope, job } = run
  // Custom fields may have changed since the chunk before.
  const { read, errors } = readerOf(scope, kind, options.mapping, options.columns)
  if (errors[0]) throw new AppError('BAD_USER_INPUT', `The mapping does not hold any more: ${errors[0].message}`)
  const results = await importRows(run, kind, options, rows, read)
  const failed = results.filter(({ status }) => status === 'FAILED')
  if (failed[0] && options.onError === 'STOP') throw stopped(failed[0], rows)
  const cursor: ImportCursor = { index: (rows.at(-1)?.index ?? 0) + 1, readBytes }
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
  return { index: row.index, line: row.row, cells: [...row.cells], errors }
}

function stopped({ row, errors }: RowResult, rows: Rows): AppError {
  const [error] = errors
  const where = error?.column ? `, ${error.column}` : ''
  const first = formatCount(rows[0]?.row ?? row.row)
  return new AppError(
    'BAD_USER_INPUT',
    `Line ${formatCount(row.row)}${where}: ${error?.message ?? 'The row was refused.'} Nothing from line ${first} on was imported.`,
  )
}

/** The type of record that is imported. @throws Error where there is none */
export function kindOf({ recordKinds }: Pick<ImportServices, 'recordKinds'>, type: string): RecordKind {
  const kind = recordKinds.find((one) => one.type === type)
  if (!kind) throw new Error(`no type of record ${type}`)
  return kind
}
