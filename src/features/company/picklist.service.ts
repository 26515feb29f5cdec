import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Database } from '../../database/database.js'
import type { Statement } from '../../database/statement.js'
import { createInputCheck, type Given, type InputCheck } from '../../lib/input.js'
import { newId } from '../../lib/new-id.js'
import { checkInteger } from '../../lib/value/integer.js'
import { checkText } from '../../lib/value/text.js'
import { listConnection, type Connection, type RowsById } from '../../list/connection.js'
import type { ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { findRowsByIds } from '../../list/rows-by-ids.js'
import { refuse, refusedResult, runMutation, type MutationResult } from '../../records/mutation.js'
import { insertRows, returningRows, updateRows } from '../../records/row-statements.js'
import { COMPANY_SIZE, INDUSTRY, type CompanySizeRow, type IndustryRow } from './picklist.columns.js'
import { findEntryByName, findLastPosition, PICKLISTS, type Picklist } from './picklist.repository.js'

export interface CreatePicklistInput {
  readonly name: string
  readonly position?: Given<number>
  readonly minEmployees?: Given<number>
  readonly maxEmployees?: Given<number>
}

const INT_MAX = 2_147_483_647
const UNIQUE = {
  industries_name_key: { field: ['name'], message: 'Another industry has this name.' },
  company_sizes_name_key: { field: ['name'], message: 'Another company size has this name.' },
}

/** Industries in the tenant's order unless another is asked for. @throws BAD_USER_INPUT, INVALID_CURSOR */
export function listIndustries(
  scope: Scope,
  lister: Lister,
  args: ListArguments,
  rows: RowsById<IndustryRow>,
): Connection<IndustryRow> {
  return listConnection(scope, lister, INDUSTRY, args, rows)
}

/** Company sizes in the tenant's order unless another is asked for. @throws BAD_USER_INPUT, INVALID_CURSOR */
export function listCompanySizes(
  scope: Scope,
  lister: Lister,
  args: ListArguments,
  rows: RowsById<CompanySizeRow>,
): Connection<CompanySizeRow> {
  return listConnection(scope, lister, COMPANY_SIZE, args, rows)
}

/** Adds an entry to a list of the tenant, behind all others unless a position is given. */
export function createPicklistEntry<Row extends IndustryRow>(
  scope: Scope,
  database: Database,
  list: Picklist,
  input: CreatePicklistInput,
): Promise<MutationResult<Row>> {
  return changeEntry<Row>(scope, database, async (change) => {
    const check = createInputCheck()
    const name = checkName(check, input.name)
    const [[holder], [known]] = await Promise.all([
      askHolder(scope, change, list, name),
      change.ask<{ last: number | null }>(findLastPosition(scope, list)),
    ])
    refuseTaken(check, list, holder)
    const count = (field: 'minEmployees' | 'maxEmployees') =>
      check.take(field, input[field], (value) => checkInteger(value, { min: 0, max: INT_MAX }))
    const [minEmployees = null, maxEmployees = null] = [count('minEmployees'), count('maxEmployees')]
    if (minEmployees !== null && maxEmployees !== null && maxEmployees < minEmployees) {
      check.refuse('maxEmployees', 'The most must not be below the fewest.')
    }
    refuse(check.errors)
    const id = newId(scope.now)
    // With the last one where no integer is left.
    const position = input.position ?? Math.min((known?.last ?? 0) + 1, INT_MAX)
    return { id, write: insertRows(scope, PICKLISTS[list], [{ id, name, position, minEmployees, maxEmployees }]), list }
  })
}

/** Renames an entry of a list of the tenant. Where it has the name already, letter for letter, nothing is written. */
export function renamePicklistEntry<Row extends IndustryRow>(
  scope: Scope,
  database: Database,
  list: Picklist,
  input: { readonly id: string; readonly name: string },
): Promise<MutationResult<Row>> {
  const { id } = input
  return changeEntry<Row>(scope, database, async (change) => {
    const check = createInputCheck()
    const name = checkName(check, input.name)
    const [[holder], [stored]] = await Promise.all([
      askHolder(scope, change, list, name),
      change.ask<IndustryRow>(findRowsByIds(scope, PICKLISTS[list].concept, PICKLISTS[list].columns, [id])),
    ])
    if (holder?.id !== id) refuseTaken(check, list, holder)
    refuse(check.errors)
    if (!stored) check.refuse('id', `There is no such ${PICKLISTS[list].noun}.`, 'NOT_FOUND')
    refuse(check.errors)
    const isNamedSo = stored?.name === name
    return { id, stored, write: isNamedSo ? null : updateRows(scope, PICKLISTS[list], ['name'], [{ id, name }]), list }
  })
}

interface EntryChange {
  readonly id: string
  readonly list: Picklist
  /** the entry before; absent for a new one */
  readonly stored?: IndustryRow | undefined
  /** null where it has the values already */
  readonly write: Statement | null
}

/** One entry's change, and its row as it is then. */
function changeEntry<Row>(
  scope: Scope,
  database: Database,
  work: (change: Change) => Promise<EntryChange>,
): Promise<MutationResult<Row>> {
  return runMutation<MutationResult<Row>>(database, scope.tenantId, UNIQUE, refusedResult, async (change) => {
    const { id, list, stored = null, write } = await work(change)
    const [[written = null] = []] = await change.commit(write ? [returningRows(write, PICKLISTS[list])] : [])
    // Null too where the entry went meanwhile.
    const record = write ? written : stored
    return { id, record: record as Row | null, userErrors: [], isChanged: write !== null }
  })
}

function checkName(check: InputCheck, given: string): string | undefined {
  return check.need('name', given, (value) => checkText(value, { maxLength: 255 }))
}

async function askHolder(
  scope: Scope,
  change: Change,
  list: Picklist,
  name: string | undefined,
): Promise<{ id: string }[]> {
  return name === undefined ? [] : change.ask(findEntryByName(scope, list, name))
}

function refuseTaken(check: InputCheck, list: Picklist, holder: { readonly id: string } | undefined): void {
  if (!holder) return
  const message = `Another ${PICKLISTS[list].noun} has this name.`
  check.refuse('name', message, 'ALREADY_EXISTS', { conflictingId: holder.id })
}
