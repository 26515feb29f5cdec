import type { Scope } from '../access/scope.js'
import type { Change } from '../database/change.js'
import { newId } from '../lib/new-id.js'
import { changed } from './changed.js'
import { draftOf, emptyDraft, giveStored, idsOf, momentOf, refuseTwice, type RowPath } from './draft.js'
import { dueDrafts, outcomesOf, type BulkOptions, type Passed, type RowOutcome } from './outcome.js'
import { checkChangeable, refuseHeld, settleUnique, uniqueColumns } from './record-checks.js'
import type { Draft, RecordKind, StoredRecord, Values } from './record-kind.js'
import { clearLinks, findHoldersOfStored, lockRecords, type Holder } from './record-statements.js'
import { deleteRows } from './row-statements.js'
import { saveDrafts, saveStored, settleParts } from './save.js'
import { createUniqueHolders } from './unique-holders.js'
import { doneOutcomes, followUps, tableOf, updateDeletedAt, writeParts } from './writes.js'

/*
 * Every change of records, many at a time. Each function is the work of one change (see src/database/change.ts): it
 * asks for all that its checks need, checks everything in memory, row after row as if each were a change of its own, and
 * commits every write together with the rows of the answer. The number of statements depends on what the rows are about,
 * never on how many there are.
 *
 * What is wrong with a row is told at its place, which `path` says. The codes are NOT_FOUND, CONFLICT, ALREADY_EXISTS,
 * BAD_USER_INPUT. Where nothing is to be done, nothing is committed.
 */

/** Creates records with their parts; what became of each, in the order of the inputs. */
export function createRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
  path: RowPath,
  options: BulkOptions,
): Promise<RowOutcome[]> {
  const drafts = inputs.map((input, index) => draftOf(scope, kind, newId(scope.now), input, path(index), true))
  return saveDrafts(scope, change, kind, drafts, drafts, options)
}

/**
 * Changes records and their parts. Each input has the id and may have the version that was read. A record that has all
 * the values already isn't written.
 */
export function updateRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
  path: RowPath,
  options: BulkOptions,
): Promise<RowOutcome[]> {
  const drafts = inputs.map((input, index) => draftOf(scope, kind, String(input['id']), input, path(index), false))
  return saveStored(scope, change, kind, drafts, options)
}

/**
 * Deletes records so that they can be restored. Each input has the id and may have the version that was read; so it is
 * with restoring.
 */
export async function deleteRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
  path: RowPath,
  options: BulkOptions,
): Promise<RowOutcome[]> {
  const drafts = inputs.map((input, index) => emptyDraft(String(input['id']), input, path(index)))
  const own = refuseTwice(kind, drafts)
  giveStored(await change.ask<StoredRecord>(lockRecords(scope, kind, idsOf(own))), own)
  const passed = own.flatMap((draft): Passed[] => {
    if (!checkChangeable(kind, draft)) return []
    draft.values = { deletedAt: momentOf(scope, draft) }
    return [{ draft, plans: [] }]
  })
  const due = dueDrafts(drafts, passed, options)
  if (due.length === 0) return outcomesOf(drafts, new Map())
  const ids = due.map(({ draft }) => draft.id)
  const [rows = []] = await change.commit([
    updateDeletedAt(scope, kind, due),
    ...kind.parts.flatMap((part) => part.release(scope, kind, ids)),
    ...followUps(scope, kind, due),
  ])
  return outcomesOf(drafts, doneOutcomes(due, rows))
}

/** Brings deleted records back; live ones stay. One is refused where another record has a unique value of it. */
export async function restoreRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
  path: RowPath,
  options: BulkOptions,
): Promise<RowOutcome[]> {
  const drafts = inputs.map((input, index) => emptyDraft(String(input['id']), input, path(index)))
  const own = refuseTwice(kind, drafts)
  const ids = idsOf(own)
  const [locked, held, ...planners] = await Promise.all([
    change.ask<StoredRecord>(lockRecords(scope, kind, ids)),
    Promise.all(
      uniqueColumns(kind).map(async ({ name, column }) => {
        const found = await change.ask<Holder>(findHoldersOfStored(scope, kind, column, ids))
        return [name, createUniqueHolders(found)] as const
      }),
    ),
    ...kind.parts.map((part) => part.reclaim(scope, change, kind, own)),
  ])
  giveStored(locked, own)
  const holders = new Map(held)
  const passed = own.flatMap((draft): Passed[] => {
    if (!checkChangeable(kind, draft, true)) return []
    if (!draft.stored?.deletedAt) return [{ draft, plans: [] }]
    draft.values = { deletedAt: null }
    refuseHeld(kind, draft, draft.stored, holders, 'id')
    const plans = planners.map((planner) => planner.planOf(draft))
    if (draft.check.errors.length > 0) return []
    settleUnique(kind, draft, draft.stored, holders)
    settleParts(planners, plans)
    return [{ draft, plans }]
  })
  const done = dueDrafts(drafts, passed, options)
  if (done.length === 0) return outcomesOf(drafts, new Map())
  const due = done.filter(({ draft }) => draft.stored?.deletedAt)
  const writes =
    due.length === 0
      ? []
      : [updateDeletedAt(scope, kind, due), ...writeParts(scope, kind, due), ...followUps(scope, kind, due)]
  const [rows = []] = await change.commit(writes)
  return outcomesOf(drafts, doneOutcomes(done, rows))
}

/** Removes records for good, live or deleted, with all that belongs to them. Each input has the id. */
export async function destroyRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
  path: RowPath,
  options: BulkOptions,
): Promise<RowOutcome[]> {
  const drafts = inputs.map(({ id }, index) => emptyDraft(String(id), {}, path(index)))
  const own = refuseTwice(kind, drafts)
  giveStored(await change.ask<StoredRecord>(lockRecords(scope, kind, idsOf(own))), own)
  for (const { check, stored } of own) {
    if (!stored) check.refuse('id', `There is no such ${kind.noun}.`, 'NOT_FOUND')
  }
  const passed = own.flatMap((draft): Passed[] => (draft.stored ? [{ draft, plans: [] }] : []))
  const due = dueDrafts(drafts, passed, options)
  if (due.length === 0) return outcomesOf(drafts, new Map())
  const ids = due.map(({ draft }) => draft.id)
  await change.commit([
    ...clearLinks(scope, kind, ids),
    deleteRows(scope, tableOf(kind).table, ids),
    ...changed(
      scope,
      due.map(({ draft: { id, stored } }) => ({ kind, id, before: stored, after: null, parts: [] })),
    ),
  ])
  const gone = due.map(({ draft }): [Draft, RowOutcome] => [
    draft,
    { status: 'UPDATED', id: draft.id, record: null, userErrors: [] },
  ])
  return outcomesOf(drafts, new Map(gone))
}
