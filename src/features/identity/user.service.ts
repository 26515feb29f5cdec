import { v7 as uuidv7 } from 'uuid'
import type { Scope } from '../../access/scope.js'
import type { Database } from '../../database/database.js'
import type { Transaction } from '../../database/transaction.js'
import { createInputCheck } from '../../lib/input.js'
import type { Role } from '../../lib/principal.js'
import { checkEmail } from '../../lib/value/email.js'
import { checkText } from '../../lib/value/text.js'
import { listConnection, type Connection } from '../../list/connection.js'
import type { ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { findRowsByIds } from '../../list/rows-by-ids.js'
import { refuse, refusedResult, runMutation, type MutationResult, type UniqueFields } from '../../records/mutation.js'
import { insertRows, returningRows, updateRows } from '../../records/row-statements.js'
import { USER, USER_COLUMNS, type UserRow } from './user.columns.js'
import { findUserByEmail, insertFirstUser as insertFirst } from './user.repository.js'

export interface CreateUserInput {
  readonly email: string
  readonly name: string
  readonly role: Role
}

const TABLE = { table: USER.table, columns: USER_COLUMNS }
const EMAIL_TAKEN = 'Another active user has this address.'
const UNIQUE: UniqueFields = { users_email_key: { field: ['email'], message: EMAIL_TAKEN } }

/** Users, newest first unless another order is asked for. @throws BAD_USER_INPUT, INVALID_CURSOR */
export function listUsers(
  scope: Scope,
  lister: Lister,
  args: ListArguments,
  loadRow: (id: string) => Promise<UserRow | null>,
): Connection<UserRow> {
  return listConnection(scope, lister, USER, args, loadRow)
}

/** Adds a user. */
export function createUser(scope: Scope, database: Database, input: CreateUserInput): Promise<MutationResult<UserRow>> {
  return runMutation<MutationResult<UserRow>>(database, scope.tenantId, UNIQUE, refusedResult, async (change) => {
    const check = createInputCheck()
    const email = check.need('email', input.email, checkEmail)
    const name = check.need('name', input.name, (value) => checkText(value, { maxLength: 255 }))
    const [holder] = email ? await change.ask<{ id: string }>(findUserByEmail(scope, email.email)) : []
    if (holder) check.refuse('email', EMAIL_TAKEN, 'ALREADY_EXISTS', { conflictingId: holder.id })
    refuse(check.errors)
    const id = uuidv7({ msecs: scope.now.getTime() })
    const row = { id, email: email?.email, name, role: input.role }
    const [[record = null] = []] = await change.commit([returningRows(insertRows(scope, TABLE, [row]), TABLE)])
    return { id, record: record as UserRow | null, userErrors: [] }
  })
}

/** Renames a user. */
export function renameUser(
  scope: Scope,
  database: Database,
  input: { readonly id: string; readonly name: string },
): Promise<MutationResult<UserRow>> {
  const { id } = input
  return runMutation<MutationResult<UserRow>>(database, scope.tenantId, {}, refusedResult, async (change) => {
    const check = createInputCheck()
    const name = check.need('name', input.name, (value) => checkText(value, { maxLength: 255 }))
    refuse(check.errors)
    const stored = await change.ask(findRowsByIds(scope, USER, USER_COLUMNS, [id]))
    if (stored.length === 0) check.refuse('id', 'There is no such user.', 'NOT_FOUND')
    refuse(check.errors)
    const write = updateRows(scope, TABLE, ['name'], [{ id, name }])
    const [[record = null] = []] = await change.commit([returningRows(write, TABLE)])
    return { id, record: record as UserRow | null, userErrors: [] }
  })
}

/** The first ADMIN of a new tenant, inside the transaction that makes it; returns the user's id. */
export async function insertFirstUser(
  tx: Transaction,
  tenantId: string,
  user: { readonly email: string; readonly name: string },
  now: Date,
): Promise<string> {
  const id = uuidv7({ msecs: now.getTime() })
  await insertFirst({ tenantId, now }, tx, { ...user, id, role: 'ADMIN' })
  return id
}
