import type { Scope } from '../access/scope.js'
import type { Statement } from '../database/statement.js'
import { isIndexed, refreshSearchRows } from '../search/search-rows.js'
import { keepBefore } from './journal.js'
import type { RecordChange, RecordKind } from './record-kind.js'

/**
 * The one place after every write of a record: what else has to change in the same transaction. These are the rows of
 * full-text search, where it knows the type of record and something changed that it finds records by, and what the records
 * were before, where a job changes them; each one statement for each type.
 */
export function changed(scope: Scope, changes: readonly RecordChange[]): Statement[] {
  const kinds = [...new Set(changes.map(({ kind }) => kind))]
  return kinds.flatMap((kind) => {
    const own = changes.filter((change) => change.kind === kind)
    return [...refresh(scope, kind, own), ...keep(scope, kind, own)]
  })
}

function refresh({ tenantId }: Scope, { type }: RecordKind, changes: readonly RecordChange[]): Statement[] {
  if (!isIndexed(type)) return []
  const ids = changes.filter(isSearchChanged).map(({ id }) => id)
  return ids.length === 0 ? [] : [refreshSearchRows(tenantId, type, ids)]
}

/** What is gone for good can't be taken back. */
function keep(scope: Scope, { type }: RecordKind, changes: readonly RecordChange[]): Statement[] {
  if (scope.jobId === undefined) return []
  const kept = changes.filter(({ after }) => after !== null)
  return kept.length === 0 ? [] : [keepBefore(scope, scope.jobId, type, kept)]
}

function isSearchChanged({ kind, before, after, parts }: RecordChange): boolean {
  // The search row of a record that is gone goes with it, by its foreign key.
  if (after === null) return false
  if (before === null || (before.deletedAt === null) !== (after.deletedAt === null)) return true
  if (parts.some((part) => part.isSearchedChanged)) return true
  return Object.entries(kind.columns).some(([name, { isSearched }]) => isSearched && before[name] !== after[name])
}
