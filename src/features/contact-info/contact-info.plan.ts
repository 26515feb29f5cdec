import type { Scope } from '../../access/scope.js'
import type { Given, InputCheck } from '../../lib/input.js'
import { newId } from '../../lib/new-id.js'
import type { TenantSettings } from '../../lib/principal.js'
import { changedValues } from '../../records/changed-values.js'
import type { UniqueHolders } from '../../records/unique-holders.js'
import {
  CONTACT_INFO_KINDS,
  MAX_ROWS_PER_KIND,
  type ContactInfoKind,
  type ContactInfoRow,
} from './contact-info.columns.js'
import {
  checkContactInfo,
  checkContactInfoRow,
  type ContactInfoColumns,
  type ContactInfoInputs,
} from './contact-info.input.js'
import { choosePrimary } from './primary.js'

/** Changes to the rows of one kind; new ones are placed behind the others. */
export interface ContactInfoChanges<Kind extends ContactInfoKind> {
  readonly add?: Given<readonly ContactInfoInputs[Kind][]>
  readonly update?: Given<readonly (ContactInfoInputs[Kind] & { readonly id: string })[]>
  readonly remove?: Given<readonly string[]>
}

/** A stored row of any kind, with all its columns. */
export type StoredInfo = ContactInfoRow & ContactInfoColumns

/** A row as it is to be, all columns included. */
export type PlannedRow = ContactInfoColumns & { readonly id: string; readonly isPrimary: boolean }

/**
 * A row between two writes of one change. The primary row gives that up, and of two e-mail addresses that change places,
 * on one record or on two, each gives up its unique key:
 *
 * | row | stored      | yielded       | updated     |
 * | --- | ----------- | ------------- | ----------- |
 * | 1   | ann, primary | no key        | bob         |
 * | 2   | bob         | no key        | ann, primary |
 */
type YieldedRow = {
  readonly id: string
  readonly isPrimary: boolean
  readonly uniqueKey: null
}

/** A stored e-mail address that gets another unique key: it yields the old one where another row of the change takes it. */
interface Rekeyed {
  readonly storedKey: string
  readonly row: YieldedRow
}

/** What is to happen to the rows of one kind of one record, checked and ready to be written. */
export interface KindPlan {
  readonly kind: ContactInfoKind
  readonly removed: readonly string[]
  readonly inserted: readonly PlannedRow[]
  readonly updated: readonly PlannedRow[]
  /** the rows that are no longer the primary one: they give that up first, because unique indexes look at each row by itself */
  readonly yielded: readonly YieldedRow[]
  readonly rekeyed: readonly Rekeyed[]
  /** the unique keys of e-mail addresses that the record no longer has, and those that it takes */
  readonly keys: { readonly givenUp: readonly string[]; readonly taken: readonly string[] }
  /** the rows that the record has before */
  readonly stored: readonly StoredInfo[]
  /** how many rows the record will have, new ones included */
  readonly count: number
  /** whether anything is written or removed */
  readonly isChanged: boolean
  readonly isSearchedChanged: boolean
}

/** Where in the input problems belong: to the kind as a whole, or to one row of a change. */
export interface ChangePlaces {
  readonly list: InputCheck
  readonly row: (verb: 'add' | 'update' | 'remove', index: number) => InputCheck
}

/** The record whose rows are changed, with those that it has. */
export interface KindState {
  readonly owner: { readonly entityType: string; readonly entityId: string }
  /** in their order */
  readonly stored: readonly StoredInfo[]
  /** who holds the unique e-mail keys that the change would take */
  readonly holders: UniqueHolders
}

interface Candidate {
  /** where the input speaks of the row; null where it doesn't */
  readonly at: InputCheck | null
  readonly row: ContactInfoColumns & { readonly id: string; readonly isPrimary: boolean }
  readonly isNew: boolean
  /** what the input says of being the primary row */
  readonly asked: Given<boolean>
  /** the columns that differ from the stored row; all that the input gives of a new one */
  readonly changed: ContactInfoColumns
  /** the unique key that the stored row has */
  readonly storedKey: unknown
}

/** Checks changes to the rows of one kind against those that are there, and plans the writes. */
export function planKind<Kind extends ContactInfoKind>(
  scope: Scope,
  kind: Kind,
  { owner, stored, holders }: KindState,
  { list, row: placeOf }: ChangePlaces,
  changes: ContactInfoChanges<Kind>,
): KindPlan {
  const { tenant } = scope.principal
  const byId = new Map(stored.map((row) => [row.id, row]))
  const removed = new Set<string>()
  const updates = new Map<string, { at: InputCheck; given: ContactInfoColumns; asked: Given<boolean> }>()

  for (const [index, id] of (changes.remove ?? []).entries()) {
    if (!byId.has(id)) missing(placeOf('remove', index), kind, '')
    removed.add(id)
  }
  for (const [index, { id, isPrimary, ...input }] of (changes.update ?? []).entries()) {
    const at = placeOf('update', index)
    const row = byId.get(id)
    if (!row) missing(at, kind, 'id')
    else if (removed.has(id)) at.refuse('id', 'The same row is removed in this change.')
    else if (updates.has(id)) at.refuse('id', 'The same row stands twice in this change.')
    const values = input as ContactInfoInputs[Kind]
    const given = row ? checkRow(kind, at, values, tenant, row) : checkContactInfo(kind, at, values, tenant)
    updates.set(id, { at, given, asked: isPrimary })
  }
  const added = (changes.add ?? []).map(({ isPrimary, ...input }, index): Candidate => {
    const at = placeOf('add', index)
    const given = checkRow(kind, at, input as ContactInfoInputs[Kind], tenant)
    const position = (stored.at(-1)?.position ?? 0) + index + 1
    const id = newId(scope.now)
    const asked = isPrimary === true ? true : undefined
    return {
      at,
      row: { ...owner, ...given, id, isPrimary: false, position },
      isNew: true,
      asked,
      changed: given,
      storedKey: null,
    }
  })
  const kept = stored
    .filter((row) => !removed.has(row.id))
    .map((row): Candidate => {
      const { at = null, given = {}, asked } = updates.get(row.id) ?? {}
      const changed = changedValues(CONTACT_INFO_KINDS[kind].columns, row, given)
      return { at, row: { ...row, ...changed }, isNew: false, asked, changed, storedKey: row['uniqueKey'] }
    })
  const candidates = [...kept, ...added]
  const { list: listName, noun } = CONTACT_INFO_KINDS[kind]
  if (candidates.length > MAX_ROWS_PER_KIND) {
    list.refuse('', `A record has ${MAX_ROWS_PER_KIND} ${listName} at most; this would make ${candidates.length}.`)
  }
  for (const { at } of candidates.filter(({ asked }) => asked === true).slice(1)) {
    at?.refuse('isPrimary', `Only one ${noun} can be the primary one.`)
  }
  // Extensions of one number are numbers of their own.
  if (kind === 'phoneNumber') refuseTwice(candidates, 'number', noun, ['numberE164', 'extension'])
  if (kind === 'emailAddress' && tenant.uniqueEmails) {
    refuseTwice(candidates, 'email', noun, ['uniqueKey'])
    refuseTaken(owner.entityId, candidates, holders)
  }
  const removedKeys = stored.flatMap(({ id, uniqueKey }) => (removed.has(id) ? keysOf(uniqueKey) : []))
  return toPlan(kind, stored, [...removed], removedKeys, candidates)
}

/** A unique key as a list: none where a row has none. */
export function keysOf(uniqueKey: unknown): string[] {
  return typeof uniqueKey === 'string' ? [uniqueKey] : []
}

function toPlan(
  kind: ContactInfoKind,
  stored: readonly StoredInfo[],
  removed: readonly string[],
  removedKeys: readonly string[],
  candidates: readonly Candidate[],
): KindPlan {
  const primary = candidates[choosePrimary(candidates.map(({ row, asked }) => ({ isPrimary: row.isPrimary, asked })))]
  const planned = candidates.map((candidate) => ({
    ...candidate,
    wasPrimary: candidate.row.isPrimary,
    row: { ...candidate.row, isPrimary: candidate === primary },
  }))
  const searched = Object.entries(CONTACT_INFO_KINDS[kind].columns).flatMap(([name, column]) =>
    'isSearched' in column ? [name] : [],
  )
  const inserted = planned.flatMap(({ isNew, row }) => (isNew ? [row] : []))
  const updated = planned.flatMap(({ isNew, changed, wasPrimary, row }) =>
    !isNew && (Object.keys(changed).length > 0 || wasPrimary !== row.isPrimary) ? [row] : [],
  )
  const rekeyed = planned.flatMap((one) =>
    'uniqueKey' in one.changed ? keysOf(one.storedKey).map((storedKey) => ({ storedKey, row: yieldedRow(one) })) : [],
  )
  return {
    kind,
    stored,
    removed,
    inserted,
    updated,
    yielded: planned.flatMap((one) => (one.wasPrimary && !one.row.isPrimary ? [yieldedRow(one)] : [])),
    rekeyed,
    keys: {
      givenUp: [...removedKeys, ...rekeyed.map(({ storedKey }) => storedKey)],
      taken: candidates.flatMap(({ changed }) => keysOf(changed['uniqueKey'])),
    },
    count: planned.length,
    isChanged: removed.length + inserted.length + updated.length > 0,
    // Search rows hold words in the order of these rows, which never changes: another primary row changes no word.
    isSearchedChanged:
      searched.length > 0 &&
      (removed.length > 0 || candidates.some(({ changed }) => searched.some((name) => name in changed))),
  }
}

function yieldedRow({ row, wasPrimary }: Candidate & { readonly wasPrimary: boolean }): YieldedRow {
  return { id: row.id, isPrimary: wasPrimary && row.isPrimary, uniqueKey: null }
}

function checkRow<Kind extends ContactInfoKind>(
  kind: Kind,
  at: InputCheck,
  input: ContactInfoInputs[Kind],
  tenant: TenantSettings,
  stored?: StoredInfo,
): ContactInfoColumns {
  const before = at.errors.length
  const columns = checkContactInfo(kind, at, input, tenant, stored)
  // A refused city must not be reported as missing too.
  if (at.errors.length === before) checkContactInfoRow(kind, at, { ...stored, ...columns })
  return columns
}

function missing(check: InputCheck, kind: ContactInfoKind, field: string): void {
  check.refuse(field, `The record has no such ${CONTACT_INFO_KINDS[kind].noun}.`, 'NOT_FOUND')
}

/**
 * Refuses each row of the input that has the values of an earlier one in some columns, or of one that the input leaves
 * as it is. Rows without the first of them are alike with none.
 */
function refuseTwice(
  candidates: readonly Candidate[],
  field: string,
  noun: string,
  names: readonly [string, ...string[]],
): void {
  const keyOf = (row: ContactInfoColumns): string | null =>
    (row[names[0]] ?? null) === null ? null : JSON.stringify(names.map((name) => row[name] ?? ''))
  const isGiven = ({ changed }: Candidate): boolean => names.some((name) => name in changed)
  const seen = new Set(candidates.filter((candidate) => !isGiven(candidate)).map(({ row }) => keyOf(row)))
  for (const { at, row } of candidates.filter(isGiven)) {
    const key = keyOf(row)
    if (key !== null && seen.has(key)) at?.refuse(field, `The same ${noun} stands twice on this record.`)
    seen.add(key)
  }
}

/** Refuses the e-mail addresses of the input that another record has. */
function refuseTaken(entityId: string, candidates: readonly Candidate[], holders: UniqueHolders): void {
  for (const { at, changed } of candidates) {
    const [key] = keysOf(changed['uniqueKey'])
    const holder = key === undefined ? null : holders.otherThan(key, entityId)
    if (!holder) continue
    const who = holder.isVisible ? { conflictingId: holder.id } : {}
    at?.refuse('email', `Another record has the e-mail address ${key}.`, 'ALREADY_EXISTS', who)
  }
}
