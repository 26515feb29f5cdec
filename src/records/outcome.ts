import type { UserError } from '../lib/errors.js'
import type { Draft, PartPlan, StoredRecord } from './record-kind.js'

/** Whether one refused row refuses all of a change, or itself alone. */
export type BulkMode = 'ALL_OR_NOTHING' | 'PARTIAL'

/**
 * What became of one row of a change. UPDATED: the record was changed, deleted, restored or removed, as was asked.
 * SKIPPED: nothing was wrong with the row, but with another one, and all were to be done or none.
 */
export type RowStatus = 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'SKIPPED' | 'FAILED'

/** What became of one row of a change. */
export interface RowOutcome {
  readonly status: RowStatus
  /** null where the row was refused or skipped, and of a record that a dry run would create */
  readonly id: string | null
  /** the record as it is now; null where it is gone, or `id` is null */
  readonly record: StoredRecord | null
  /** why nothing happened; empty unless FAILED */
  readonly userErrors: readonly UserError[]
}

/** How a change of several records goes. */
export interface BulkOptions {
  readonly mode: BulkMode
  /** everything is checked and nothing is written */
  readonly isDryRun?: boolean
}

/** A draft that passed its checks, with the plans of its parts: one a part of its kind, null where that has none. */
export interface Passed {
  readonly draft: Draft
  readonly plans: readonly (PartPlan | null)[]
  /** of a record that an upsert restores: what its parts take again before all else, likewise */
  readonly reclaimed?: readonly (PartPlan | null)[]
}

/** The drafts of a change that are to be done: those that passed, or none where all were to be done and one didn't. */
export function dueDrafts(
  drafts: readonly Draft[],
  passed: readonly Passed[],
  { mode }: BulkOptions,
): readonly Passed[] {
  return mode === 'ALL_OR_NOTHING' && passed.length < drafts.length ? [] : passed
}

/** What became of each draft, in their order; `done` are those of the drafts that were done. */
export function outcomesOf(drafts: readonly Draft[], done: ReadonlyMap<Draft, RowOutcome>): RowOutcome[] {
  // A refused row may name a record that was to be made by an earlier one; where that wasn't, nobody has its id.
  const unmade = new Set(drafts.flatMap((draft) => (draft.isNew && !done.has(draft) ? [draft.id] : [])))
  return drafts.map((draft) => {
    const outcome = done.get(draft)
    if (outcome) return outcome
    const { errors } = draft.check
    const userErrors = errors.map(({ conflictingId, ...error }) =>
      conflictingId === undefined || unmade.has(conflictingId ?? '') ? error : { ...error, conflictingId },
    )
    return { status: errors.length > 0 ? 'FAILED' : 'SKIPPED', id: null, record: null, userErrors }
  })
}
