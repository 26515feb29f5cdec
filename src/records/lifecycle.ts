import { v7 as uuidv7 } from 'uuid'
import type { Scope } from '../access/scope.js'
import type { Change } from '../database/change.js'
import type { Statement } from '../database/statement.js'
import { createInputCheck, type Given } from '../lib/input.js'
import { changedValues } from './changed-values.js'
import { changed } from './changed.js'
import { refuse } from './mutation.js'
import {
  askReferences,
  askUnique,
  checkColumns,
  readAliases,
  checkChangeable,
  refuseHeld,
  uniqueColumns,
} from './record-checks.js'
import type { ChangedRecord, Draft, PartPlan, RecordKind, StoredRecord, Values } from './record-kind.js'
import { clearLinks, findHoldersOfStored, lockRecords, type Holder } from './record-statements.js'
import { deleteRows, insertRows, returningRows, updateRows } from './row-statements.js'

/*
 * Every change of records, many at a time. Each function is the work of one change (see src/database/change.ts): it
 * asks for all that its checks need, checks everything in memory, refuses with all problems at once, or commits every
 * write together with the rows of the answer. All records are changed, or none.
 *
 * @throws UserErrors with the problems of all records, in their order; their codes are NOT_FOUND, CONFLICT, ALREADY_EXISTS,
 *   BAD_USER_INPUT
 */

/** A record that is to be changed, and the version that was read where only that one may be. */
export interface VersionedId {
  readonly id: string
  readonly version?: Given<number>
}

/** Creates records with their parts; returns their rows, in the order of the inputs. */
export async function createRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
): Promise<ChangedRecord[]> {
  const drafts = inputs.map((input) => draftOf(scope, kind, uuidv7({ msecs: scope.now.getTime() }), input, true))
  for (const draft of drafts) kind.complete?.(scope, draft)
  const [checkReferences, checkUnique, ...planners] = await Promise.all([
    askReferences(scope, change, kind, drafts),
    askUnique(scope, change, kind, drafts),
    ...kind.parts.map((part) => part.plan(scope, change, kind, drafts)),
  ])
  for (const draft of drafts) {
    checkReferences(draft)
    checkUnique(draft)
  }
  const plans = planners.map((plan) => plan())
  checkOutcome(kind, drafts, plans)
  refuseAll(drafts)
  const rows = drafts.map(({ id, values }) => ({ ...values, id }))
  const writes = [
    returningRows(insertRows(scope, tableOf(kind), rows), tableOf(kind)),
    ...writeParts(scope, kind, plans),
    ...followUps(scope, kind, drafts, plans),
  ]
  return commit(change, drafts, writes)
}

/**
 * Changes records and their parts; returns the rows as they are now. Each input has the id and may have the version
 * that was read. A record that has all the values already isn't written.
 */
export async function updateRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
): Promise<ChangedRecord[]> {
  const drafts = inputs.map((input) => draftOf(scope, kind, String(input['id']), input, false))
  const [locked, checkReferences, checkUnique, ...planners] = await Promise.all([
    change.ask<StoredRecord>(lockRecords(scope, kind, idsOf(drafts))),
    askReferences(scope, change, kind, drafts),
    askUnique(scope, change, kind, drafts),
    ...kind.parts.map((part) => part.plan(scope, change, kind, drafts)),
  ])
  giveStored(locked, drafts)
  if (drafts.map((draft) => checkChangeable(kind, draft)).includes(false)) refuseAll(drafts)
  for (const draft of drafts) {
    kind.complete?.(scope, draft)
    checkReferences(draft)
    checkUnique(draft)
  }
  const plans = planners.map((plan) => plan())
  checkOutcome(kind, drafts, plans)
  refuseAll(drafts)
  for (const draft of drafts) draft.values = changedValues(kind.columns, draft.stored ?? {}, draft.values)
  const due = drafts.filter(
    (draft) => Object.keys(draft.values).length > 0 || partsOf(draft, plans).some(({ isChanged }) => isChanged),
  )
  const names = [...new Set(due.flatMap(({ values }) => Object.keys(values)))]
  const rows = due.map(({ id, stored, values }) => ({ ...stored, ...values, id }))
  const writes =
    due.length === 0
      ? []
      : [
          returningRows(updateRows(scope, tableOf(kind), names, rows), tableOf(kind)),
          ...writeParts(scope, kind, plans),
          ...followUps(scope, kind, due, plans),
        ]
  return commit(change, drafts, writes)
}

/** Deletes records so that they can be restored. */
export async function deleteRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly VersionedId[],
): Promise<ChangedRecord[]> {
  const drafts = inputs.map(({ id, version }) => emptyDraft(id, { version }))
  giveStored(await change.ask<StoredRecord>(lockRecords(scope, kind, idsOf(drafts))), drafts)
  for (const draft of drafts) if (checkChangeable(kind, draft)) draft.values = { deletedAt: momentOf(scope, draft) }
  refuseAll(drafts)
  const writes = [
    updateDeletedAt(scope, kind, drafts),
    ...kind.parts.flatMap((part) => part.release(scope, kind, idsOf(drafts))),
    ...followUps(scope, kind, drafts, []),
  ]
  return commit(change, drafts, writes)
}

/** Brings deleted records back; live ones stay. All are refused where another record has a unique value of one. */
export async function restoreRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly VersionedId[],
): Promise<ChangedRecord[]> {
  const drafts = inputs.map(({ id, version }) => emptyDraft(id, { version }))
  const ids = idsOf(drafts)
  const unique = uniqueColumns(kind)
  const [locked, holders, ...planners] = await Promise.all([
    change.ask<StoredRecord>(lockRecords(scope, kind, ids)),
    Promise.all(unique.map(({ column }) => change.ask<Holder>(findHoldersOfStored(scope, kind, column, ids)))),
    ...kind.parts.map((part) => part.reclaim(scope, change, kind, drafts)),
  ])
  giveStored(locked, drafts)
  if (drafts.map((draft) => checkChangeable(kind, draft, true)).includes(false)) refuseAll(drafts)
  const due = drafts.filter(({ stored }) => stored?.deletedAt)
  for (const draft of due) {
    draft.values = { deletedAt: null }
    for (const [index, { name }] of unique.entries()) {
      refuseHeld(kind, draft, 'id', name, draft.stored?.[name], holders[index] ?? [])
    }
  }
  const isDue = new Set(idsOf(due))
  const plans = due.length === 0 ? [] : planners.map((plan) => plan().filter(({ recordId }) => isDue.has(recordId)))
  refuseAll(drafts)
  const writes =
    due.length === 0
      ? []
      : [updateDeletedAt(scope, kind, due), ...writeParts(scope, kind, plans), ...followUps(scope, kind, due, plans)]
  return commit(change, drafts, writes)
}

/** Removes records for good, live or deleted, with all that belongs to them. */
export async function destroyRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  ids: readonly string[],
): Promise<void> {
  const drafts = ids.map((id) => emptyDraft(id, {}))
  giveStored(await change.ask<StoredRecord>(lockRecords(scope, kind, ids)), drafts)
  requireStored(kind, drafts)
  await change.commit([
    ...clearLinks(scope, kind, ids),
    deleteRows(scope, kind.concept.table, ids),
    ...changed(
      scope,
      drafts.map(({ id, stored }) => ({ kind, id, before: stored, after: null, parts: [] })),
    ),
  ])
}

function draftOf(scope: Scope, kind: RecordKind, id: string, input: Values, isNew: boolean): Draft {
  const draft = emptyDraft(id, input, isNew)
  draft.values = checkColumns(kind.columns, draft.check, readAliases(kind, draft.check, input), scope.principal.tenant)
  return draft
}

function emptyDraft(id: string, input: Values, isNew = false): Draft {
  return { id, isNew, input, check: createInputCheck(), stored: null, values: {} }
}

/** Gives each draft its locked row. */
function giveStored(locked: readonly StoredRecord[], drafts: readonly Draft[]): void {
  const byId = new Map(locked.map((row) => [row.id, row]))
  for (const draft of drafts) draft.stored = byId.get(draft.id) ?? null
}

function requireStored({ noun }: RecordKind, drafts: readonly Draft[]): void {
  for (const { check, stored } of drafts) {
    if (!stored) check.refuse('id', `There is no such ${noun}.`, 'NOT_FOUND')
  }
  refuseAll(drafts)
}

function idsOf(drafts: readonly Draft[]): string[] {
  return drafts.map(({ id }) => id)
}

function tableOf({ concept, columns }: RecordKind) {
  return { table: concept.table, columns }
}

function partsOf({ id }: Draft, plans: readonly (readonly PartPlan[])[]): PartPlan[] {
  return plans.flat().filter(({ recordId }) => recordId === id)
}

function checkOutcome(kind: RecordKind, drafts: readonly Draft[], plans: readonly (readonly PartPlan[])[]): void {
  for (const draft of drafts) kind.checkOutcome?.(draft, partsOf(draft, plans))
}

function refuseAll(drafts: readonly Draft[]): void {
  refuse(drafts.flatMap(({ check }) => check.errors))
}

function writeParts(scope: Scope, kind: RecordKind, plans: readonly (readonly PartPlan[])[]): Statement[] {
  return kind.parts.flatMap((part, index) => part.write(scope, kind, plans[index] ?? []))
}

/**
 * The moment of a change. A request that waited for the record's lock began before what it waited for: time never goes
 * back.
 */
function momentOf({ now }: Scope, { stored }: Draft): string {
  const moment = now.toISOString()
  return stored && stored.updatedAt > moment ? stored.updatedAt : moment
}

function afterOf(scope: Scope, draft: Draft): StoredRecord {
  const { id, stored, values } = draft
  const before = stored ?? { deletedAt: null, version: 0 }
  return { ...before, ...values, id, version: before.version + 1, updatedAt: momentOf(scope, draft) }
}

/** What has to follow the writes of some drafts in the same transaction. */
function followUps(
  scope: Scope,
  kind: RecordKind,
  drafts: readonly Draft[],
  plans: readonly (readonly PartPlan[])[],
): Statement[] {
  const changes = drafts.map((draft) => ({
    ...{ kind, id: draft.id, before: draft.stored, after: afterOf(scope, draft) },
    parts: partsOf(draft, plans),
  }))
  return changed(scope, changes)
}

function updateDeletedAt(scope: Scope, kind: RecordKind, drafts: readonly Draft[]): Statement {
  const rows = drafts.map(({ id, values }) => ({ ...values, id }))
  return returningRows(updateRows(scope, tableOf(kind), ['deletedAt'], rows), tableOf(kind))
}

/**
 * Ends a change whose first statement gives the rows of the answer; a record without a write stays as it was locked.
 */
async function commit(
  change: Change,
  drafts: readonly Draft[],
  writes: readonly Statement[],
): Promise<ChangedRecord[]> {
  const [rows = []] = (await change.commit(writes)) as StoredRecord[][]
  const byId = new Map(rows.map((row) => [row.id, row]))
  return drafts.flatMap(({ id, stored }) => {
    const written = byId.get(id)
    const record = written ?? stored
    return record ? [{ record, isChanged: written !== undefined }] : []
  })
}
