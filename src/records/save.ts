import type { Scope } from '../access/scope.js'
import type { Change } from '../database/change.js'
import type { Statement } from '../database/statement.js'
import { changedValues } from './changed-values.js'
import { giveStored, idsOf, refuseTwice } from './draft.js'
import { dueDrafts, outcomesOf, type BulkOptions, type Passed, type RowOutcome } from './outcome.js'
import { askReferences, askUnique, checkChangeable, refuseHeld, settleUnique, uniqueColumns } from './record-checks.js'
import type { Draft, PartPlan, PartPlanner, RecordKind, StoredRecord } from './record-kind.js'
import { lockRecords, yieldUnique } from './record-statements.js'
import { insertRows, returningRows, updateRows } from './row-statements.js'
import { doneOutcomes, followUps, plansOf, tableOf, writeParts, writeReclaimed } from './writes.js'

/**
 * Creates and changes records with their parts: `own` are the drafts that are looked at, in their order, of all `drafts`
 * of the change; those of others are refused already. `locked` gives the rows of those that aren't new; without it each
 * has its row. New records and changed ones may stand beside each other.
 */
export async function saveDrafts(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  drafts: readonly Draft[],
  own: readonly Draft[],
  options: BulkOptions,
  locked: Promise<StoredRecord[]> | null = null,
): Promise<RowOutcome[]> {
  const isReverted = own.some(({ before }) => before)
  const restored = own.filter(({ isRestored }) => isRestored)
  const [rows, checkReferences, holders, planners, reclaimers] = await Promise.all([
    locked,
    askReferences(scope, change, kind, own),
    askUnique(scope, change, kind, own),
    Promise.all(
      kind.parts.map((part) =>
        isReverted ? part.revert(scope, change, kind, own) : part.plan(scope, change, kind, own),
      ),
    ),
    Promise.all(restored.length === 0 ? [] : kind.parts.map((part) => part.reclaim(scope, change, kind, restored))),
  ])
  if (rows) giveStored(rows, own)
  const passed = own.flatMap((draft): Passed[] => {
    if (!draft.isNew && !checkChangeable(kind, draft, draft.isRestored)) return []
    if (!isReverted) kind.complete?.(scope, draft)
    checkReferences(draft)
    refuseHeld(kind, draft, draft.values, holders)
    const reclaimed = draft.isRestored ? reclaimers.map((planner) => planner.planOf(draft)) : []
    const plans = planners.map((planner) => planner.planOf(draft))
    const one = { draft, plans, reclaimed }
    if (!isReverted) kind.checkOutcome?.(draft, plansOf(one))
    if (draft.check.errors.length > 0) return []
    settleUnique(kind, draft, draft.values, holders)
    // What a restored record takes again, no other row may take, and the reverse.
    for (const parts of [planners, reclaimers]) {
      settleParts(parts, reclaimed)
      settleParts(parts, plans)
    }
    return [one]
  })
  const due = dueDrafts(drafts, passed, options)
  if (due.length === 0) return outcomesOf(drafts, new Map())
  const written = due.filter((one) => needsWrite(kind, one))
  if (options.isDryRun) return outcomesOf(drafts, plannedOutcomes(due, written))
  const records = writeRecords(scope, kind, written)
  const parts =
    written.length === 0
      ? []
      : [
          ...writeReclaimed(scope, kind, written),
          ...writeParts(scope, kind, written),
          ...followUps(scope, kind, written),
        ]
  const answers = await change.commit([...records, ...parts])
  return outcomesOf(drafts, doneOutcomes(due, answers.slice(0, records.length).flat()))
}

/** The same for records that are there, each of which is written once. */
export function saveStored(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  drafts: readonly Draft[],
  options: BulkOptions,
): Promise<RowOutcome[]> {
  const own = refuseTwice(kind, drafts)
  // Not awaited: what the checks need leaves together with the locks, behind them.
  const locked = change.ask<StoredRecord>(lockRecords(scope, kind, idsOf(own)))
  return saveDrafts(scope, change, kind, drafts, own, options, locked)
}

/**
 * The writes of the records alone, which give their rows. Unique values are given up before others take them, and
 * changed records come before new ones, which may take what they gave up.
 */
function writeRecords(scope: Scope, kind: RecordKind, written: readonly Passed[]): Statement[] {
  const drafts = written.map(({ draft }) => draft)
  const [made, kept] = [drafts.filter(({ isNew }) => isNew), drafts.filter(({ isNew }) => !isNew)]
  const table = tableOf(kind)
  const names = [...new Set(kept.flatMap(({ values }) => Object.keys(values)))]
  const changedRows = kept.map(({ id, stored, values }) => ({ ...stored, ...values, id }))
  const newRows = made.map(({ id, values }) => ({ ...values, id }))
  return [
    ...yieldValues(scope, kind, kept),
    ...(kept.length > 0 ? [returningRows(updateRows(scope, table, names, changedRows), table)] : []),
    ...(made.length > 0 ? [returningRows(insertRows(scope, table, newRows), table)] : []),
  ]
}

function yieldValues(scope: Scope, kind: RecordKind, kept: readonly Draft[]): Statement[] {
  return uniqueColumns(kind).flatMap(({ name, column }) => {
    const taken = new Set(kept.map(({ values }) => values[name]).filter((value) => typeof value === 'string'))
    const ids = kept.flatMap(({ id, stored, values }) =>
      values[name] !== undefined && taken.has(String(stored?.[name])) ? [id] : [],
    )
    return ids.length === 0 ? [] : [yieldUnique(scope, kind, column, ids)]
  })
}

/** What would become of drafts: nothing of it is written, so a new record has no id and a stored one stays as it was. */
function plannedOutcomes(due: readonly Passed[], written: readonly Passed[]): ReadonlyMap<Draft, RowOutcome> {
  const isWritten = new Set(written)
  return new Map(
    due.map((one) => {
      const { id, isNew, stored } = one.draft
      const status = isNew ? 'CREATED' : isWritten.has(one) ? 'UPDATED' : 'UNCHANGED'
      return [one.draft, { status, id: isNew ? null : id, record: stored, userErrors: [] }]
    }),
  )
}

/** Notes that the parts of a draft are as planned. */
export function settleParts(planners: readonly PartPlanner[], plans: readonly (PartPlan | null)[]): void {
  for (const [index, planner] of planners.entries()) {
    const plan = plans[index]
    if (plan) planner.settle(plan)
  }
}

/** Whether a draft changes anything; its values are then those alone that differ from the stored ones. */
function needsWrite({ columns }: RecordKind, one: Passed): boolean {
  const { draft } = one
  if (draft.isNew) return true
  draft.values = changedValues(columns, draft.stored ?? {}, draft.values)
  return Object.keys(draft.values).length > 0 || plansOf(one).some(({ isChanged }) => isChanged)
}
