import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../database/database.js'
import { changeRecord, refuse, type MutationResult } from '../../database/mutation.js'
import type { Transaction } from '../../database/transaction.js'
import type { Given, InputCheck } from '../../lib/input.js'
import type { Scope } from '../../access/scope.js'
import { checkInteger } from '../../lib/value/integer.js'
import { checkText } from '../../lib/value/text.js'
import { listConnection, type Connection } from '../../list/connection.js'
import type { ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { requireRole } from '../../access/permissions.js'
import { COMPANY_SIZE_FIELDS, INDUSTRY_FIELDS } from './picklist.fields.js'
import * as repository from './picklist.repository.js'
import type { Picklist } from './picklist.repository.js'
import type { CompanySizeRow, IndustryRow } from './picklist.row.js'

export interface CreatePicklistInput {
  readonly name: string
  readonly position?: Given<number>
  readonly minEmployees?: Given<number>
  readonly maxEmployees?: Given<number>
}

const NAMES: Record<Picklist, string> = { industry: 'industry', companySize: 'company size' }
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
  loadRow: (id: string) => Promise<IndustryRow | null>,
): Connection<IndustryRow> {
  return listConnection(scope, lister, INDUSTRY_FIELDS, args, loadRow)
}

/** Company sizes in the tenant's order unless another is asked for. @throws BAD_USER_INPUT, INVALID_CURSOR */
export function listCompanySizes(
  scope: Scope,
  lister: Lister,
  args: ListArguments,
  loadRow: (id: string) => Promise<CompanySizeRow | null>,
): Connection<CompanySizeRow> {
  return listConnection(scope, lister, COMPANY_SIZE_FIELDS, args, loadRow)
}

/** Whether a list of the tenant has an entry. */
export async function hasPicklistEntry(scope: Scope, tx: Transaction, list: Picklist, id: string): Promise<boolean> {
  return (await repository.findPicklistIds(scope, tx, list, [id])).length === 1
}

/** Adds an entry to a list of the tenant. @throws FORBIDDEN */
export function createPicklistEntry(
  scope: Scope,
  database: Database,
  list: Picklist,
  input: CreatePicklistInput,
): Promise<MutationResult> {
  requireRole(scope, 'ADMIN')
  return changeRecord(database, scope.tenantId, `create.${list}`, UNIQUE, async (tx, check) => {
    const name = await takeFreeName(scope, tx, list, check, input.name, null)
    const count = (field: 'minEmployees' | 'maxEmployees') =>
      check.take(field, input[field], (value) => checkInteger(value, { min: 0, max: INT_MAX }))
    const [minEmployees = null, maxEmployees = null] = [count('minEmployees'), count('maxEmployees')]
    if (minEmployees !== null && maxEmployees !== null && maxEmployees < minEmployees) {
      check.refuse('maxEmployees', 'The most must not be below the fewest.')
    }
    refuse(check.errors)
    const position = input.position ?? (await repository.nextPosition(scope, tx, list))
    const id = uuidv7({ msecs: scope.now.getTime() })
    await repository.insertPicklistEntry(scope, tx, list, { id, name, position, minEmployees, maxEmployees })
    return id
  })
}

/** Renames an entry of a list of the tenant. @throws FORBIDDEN */
export function renamePicklistEntry(
  scope: Scope,
  database: Database,
  list: Picklist,
  input: { readonly id: string; readonly name: string },
): Promise<MutationResult> {
  requireRole(scope, 'ADMIN')
  const { id } = input
  return changeRecord(database, scope.tenantId, `rename.${list}`, UNIQUE, async (tx, check) => {
    const name = await takeFreeName(scope, tx, list, check, input.name, id)
    refuse(check.errors)
    if (!(await repository.updatePicklistName(scope, tx, list, id, name))) {
      check.refuse('id', `There is no such ${NAMES[list]}.`, 'NOT_FOUND')
    }
    return id
  })
}

async function takeFreeName(
  scope: Scope,
  tx: Transaction,
  list: Picklist,
  check: InputCheck,
  given: string,
  ownId: string | null,
): Promise<string> {
  const name = check.need('name', given, (value) => checkText(value, { maxLength: 255 }))
  const holder = name === undefined ? null : await repository.findPicklistIdByName(scope, tx, list, name)
  if (holder !== null && holder !== ownId) {
    check.refuse('name', `Another ${NAMES[list]} has this name.`, 'ALREADY_EXISTS', { conflictingId: holder })
  }
  return name ?? ''
}
