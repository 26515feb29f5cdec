import type { Database } from '../../database/database.js'
import type { Snapshot } from '../../database/snapshot.js'
import type { Turns } from '../../lib/turns.js'
import { mostContactInfo } from '../contact-info/owned-contact-info.service.js'
import type { ContactInfoKind, EntityType } from '../contact-info/contact-info.columns.js'
import type { ExportPlan } from './export-plan.js'
import { needsOf, spreadKinds } from './export-table.js'
import type { ExportedRecord } from './exported-record.js'
import { recordChunks } from './record-chunks.js'
import { recordReader } from './record-reader.js'
import { recordWriter, type RecordWriter } from './record-writer.js'

/** How an export is read. */
export interface ExportReading {
  readonly database: Pick<Database, 'snapshot'>
  /** in which records are written: others run between */
  readonly turns: Turns
  readonly statementTimeoutMs: number
  /** how long the reader of the export may take nothing */
  readonly idleTimeoutMs: number
  /** ends it at once, and frees its connection */
  readonly signal: AbortSignal
}

/** A piece of an export: its text, and how many records it has. */
export interface ExportPiece {
  readonly text: string
  readonly rows: number
}

// 100 contacts take 1 ms.
const ROWS_PER_PIECE = 100

/**
 * The text of an export in pieces, as of one moment. At most two chunks of records are in memory, whoever takes the pieces
 * however slowly. `give` is awaited for each piece.
 * @throws SERVICE_UNAVAILABLE, TIMEOUT; the reason of the signal; whatever `give` throws
 */
export function runExport(
  plan: ExportPlan,
  { database, turns, statementTimeoutMs, idleTimeoutMs, signal }: ExportReading,
  give: (piece: ExportPiece) => Promise<void> | void,
): Promise<void> {
  const { scope, kind, list, columns } = plan
  const options = { label: list.label, list, statementTimeoutMs, idleTimeoutMs, signal }
  return database.snapshot(scope.tenantId, options, async (snapshot) => {
    const reader = recordReader(scope, kind, needsOf(columns))
    const begin = async (records: readonly ExportedRecord[] | null): Promise<RecordWriter> => {
      const writer = recordWriter(plan, await mostOf(snapshot, plan, records))
      if (writer.head !== '') await give({ text: writer.head, rows: 0 })
      return writer
    }
    let writer: RecordWriter | undefined
    for await (const { records, isAll } of recordChunks(snapshot, reader)) {
      writer ??= await begin(isAll ? records : null)
      for (let from = 0; from < records.length; from += ROWS_PER_PIECE) {
        const piece = records.slice(from, from + ROWS_PER_PIECE)
        await turns.take(piece.length)
        await give({ text: writer.write(piece), rows: piece.length })
      }
    }
    if (!writer) await begin([])
  })
}

/**
 * How many rows of contact info the columns are to have room for, where they are spread: as many as the record with the most
 * has, of the export's where all of them are known, else of the tenant's.
 */
async function mostOf(
  snapshot: Snapshot,
  { scope, kind, columns }: ExportPlan,
  records: readonly ExportedRecord[] | null,
): Promise<ReadonlyMap<ContactInfoKind, number>> {
  const kinds = spreadKinds(columns)
  if (records) {
    const most = (each: ContactInfoKind) => records.reduce((max, { info }) => Math.max(max, info[each]?.length ?? 0), 0)
    return new Map(kinds.map((each) => [each, most(each)]))
  }
  const type = kind.type as EntityType
  const answers = await snapshot.read(
    kinds.map((each) => mostContactInfo(scope, each, type)),
    Infinity,
  )
  return new Map(kinds.map((each, index) => [each, Number(answers?.[index]?.[0]?.['most'] ?? 0)]))
}
