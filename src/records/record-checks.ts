import type { Scope } from '../access/scope.js'
import type { Columns } from '../concepts/columns.js'
import type { Change } from '../database/change.js'
import type { InputCheck } from '../lib/input.js'
import type { TenantSettings } from '../lib/principal.js'
import type { Checked } from '../lib/value/checked.js'
import { words } from '../lib/words.js'
import type { Draft, RecordKind, Values } from './record-kind.js'
import { findHolders, findReferenced, type Holder } from './record-statements.js'
import { createUniqueHolders, type UniqueHolders } from './unique-holders.js'

/**
 * The input with each column under its own name, where the client called it by an alias: `{ ownerId: x }` as `{
 * assignedToId: x }`. Both names with two values are refused at the alias.
 */
export function readAliases({ aliases = {} }: RecordKind, check: InputCheck, input: Values): Values {
  const none = Object.keys(aliases).every((alias) => input[alias] === undefined)
  if (none) return input
  const renamed = Object.entries(aliases).flatMap(([alias, name]): [string, unknown][] => {
    const [given, own] = [input[alias], input[name]]
    if (given === undefined) return []
    if (own !== undefined && lowered(own) !== lowered(given)) {
      check.refuse(alias, `\`${alias}\` and \`${name}\` are one field and can't have two values.`)
    }
    return [[name, given]]
  })
  return { ...input, ...Object.fromEntries(renamed) }
}

function lowered(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value
}

/** What the client called a column: its alias, where that was given. */
function nameInInput({ aliases = {} }: RecordKind, { input }: Draft, name: string): string {
  const [given] = Object.entries(aliases).find(([alias, of]) => of === name && input[alias] !== undefined) ?? []
  return given ?? name
}

/** The columns that an input gives, each checked as its column says; problems go to `check`. */
export function checkColumns(columns: Columns, check: InputCheck, input: Values, tenant: TenantSettings): Values {
  const values: Record<string, unknown> = {}
  for (const { name, check: checkValue, isNullable } of checkedColumns(columns)) {
    const given = input[name]
    if (given === undefined) continue
    const read = (value: unknown): Checked<unknown> => checkValue(value, tenant)
    const value = isNullable ? check.take(name, given, read) : check.need(name, given, read)
    if (value !== undefined) values[name] = value
  }
  return values
}

interface CheckedColumn {
  readonly name: string
  readonly check: NonNullable<Columns[string]['check']>
  readonly isNullable: boolean
}

// Both of these are asked for each row; the columns of a kind never change.
const checkedByColumns = new WeakMap<Columns, readonly CheckedColumn[]>()
const uniqueByColumns = new WeakMap<Columns, readonly UniqueColumn[]>()

function checkedColumns(columns: Columns): readonly CheckedColumn[] {
  const known = checkedByColumns.get(columns)
  if (known) return known
  const found = Object.entries(columns).flatMap(([name, { check, isNullable }]) =>
    check ? [{ name, check, isNullable }] : [],
  )
  checkedByColumns.set(columns, found)
  return found
}

/**
 * Whether a locked record may be changed: it is there, it lives unless `isRestore`, and it has the version that was
 * read, where the input says one. Otherwise that alone is said, since all other problems would speak of a record that
 * the client doesn't know.
 */
export function checkChangeable({ noun }: RecordKind, { check, stored, input }: Draft, isRestore = false): boolean {
  const refuseAlone: InputCheck['refuse'] = (...problem) => {
    check.errors.length = 0
    check.refuse(...problem)
  }
  if (!stored || (stored.deletedAt && !isRestore)) {
    refuseAlone('id', `There is no such ${noun}.`, 'NOT_FOUND')
    return false
  }
  const version = input['version'] ?? stored.version
  if (version === stored.version) return true
  const currentVersion = stored.version
  refuseAlone('version', `The ${noun} changed since it was read.`, 'CONFLICT', { currentVersion })
  return false
}

/**
 * Reads the rows that the drafts' links name. Gives a check that refuses a link to a row that isn't there. One that the record has
 * stays: its company may be deleted since, and a form that saves all fields says it again.
 */
export async function askReferences(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  drafts: readonly Draft[],
): Promise<(draft: Draft) => void> {
  const links = Object.entries(kind.columns).flatMap(([name, { references }]) =>
    references ? [{ name, references }] : [],
  )
  const asked = await Promise.all(
    links.map(async ({ name, references }) => {
      const ids = given(drafts, name)
      if (ids.length === 0) return { name, references, found: new Set<string>() }
      const rows = await change.ask<{ id: string }>(findReferenced(scope, references, ids))
      return { name, references, found: new Set(rows.map(({ id }) => id)) }
    }),
  )
  return (draft) => {
    for (const { name, references, found } of asked) {
      const id = draft.values[name]
      if (typeof id !== 'string' || found.has(id) || id === draft.stored?.[name]) continue
      draft.check.refuse(nameInInput(kind, draft, name), `There is no such ${words(references)}.`, 'NOT_FOUND')
    }
  }
}

/** Who has the values of a kind's unique columns, by the names of these. */
export type HoldersByColumn = ReadonlyMap<string, UniqueHolders>

/** Reads who has the drafts' unique values. */
export async function askUnique(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  drafts: readonly Draft[],
): Promise<HoldersByColumn> {
  const asked = uniqueColumns(kind).map(async ({ name, column }) => {
    const values = given(drafts, name)
    const held = values.length === 0 ? [] : await change.ask<Holder>(findHolders(scope, kind, column, values))
    return [name, createUniqueHolders(held)] as const
  })
  return new Map(await Promise.all(asked))
}

/** The columns of a kind that two live records can't have alike. */
export function uniqueColumns({ columns }: RecordKind): readonly UniqueColumn[] {
  const known = uniqueByColumns.get(columns)
  if (known) return known
  const found = Object.entries(columns).flatMap(([name, { column, unique }]) =>
    unique ? [{ name, column, unique }] : [],
  )
  uniqueByColumns.set(columns, found)
  return found
}

interface UniqueColumn {
  readonly name: string
  readonly column: string
  readonly unique: string
}

/**
 * Refuses the unique values of a draft that another record has by now: at their own places, or at `place` where one is
 * said. That record is named where the principal may see it.
 */
export function refuseHeld(
  kind: RecordKind,
  draft: Draft,
  values: Values,
  holders: HoldersByColumn,
  place?: string,
): void {
  for (const { name } of uniqueColumns(kind)) {
    const value = values[name]
    const holder = typeof value === 'string' ? holders.get(name)?.otherThan(value, draft.id) : null
    if (!holder) continue
    const who = holder.isVisible ? { conflictingId: holder.id } : {}
    draft.check.refuse(place ?? name, takenMessage(kind, name), 'ALREADY_EXISTS', who)
  }
}

/** Notes that a draft takes place: its unique values are `values`, where it has some, and no longer those that it had. */
export function settleUnique(kind: RecordKind, { id, stored }: Draft, values: Values, holders: HoldersByColumn): void {
  for (const { name } of uniqueColumns(kind)) {
    if (values[name] !== undefined) holders.get(name)?.settle(id, texts([stored?.[name]]), texts([values[name]]))
  }
}

/** `Another contact has this external id.` */
export function takenMessage({ noun }: RecordKind, name: string): string {
  return `Another ${noun} has this ${words(name)}.`
}

function given(drafts: readonly Draft[], name: string): string[] {
  return [...new Set(texts(drafts.map(({ values }) => values[name])))]
}

function texts(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string')
}
