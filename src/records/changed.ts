import type { Scope } from '../access/scope.js'
import type { Statement } from '../database/statement.js'
import { isIndexed, refreshSearchRows } from '../search/search-rows.js'
import type { PartPlan, RecordKind, StoredRecord } from './record-kind.js'

/** What happened to one record. */
export interface RecordChange {
  readonly kind: RecordKind
  readonly id: string
  /** null for a new record */
  readonly before: StoredRecord | null
  /** null for one that is gone for good */
  readonly after: StoredRecord | null
  readonly parts: readonly PartPlan[]
}

/**
 * The one place after every write of a record: what else has to change in the same transaction. Today these are the
 * rows of full-text search, where it knows the type of record and something changed that it finds records by; one
 * statement for each type.
 */
export function changed(scope: Scope, changes: readonly RecordChange[]): Statement[] {
  const kinds = [...new Set(changes.map(({ kind }) => kind))]
  return kinds.flatMap((kind) => {
    const { type } = kind
    if (!isIndexed(type)) return []
    const ids = changes.filter((change) => change.kind === kind && isSearchChanged(change)).map(({ id }) => id)
    return ids.length === 0 ? [] : [refreshSearchRows(scope.tenantId, type, ids)]
  })
}

function isSearchChanged({ kind, before, after, parts }: RecordChange): boolean {
  // The search row of a record that is gone goes with it, by its foreign key.
  if (after === null) return false
  if (before === null || (before.deletedAt === null) !== (after.deletedAt === null)) return true
  if (parts.some((part) => part.isSearchedChanged)) return true
  return Object.entries(kind.columns).some(([name, { isSearched }]) => isSearched && before[name] !== after[name])
}
