import type { Scope } from '../access/scope.js'
import { createInputCheck } from '../lib/input.js'
import { checkColumns, readAliases } from './record-checks.js'
import type { Draft, RecordKind, StoredRecord, Values } from './record-kind.js'

/** Where in the input of a mutation the row of each record stands: `['rows', '3']`; nothing where there is one record. */
export type RowPath = (index: number) => readonly string[]

/** A record on its way through a change, of which the input says nothing but its id and the version that was read. */
export function emptyDraft(id: string, input: Values, path: readonly string[], isNew = false): Draft {
  return { id, isNew, input, check: createInputCheck(path), stored: null, values: {} }
}

/** The same with the columns that the input gives, checked. */
export function draftOf(
  scope: Scope,
  kind: RecordKind,
  id: string,
  input: Values,
  path: readonly string[],
  isNew: boolean,
): Draft {
  const draft = emptyDraft(id, input, path, isNew)
  draft.values = checkColumns(kind.columns, draft.check, readAliases(kind, draft.check, input), scope.principal.tenant)
  if (isNew) requireColumns(kind, draft)
  return draft
}

/** Refuses a new record without a value that none can be without: an upsert may leave out what an update doesn't need. */
function requireColumns({ columns }: RecordKind, { values, check }: Draft): void {
  for (const [name, { check: isGiven, isNullable, initial }] of Object.entries(columns)) {
    if (!isGiven || isNullable || initial !== undefined || name in values) continue
    const isRefused = check.errors.some(({ field }) => field.at(-1) === name)
    if (!isRefused) check.refuse(name, 'A value is required.')
  }
}

/** Gives each draft its locked row. */
export function giveStored(locked: readonly StoredRecord[], drafts: readonly Draft[]): void {
  const byId = new Map(locked.map((row) => [row.id, row]))
  for (const draft of drafts) draft.stored = byId.get(draft.id) ?? null
}

/**
 * Refuses each draft whose record an earlier one has already: a row of the answer is what became of one record. Gives the
 * others, in their order.
 */
export function refuseTwice({ noun }: RecordKind, drafts: readonly Draft[]): Draft[] {
  const first = new Map<string, number>()
  return drafts.filter(({ id, check }, index) => {
    const before = first.get(id)
    if (before === undefined) {
      first.set(id, index)
      return true
    }
    check.errors.length = 0
    check.refuse('id', `Row ${before} is of the same ${noun}.`)
    return false
  })
}

/** The ids of some drafts' records, in their order. */
export function idsOf(drafts: readonly Draft[]): string[] {
  return drafts.map(({ id }) => id)
}

/**
 * The moment of a change. A request that waited for the record's lock began before what it waited for: time never goes
 * back.
 */
export function momentOf({ now }: Scope, { stored }: Draft): string {
  const moment = now.toISOString()
  return stored && stored.updatedAt > moment ? stored.updatedAt : moment
}
