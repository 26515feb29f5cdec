import type { Scope } from '../access/scope.js'
import type { Row, Statement } from '../database/statement.js'
import { changed } from './changed.js'
import { momentOf } from './draft.js'
import type { Passed, RowOutcome } from './outcome.js'
import type { Draft, PartPlan, RecordKind, StoredRecord } from './record-kind.js'
import { returningRows, updateRows, type RowTable } from './row-statements.js'

/** The table of a type of record, with the columns that are written. */
export function tableOf({ concept, columns }: RecordKind): RowTable {
  return { table: concept.table, columns }
}

/** The writes of the plans of some drafts: a fixed number of statements a part. */
export function writeParts(scope: Scope, kind: RecordKind, passed: readonly Passed[]): Statement[] {
  return kind.parts.flatMap((part, index) => {
    const plans = passed.flatMap((one) => one.plans[index] ?? [])
    return plans.length === 0 ? [] : part.write(scope, kind, plans)
  })
}

/** The writes of what the parts of restored records take again, before they are changed further. */
export function writeReclaimed(scope: Scope, kind: RecordKind, passed: readonly Passed[]): Statement[] {
  const restored = passed.flatMap(({ draft, reclaimed }) => (reclaimed ? [{ draft, plans: reclaimed }] : []))
  return writeParts(scope, kind, restored)
}

/** The plans that the parts of a draft have. */
export function plansOf({ plans }: Passed): PartPlan[] {
  return plans.filter((plan) => plan !== null)
}

/** What has to follow the writes of some drafts in the same transaction. */
export function followUps(scope: Scope, kind: RecordKind, passed: readonly Passed[]): Statement[] {
  return changed(
    scope,
    passed.map((one) => {
      const { id, stored: before } = one.draft
      return { kind, id, before, after: afterOf(scope, one.draft), parts: plansOf(one) }
    }),
  )
}

function afterOf(scope: Scope, draft: Draft): StoredRecord {
  const { id, stored, values } = draft
  const updatedAt = momentOf(scope, draft)
  if (!stored) return Object.assign({ deletedAt: null }, values, { id, version: 1, updatedAt })
  return { ...stored, ...values, id, version: stored.version + 1, updatedAt }
}

/** Writes the `deletedAt` of some drafts. It gives their rows. */
export function updateDeletedAt(scope: Scope, kind: RecordKind, passed: readonly Passed[]): Statement {
  const rows = passed.map(({ draft: { id, values } }) => ({ ...values, id }))
  return returningRows(updateRows(scope, tableOf(kind), ['deletedAt'], rows), tableOf(kind))
}

/**
 * What became of drafts that were done: those whose rows were written have them; a record without a write stays as it
 * was locked.
 */
export function doneOutcomes(passed: readonly Passed[], rows: readonly Row[]): ReadonlyMap<Draft, RowOutcome> {
  const byId = new Map((rows as StoredRecord[]).map((row) => [row.id, row]))
  return new Map(
    passed.map(({ draft }) => {
      const { id, isNew, stored } = draft
      const written = byId.get(id)
      const status = isNew ? 'CREATED' : written ? 'UPDATED' : 'UNCHANGED'
      return [draft, { status, id, record: written ?? stored, userErrors: [] }]
    }),
  )
}
