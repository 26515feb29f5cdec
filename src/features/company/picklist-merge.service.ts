import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Database } from '../../database/database.js'
import { createInputCheck, type Given } from '../../lib/input.js'
import { formatCount } from '../../lib/value/checked.js'
import { refuse, refusedResult, runMutation, type MutationResult } from '../../records/mutation.js'
import { moveLinks } from '../../records/record-statements.js'
import { deleteRows, returningRows, updateRows } from '../../records/row-statements.js'
import type { IndustryRow } from './picklist.columns.js'
import { countCompaniesOfEntry, lockEntries, PICKLISTS, type Picklist } from './picklist.repository.js'

const UNIQUE = {}

/**
 * Puts an entry at a place of the tenant's order, from 1; behind all others where there are fewer. All entries are
 * numbered by their places then, and only those whose number changes are written. The whole list is locked, so that two
 * moves take turns.
 */
export function movePicklistEntry<Row extends IndustryRow>(
  scope: Scope,
  database: Database,
  list: Picklist,
  { id, place }: { readonly id: string; readonly place: number },
): Promise<MutationResult<Row>> {
  return runMutation<MutationResult<Row>>(database, scope.tenantId, UNIQUE, refusedResult, async (change) => {
    const check = createInputCheck()
    if (place < 1) check.refuse('place', 'Places are counted from 1.')
    const entries = await change.ask<Row>(lockEntries(scope, list, null))
    const moved = entries.find((entry) => entry.id === id)
    if (!moved) refuseMissing(list, 'id')
    refuse(check.errors)
    const others = entries.filter((entry) => entry.id !== id).sort(byOrder)
    const ordered = [...others.slice(0, place - 1), moved as Row, ...others.slice(place - 1)]
    const rows = ordered.map((entry, index) => ({ ...entry, position: index + 1 }))
    const written = rows.filter((row, index) => row.position !== ordered[index]?.position)
    const update = () => returningRows(updateRows(scope, PICKLISTS[list], ['position'], written), PICKLISTS[list])
    const [stored = []] = (await change.commit(written.length === 0 ? [] : [update()])) as Row[][]
    return { id, record: stored.find((row) => row.id === id) ?? (moved as Row), userErrors: [] }
  })
}

/** Gives the companies of an entry to `intoId`, and removes it; the record is the entry that stays. */
export function mergePicklistEntry<Row extends IndustryRow>(
  scope: Scope,
  database: Database,
  list: Picklist,
  { id, intoId }: { readonly id: string; readonly intoId: string },
): Promise<MutationResult<Row>> {
  return runMutation<MutationResult<Row>>(database, scope.tenantId, UNIQUE, refusedResult, async (change) => {
    const record = await replace<Row>(scope, change, list, id, intoId, 'intoId')
    return { id: intoId, record, userErrors: [] }
  })
}

/**
 * Removes an entry; companies that have it, deleted ones too, go over to `replacementId`, without which they refuse.
 */
export function deletePicklistEntry<Row extends IndustryRow>(
  scope: Scope,
  database: Database,
  list: Picklist,
  { id, replacementId }: { readonly id: string; readonly replacementId?: Given<string> },
): Promise<MutationResult<Row>> {
  return runMutation<MutationResult<Row>>(database, scope.tenantId, UNIQUE, refusedResult, async (change) => {
    await replace<Row>(scope, change, list, id, replacementId ?? null, 'replacementId')
    return { id, record: null, userErrors: [] }
  })
}

/**
 * Removes an entry under its lock and the one of its replacement. A company that is given the entry meanwhile waits for
 * the lock, and finds the entry gone.
 */
async function replace<Row extends IndustryRow>(
  scope: Scope,
  change: Change,
  list: Picklist,
  id: string,
  replacementId: string | null,
  field: 'intoId' | 'replacementId',
): Promise<Row | null> {
  const check = createInputCheck()
  const { noun, concept, table } = PICKLISTS[list]
  const ids = replacementId === null ? [id] : [id, replacementId]
  const [entries, [{ total } = { total: 0 }]] = await Promise.all([
    change.ask<Row>(lockEntries(scope, list, ids)),
    replacementId === null ? change.ask<{ total: number }>(countCompaniesOfEntry(scope, list, id)) : [],
  ])
  const replacement = entries.find((entry) => entry.id === replacementId) ?? null
  if (!entries.some((entry) => entry.id === id)) check.refuse('id', missing(list), 'NOT_FOUND')
  if (replacementId !== null && !replacement) check.refuse(field, missing(list), 'NOT_FOUND')
  else if (replacementId === id) check.refuse(field, `This is the ${noun} that goes: name another.`)
  refuse(check.errors)
  if (total > 0) {
    const who = total === 1 ? '1 company has' : `${formatCount(total)} companies have`
    check.refuse(field, `${who} this ${noun}, deleted ones included: name another that takes over.`)
  }
  refuse(check.errors)
  const links = replacementId === null ? [] : moveLinks(scope, concept, [id], replacementId)
  await change.commit([...links, deleteRows(scope, table, [id])])
  return replacement
}

function missing(list: Picklist): string {
  return `There is no such ${PICKLISTS[list].noun}.`
}

function refuseMissing(list: Picklist, field: string): void {
  refuse([{ code: 'NOT_FOUND', message: missing(list), field: [field] }])
}

/** The tenant's order: by position, ties by id. */
function byOrder(a: IndustryRow, b: IndustryRow): number {
  return a.position - b.position || (a.id < b.id ? -1 : 1)
}
