import type { Scope } from '../../access/scope.js'
import type { FileRow } from '../../files/row-file.js'
import { AppError } from '../../lib/errors.js'
import { formatCount } from '../../lib/value/checked.js'
import type { RecordKind } from '../../records/record-kind.js'
import type { JobSession } from '../job/job.js'
import { readChunks } from './import-chunks.js'
import type { ImportFileServices } from './import-file.service.js'
import { openFileOfJob, readerOfJob } from './import-reader.js'
import type { ImportChunk, ImportCursor, ImportOptions } from './import.js'
import { createValueCollector, type RowGroups } from './row-groups.js'
import { sharedValuesOf } from './shared-values.js'

/** What a dry run is made of. */
export interface DryRun {
  readonly services: Pick<ImportFileServices, 'database'>
  readonly scope: Scope
  readonly kind: RecordKind
  readonly options: ImportOptions
  readonly cursor: ImportCursor
  readonly rowsAChunk: number
}

// What goes into one transaction of groups; and rows that are held in memory at once.
const ROWS_A_BATCH = 2000
const MAX_HELD_ROWS = 50_000

/**
 * The chunks of a dry run. Each is undone, so that rows which depend on each other must stand in one: the file is read once
 * before, and rows that share a value with a row of another chunk are left for the end, where they come in groups, in the
 * order of the file. So each row meets what it meets in the import itself.
 * @throws BAD_USER_INPUT where more than 50,000 rows hang together
 */
export async function openDryRun(dry: DryRun): Promise<Pick<JobSession<ImportChunk>, 'next' | 'close'>> {
  const groups = await readGroups(dry)
  const { scope, services, options, cursor, rowsAChunk } = dry
  let open = await openFileOfJob(scope, services, options, cursor.index)
  let chunks = readChunks(open.iterator, rowsAChunk)
  let { index } = cursor
  let batch = cursor.batch ?? 0
  let held: (readonly FileRow[])[] = []

  /** Reads the file again for the next batches, as many as may be held in memory. */
  const holdBatches = async (): Promise<void> => {
    await open.close()
    open = await openFileOfJob(scope, services, options, 0)
    chunks = readChunks(open.iterator, rowsAChunk)
    const due = batchesToHold(groups, batch)
    const placeOf = new Map(due.flatMap((ids, place) => ids.map((group): [number, number] => [group, place])))
    const rows: FileRow[][] = due.map(() => [])
    for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
      for (const row of chunk) {
        const group = groups.groupOf(row.index)
        const place = group === undefined ? undefined : placeOf.get(group)
        if (place !== undefined) rows[place]?.push(row)
      }
    }
    held = rows
  }
  return {
    async next() {
      const chunk = cursor.batch === undefined && batch === 0 && held.length === 0 ? await chunks.next() : null
      if (chunk) {
        index = (chunk.at(-1)?.index ?? 0) + 1
        const rows = chunk.filter((row) => groups.groupOf(row.index) === undefined)
        return { rows, cursor: { index, readBytes: open.readBytes() } }
      }
      if (batch >= groups.batches.length) return null
      if (held.length === 0) await holdBatches()
      const rows = held.shift() ?? []
      batch += 1
      return { rows, cursor: { index, readBytes: open.readBytes(), batch } }
    },
    close: () => open.close(),
  }
}

async function readGroups({ services, scope, kind, options, rowsAChunk }: DryRun): Promise<RowGroups> {
  const read = readerOfJob(scope, kind, options)
  const valuesOf = sharedValuesOf(scope, kind, options)
  const collector = createValueCollector()
  const open = await openFileOfJob(scope, services, options, 0)
  try {
    const chunks = readChunks(open.iterator, rowsAChunk)
    let number = 0
    for (let chunk = await nextOrEnd(chunks); chunk !== null; chunk = await nextOrEnd(chunks)) {
      for (const row of chunk) collector.add(row.index, number, row.error ? [] : valuesOf(read(row).input))
      number += 1
    }
  } finally {
    await open.close()
  }
  const groups = collector.groups(ROWS_A_BATCH)
  const largest = Math.max(0, ...groups.sizes.values())
  if (largest > MAX_HELD_ROWS) {
    const message = `${formatCount(largest)} rows share values; a dry run takes ${formatCount(MAX_HELD_ROWS)} of them at most. Import without one: it can be taken back.`
    throw new AppError('BAD_USER_INPUT', message)
  }
  return groups
}

/** A file that is damaged further on fails when its rows come to that place, as in the import itself. */
async function nextOrEnd(chunks: ReturnType<typeof readChunks>): Promise<readonly FileRow[] | null> {
  return chunks.next().catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'BAD_USER_INPUT') return null
    throw error
  })
}

function batchesToHold({ batches, sizes }: RowGroups, from: number): (readonly number[])[] {
  const due: (readonly number[])[] = []
  let rows = 0
  for (const groups of batches.slice(from)) {
    const size = groups.reduce((sum, group) => sum + (sizes.get(group) ?? 0), 0)
    if (due.length > 0 && rows + size > MAX_HELD_ROWS) break
    due.push(groups)
    rows += size
  }
  return due
}
