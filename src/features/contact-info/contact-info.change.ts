import { v7 as uuidv7 } from 'uuid'
import type { Transaction } from '../../database/transaction.js'
import type { Given, InputCheck } from '../../lib/input.js'
import type { TenantSettings } from '../../lib/principal.js'
import type { Scope } from '../../access/scope.js'
import {
  checkContactInfo,
  checkContactInfoRow,
  type ContactInfoColumns,
  type ContactInfoInputs,
} from './contact-info.input.js'
import * as repository from './contact-info.repository.js'
import {
  CONTACT_INFO_KINDS,
  MAX_ROWS_PER_KIND,
  type ContactInfoKind,
  type ContactInfoRow,
  type Entity,
} from './contact-info.row.js'
import { choosePrimary } from './primary.js'

/** Changes to the rows of one kind; new ones are placed behind the others. */
export interface ContactInfoChanges<Kind extends ContactInfoKind> {
  readonly add?: Given<readonly ContactInfoInputs[Kind][]>
  readonly update?: Given<readonly (ContactInfoInputs[Kind] & { readonly id: string })[]>
  readonly remove?: Given<readonly string[]>
}

interface PlannedRow {
  readonly id: string
  readonly isNew: boolean
  readonly isPrimary: boolean
  readonly wish: boolean | null | undefined
  readonly position: number
  readonly columns: ContactInfoColumns
  readonly changed: boolean
}

/** What is to happen to the rows of one kind of an entity, checked and ready to be written. */
export interface ContactInfoPlan {
  readonly kind: ContactInfoKind
  readonly removed: readonly string[]
  readonly rows: readonly PlannedRow[]
  readonly stored: readonly ContactInfoRow[]
}

// What search tables have of contact info. Their words stand in the order of the rows, which no change alters.
const SEARCHED_COLUMNS: Partial<Record<ContactInfoKind, string>> = { emailAddress: 'email', phoneNumber: 'numberE164' }

/** Whether a plan may change what its owner is found by: another primary row alone doesn't. */
export function changesSearchText({ kind, removed, rows }: ContactInfoPlan): boolean {
  const column = SEARCHED_COLUMNS[kind]
  return column !== undefined && (removed.length > 0 || rows.some((row) => column in row.columns))
}

/** Where in the input problems belong: to the kind as a whole, or to one row of a change. */
export interface ChangePlaces {
  readonly list: InputCheck
  readonly row: (verb: 'add' | 'update' | 'remove', index: number) => InputCheck
}

/**
 * Checks changes against the rows that are there and plans the writes: nothing is written yet, so that the problems of
 * all kinds come back together. Rows of a new entity are not looked for.
 */
export async function planContactInfo<Kind extends ContactInfoKind>(
  scope: Scope,
  tx: Transaction,
  kind: Kind,
  entity: Entity,
  isNewEntity: boolean,
  { list, row: placeOf }: ChangePlaces,
  changes: ContactInfoChanges<Kind>,
): Promise<ContactInfoPlan> {
  const { tenant } = scope.principal
  const stored = isNewEntity ? [] : await repository.findRows(scope, tx, kind, entity)
  const byId = new Map(stored.map((row) => [row.id, row]))
  const removed = new Set<string>()
  const updates = new Map<string, { columns: ContactInfoColumns; wish: Given<boolean> }>()

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
    const given = input as ContactInfoInputs[Kind]
    const columns = row ? checkRow(kind, at, given, tenant, row) : checkContactInfo(kind, at, given, tenant)
    updates.set(id, { columns, wish: isPrimary })
  }
  const added = (changes.add ?? []).map(({ isPrimary, ...input }, index): PlannedRow => {
    const at = placeOf('add', index)
    const columns = checkRow(kind, at, input as ContactInfoInputs[Kind], tenant)
    const wish = isPrimary === true ? true : undefined
    const position = (stored.at(-1)?.position ?? 0) + index + 1
    const id = uuidv7({ msecs: scope.now.getTime() })
    return { id, isNew: true, isPrimary: false, wish, position, columns, changed: true }
  })
  const kept = stored
    .filter((row) => !removed.has(row.id))
    .map((row): PlannedRow => {
      const update = updates.get(row.id)
      return {
        id: row.id,
        isNew: false,
        isPrimary: row.isPrimary,
        wish: update?.wish,
        position: row.position,
        columns: update?.columns ?? {},
        changed: update !== undefined,
      }
    })
  const rows = [...kept, ...added]
  const { list: listName, noun } = CONTACT_INFO_KINDS[kind]
  if (rows.length > MAX_ROWS_PER_KIND) {
    list.refuse('', `A record has ${MAX_ROWS_PER_KIND} ${listName} at most; this would make ${rows.length}.`)
  }
  if (rows.filter((row) => row.wish === true).length > 1) {
    list.refuse('', `Only one ${noun} can be the primary one.`)
  }
  if (kind === 'emailAddress') await checkUniqueEmails(scope, tx, entity, list, rows, stored)
  return { kind, removed: [...removed], rows, stored }
}

function checkRow<Kind extends ContactInfoKind>(
  kind: Kind,
  at: InputCheck,
  input: ContactInfoInputs[Kind],
  tenant: TenantSettings,
  stored?: ContactInfoRow & ContactInfoColumns,
): ContactInfoColumns {
  const before = at.errors.length
  const columns = checkContactInfo(kind, at, input, tenant, stored)
  // A part that was refused is no missing part.
  if (at.errors.length === before) checkContactInfoRow(kind, at, { ...stored, ...columns })
  return columns
}

function missing(check: InputCheck, kind: ContactInfoKind, field: string): void {
  check.refuse(field, `The record has no such ${CONTACT_INFO_KINDS[kind].noun}.`, 'NOT_FOUND')
}

async function checkUniqueEmails(
  scope: Scope,
  tx: Transaction,
  entity: Entity,
  check: InputCheck,
  rows: readonly PlannedRow[],
  stored: readonly (ContactInfoRow & ContactInfoColumns)[],
): Promise<void> {
  if (!scope.principal.tenant.uniqueEmails) return
  const keyOf = (row: PlannedRow): unknown =>
    row.columns['uniqueKey'] ?? stored.find((candidate) => candidate.id === row.id)?.['uniqueKey']
  const keys = rows.map(keyOf).filter((key) => typeof key === 'string')
  if (new Set(keys).size < keys.length) check.refuse('', 'The same e-mail address stands twice on this record.')
  const written = rows.map((row) => row.columns['uniqueKey']).filter((key) => typeof key === 'string')
  if (written.length === 0) return
  for (const holder of await repository.findEmailHolders(scope, tx, written, entity.id)) {
    check.refuse('', `Another record has the e-mail address ${holder.uniqueKey ?? ''}.`, 'ALREADY_EXISTS', {
      conflictingId: holder.entityId,
    })
  }
}

/**
 * Writes a plan. The old primary row gives up its place before another takes it, because an index allows one only.
 * The owner's row must be locked by the transaction. Returns the number of rows that are left.
 */
export async function writeContactInfo(
  scope: Scope,
  tx: Transaction,
  entity: Entity,
  plan: ContactInfoPlan,
): Promise<number> {
  const { kind, rows, removed } = plan
  const primary = rows[choosePrimary(rows)]
  if (removed.length > 0) await repository.deleteRows(scope, tx, kind, removed)
  for (const row of rows) {
    if (!row.isNew && row.isPrimary && row !== primary) {
      await repository.updateRow(scope, tx, kind, row.id, { ...row.columns, isPrimary: false })
    }
  }
  for (const row of rows) {
    const becomesPrimary = row === primary && !row.isPrimary
    const wasWritten = row.isPrimary && row !== primary
    if (row.isNew || wasWritten || (!row.changed && !becomesPrimary)) continue
    await repository.updateRow(scope, tx, kind, row.id, {
      ...row.columns,
      ...(becomesPrimary ? { isPrimary: true } : {}),
    })
  }
  const added = rows.filter((row) => row.isNew)
  if (added.length > 0) {
    await repository.insertRows(
      scope,
      tx,
      kind,
      entity,
      added.map((row) => ({ ...row.columns, id: row.id, isPrimary: row === primary, position: row.position })),
    )
  }
  return rows.length
}
