import type { Scope } from '../access/scope.js'
import type { Database } from '../database/database.js'
import {
  createRecords,
  deleteRecords,
  destroyRecords,
  restoreRecords,
  updateRecords,
  type VersionedId,
} from './lifecycle.js'
import { refusedResult, runMutation, type MutationResult, type UniqueFields } from './mutation.js'
import { takenMessage, uniqueColumns } from './record-checks.js'
import type { ChangedRecord, RecordKind, StoredRecord, Values } from './record-kind.js'

type Result = MutationResult<StoredRecord>

/** Creates a record with its parts. */
export function createRecord(scope: Scope, database: Database, kind: RecordKind, input: object): Promise<Result> {
  return changeOne(scope, database, kind, false, (change) => createRecords(scope, change, kind, [input as Values]))
}

/**
 * Changes a record and its parts; the input has its id and, where only that one may be changed, the version that was
 * read.
 */
export function updateRecord(scope: Scope, database: Database, kind: RecordKind, input: object): Promise<Result> {
  return changeOne(scope, database, kind, false, (change) => updateRecords(scope, change, kind, [input as Values]))
}

/** Deletes a record so that it can be restored. */
export function deleteRecord(scope: Scope, database: Database, kind: RecordKind, input: VersionedId): Promise<Result> {
  return changeOne(scope, database, kind, false, (change) => deleteRecords(scope, change, kind, [input]))
}

/** Brings a deleted record back; a live one stays as it is. */
export function restoreRecord(scope: Scope, database: Database, kind: RecordKind, input: VersionedId): Promise<Result> {
  return changeOne(scope, database, kind, true, (change) => restoreRecords(scope, change, kind, [input]))
}

/** Removes a record for good, live or deleted, with all that belongs to it. */
export function destroyRecord(
  scope: Scope,
  database: Database,
  kind: RecordKind,
  input: { readonly id: string },
): Promise<Result> {
  return runMutation<Result>(database, scope.tenantId, {}, refusedResult, async (change) => {
    await destroyRecords(scope, change, kind, [input.id])
    return { id: input.id, record: null, userErrors: [] }
  })
}

function changeOne(
  scope: Scope,
  database: Database,
  kind: RecordKind,
  isRestore: boolean,
  work: (change: Parameters<typeof createRecords>[1]) => Promise<ChangedRecord[]>,
): Promise<Result> {
  return runMutation<Result>(database, scope.tenantId, uniqueFields(kind, isRestore), refusedResult, async (change) => {
    const [{ record, isChanged } = { record: null, isChanged: false }] = await work(change)
    return { id: record?.id ?? null, record, isChanged, userErrors: [] }
  })
}

function uniqueFields(kind: RecordKind, isRestore: boolean): UniqueFields {
  const own = uniqueColumns(kind).map(({ name, unique }) => [unique, name, takenMessage(kind, name)] as const)
  const parts = kind.parts.flatMap(({ unique }) => unique)
  return Object.fromEntries(
    [...own, ...parts].map(([index, name, message]) => [index, { field: [isRestore ? 'id' : name], message }]),
  )
}
