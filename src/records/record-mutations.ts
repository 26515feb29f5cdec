import type { Scope } from '../access/scope.js'
import type { Change } from '../database/change.js'
import type { Database } from '../database/database.js'
import { createRecords, deleteRecords, destroyRecords, restoreRecords, updateRecords } from './lifecycle.js'
import { refusedResult, runMutation, saidErrors, type MutationResult, type UniqueFields } from './mutation.js'
import type { BulkOptions, RowOutcome } from './outcome.js'
import { takenMessage, uniqueColumns } from './record-checks.js'
import type { RecordKind, StoredRecord, Values } from './record-kind.js'
import type { RowPath } from './draft.js'

/** What a mutation does with some inputs: one of the functions of `lifecycle.ts`. */
export type RecordWork = (
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
  path: RowPath,
  options: BulkOptions,
) => Promise<RowOutcome[]>

/** The five things that are done with records, by their verbs in the API. */
export const RECORD_WORK = {
  create: createRecords,
  update: updateRecords,
  delete: deleteRecords,
  restore: restoreRecords,
  destroy: destroyRecords,
} as const satisfies Record<string, RecordWork>

/** Does something with one record: the row of a change of one row, whose path is that of the input itself. */
export function changeRecord(
  scope: Scope,
  database: Database,
  kind: RecordKind,
  work: RecordWork,
  input: object,
): Promise<MutationResult<StoredRecord>> {
  // A restore takes all unique values of its record: a race for one of them is told at the id.
  const unique = uniqueFields(kind, work === RECORD_WORK.restore ? 'id' : undefined)
  return runMutation<MutationResult<StoredRecord>>(database, scope.tenantId, unique, refusedResult, async (change) => {
    const [outcome] = await work(scope, change, kind, [input as Values], () => [], { mode: 'ALL_OR_NOTHING' })
    if (!outcome) throw new Error('a row without an outcome')
    const { id, record, status, userErrors } = outcome
    const isChanged = status === 'CREATED' || status === 'UPDATED'
    return { id, record, isChanged, userErrors: saidErrors(userErrors) }
  })
}

/** Where in an input the unique values of a kind stand: at `place`, where that is said, else each at its own field. */
export function uniqueFields(kind: RecordKind, place?: string): UniqueFields {
  const own = uniqueColumns(kind).map(({ name, unique }) => [unique, name, takenMessage(kind, name)] as const)
  const parts = kind.parts.flatMap(({ unique }) => unique)
  return Object.fromEntries(
    [...own, ...parts].map(([index, name, message]) => [index, { field: [place ?? name], message }]),
  )
}
