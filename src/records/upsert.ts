import type { Scope } from '../access/scope.js'
import type { Change } from '../database/change.js'
import { groupByKey } from '../lib/batch.js'
import { AppError, type UserError, type UserErrorCode } from '../lib/errors.js'
import { newId } from '../lib/new-id.js'
import { roleIncludes } from '../lib/principal.js'
import { draftOf, emptyDraft, type RowPath } from './draft.js'
import { lockValues } from './match.js'
import type { BulkOptions, RowOutcome } from './outcome.js'
import { uniqueColumns } from './record-checks.js'
import type { Draft, Matcher, RecordKind, StoredRecord, Values } from './record-kind.js'
import { saveDrafts } from './save.js'

/** What is done with a row whose record is deleted: it is refused, the record comes back, or another one is made. */
export type OnDeleted = 'ERROR' | 'RESTORE' | 'CREATE'

export interface UpsertOptions extends BulkOptions {
  /** the name of one of the kind's matchers */
  readonly matchBy: string
  /** the custom field, where that is matched by */
  readonly customFieldKey: string | null
  readonly onDeleted: OnDeleted
}

/**
 * Changes the records that rows are matched with, and creates those that aren't there; what became of each, in the order
 * of the inputs. One value is given by which the record is found:
 *
 * | live records with it | deleted ones | what happens                                            |
 * | -------------------- | ------------ | ------------------------------------------------------- |
 * | one                  |              | it is changed                                           |
 * | several              |              | AMBIGUOUS, with their ids                               |
 * | none                 | none         | one is made; by id: NOT_FOUND                           |
 * | none                 | some         | as `onDeleted` says; AMBIGUOUS where several might come back |
 *
 * Contact info of a row is what the record has at least: rows that it has already are changed, others are added.
 * @throws UserErrors where what to match by isn't there; FORBIDDEN where the role may not restore
 */
export async function upsertRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
  path: RowPath,
  options: UpsertOptions,
): Promise<RowOutcome[]> {
  const matcher = await askMatcher(scope, change, kind, options)
  const keys = await keysOfRows(matcher, inputs)
  const found = await findRecords(scope, change, kind, matcher, keys.flat())
  return upsertFound(scope, change, kind, found, inputs, path, options)
}

/** By what the record of each row is found. @throws TIMEOUT */
export async function keysOfRows(matcher: Matcher, inputs: readonly Values[]): Promise<readonly (readonly string[])[]> {
  const keys: (readonly string[])[] = []
  for (const input of inputs) {
    const turn = matcher.next?.()
    if (turn) await turn
    keys.push(matcher.keysOf(input))
  }
  return keys
}

const RESTORING_ROLE = 'MANAGER'

/**
 * By what an upsert finds its records.
 * @throws UserErrors where what to match by isn't there; FORBIDDEN where the role may not restore
 */
export async function askMatcher(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  { matchBy, customFieldKey, onDeleted }: Pick<UpsertOptions, 'matchBy' | 'customFieldKey' | 'onDeleted'>,
): Promise<Matcher> {
  if (onDeleted === 'RESTORE' && !mayRestore(scope)) {
    const message = `Restoring needs the role ${RESTORING_ROLE}; yours is ${scope.principal.role}.`
    throw new AppError('FORBIDDEN', message, { extensions: { field: 'input.onDeleted' } })
  }
  const ask = kind.matchers[matchBy]
  if (!ask) throw new Error(`no way to match by ${matchBy}`)
  return ask(scope, change, kind, customFieldKey)
}

function mayRestore({ principal }: Scope): boolean {
  return roleIncludes(principal.role, RESTORING_ROLE)
}

/** The locked records, live or deleted, that have some values to match by. */
export interface FoundRecords {
  readonly matcher: Matcher
  readonly rows: ReadonlyMap<string, StoredRecord>
  /** the records that have a value */
  readonly idsOf: ReadonlyMap<string, readonly string[]>
}

/** Locks the records that have some values to match by; upserts by the same values wait until the change ends. */
export async function findRecords(
  scope: Scope,
  change: Change,
  { type }: RecordKind,
  matcher: Matcher,
  given: readonly string[],
): Promise<FoundRecords> {
  const keys = [...new Set(given)]
  if (keys.length === 0) return { matcher, rows: new Map(), idsOf: new Map() }
  const [, { rows, matches }] = await Promise.all([
    lockValues(change, [scope.tenantId, type, ...matcher.place].join(' '), keys),
    matcher.find(change, keys),
  ])
  const byKey = groupByKey(matches, ({ key }) => key)
  return {
    matcher,
    rows: new Map(rows.map((row) => [row.id, row])),
    idsOf: new Map([...byKey].map(([key, own]) => [key, own.map(({ id }) => id)])),
  }
}

/** The same as `upsertRecords` with the records that the inputs are matched with, as they are now. */
export function upsertFound(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  found: FoundRecords,
  inputs: readonly Values[],
  path: RowPath,
  options: UpsertOptions,
): Promise<RowOutcome[]> {
  const makeDraft = createDrafting(scope, kind, found, options)
  const made = inputs.map((input, index) => makeDraft(input, path(index), index))
  const drafts = made.map(({ draft }) => draft)
  const own = made.flatMap(({ draft, isOwn }) => (isOwn ? [draft] : []))
  return saveDrafts(scope, change, kind, drafts, own, options)
}

interface Drafted {
  readonly draft: Draft
  /** false where it is refused already */
  readonly isOwn: boolean
}

/** Makes a draft of one row after the other: of the record that it is matched with, or of a new one. */
function createDrafting(
  scope: Scope,
  kind: RecordKind,
  { matcher, rows, idsOf }: FoundRecords,
  { onDeleted, matchBy }: UpsertOptions,
): (input: Values, path: readonly string[], index: number) => Drafted {
  const { noun } = kind
  // Which row was of a record first, by value and by id: a value may look like an id.
  const seenKeys = new Map<string, number>()
  const seenIds = new Map<string, number>()
  return (input, path, index) => {
    const refused = (message: string, code?: UserErrorCode, more?: Partial<UserError>): Drafted => {
      const draft = emptyDraft('', input, path, true)
      draft.check.at(...matcher.place).refuse('', message, code, more)
      return { draft, isOwn: false }
    }
    const create = (): Drafted => {
      const id = newId(scope.now)
      return { draft: draftOf(scope, kind, id, withoutId(input), path, true), isOwn: true }
    }
    const keys = matcher.keysOf(input)
    if (keys.length === 0) {
      const { draft } = create()
      const [field = ''] = matcher.place
      // A value that is refused itself is told by that.
      const isTold = draft.check.errors.some((error) => error.field.at(-1) === field)
      if (!isTold) draft.check.refuse(field, `An acceptable value to match by is needed: the ${matcher.noun}.`)
      return { draft, isOwn: true }
    }
    if (matchBy !== 'ID' && typeof input['id'] === 'string') {
      const { draft } = create()
      draft.check.refuse('id', 'An id is for matching by ID alone.')
      return { draft, isOwn: true }
    }
    const all = [...new Set(keys.flatMap((key) => idsOf.get(key) ?? []))].flatMap((id) => rows.get(id) ?? [])
    const live = all.filter(({ deletedAt }) => deletedAt === null)
    const deleted = all.filter(({ deletedAt }) => deletedAt !== null)
    const [target, another] = live.length > 0 ? live : onDeleted === 'RESTORE' ? deleted : []
    if (target && another) {
      const candidateIds = (live.length > 0 ? live : deleted).map(({ id }) => id).sort()
      const state = live.length > 0 ? '' : 'deleted '
      return refused(`${candidateIds.length} ${state}${plural(noun)} have this ${matcher.noun}.`, 'AMBIGUOUS', {
        candidateIds,
      })
    }
    const ids = target ? [target.id] : []
    const places = [...keys.flatMap((key) => seenKeys.get(key) ?? []), ...ids.flatMap((id) => seenIds.get(id) ?? [])]
    if (places.length > 0) return refused(`Row ${Math.min(...places)} is of the same ${noun}.`)
    for (const key of keys) seenKeys.set(key, index)
    for (const id of ids) seenIds.set(id, index)
    if (target) return { draft: changeOf(scope, kind, target, input, path), isOwn: true }
    const [gone] = deleted
    if (gone && onDeleted === 'ERROR') {
      const who = mayRestore(scope) ? { conflictingId: gone.id } : {}
      return refused(`A deleted ${noun} has this ${matcher.noun}.`, 'ALREADY_EXISTS', who)
    }
    if (matchBy === 'ID' && !gone) return refused(`There is no such ${noun}.`, 'NOT_FOUND')
    return create()
  }
}

/** The draft of a record that is there; a deleted one comes back with all unique values that it had. */
function changeOf(scope: Scope, kind: RecordKind, stored: StoredRecord, input: Values, path: readonly string[]): Draft {
  const draft = draftOf(scope, kind, stored.id, input, path, false)
  draft.stored = stored
  if (stored.deletedAt === null) return draft
  const unique = uniqueColumns(kind).map(({ name }): [string, unknown] => [name, stored[name]])
  draft.values = { ...Object.fromEntries(unique), ...draft.values, deletedAt: null }
  return { ...draft, isRestored: true }
}

function withoutId({ id: _, ...input }: Values): Values {
  return input
}

function plural(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
}
