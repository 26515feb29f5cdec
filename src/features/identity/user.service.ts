import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../database/database.js'
import type { Transaction } from '../../database/transaction.js'
import { changeRecord, refuse, type MutationResult, type UniqueFields } from '../../database/mutation.js'
import type { Role } from '../../lib/principal.js'
import type { Scope } from '../../access/scope.js'
import { checkEmail } from '../../lib/value/email.js'
import { checkText } from '../../lib/value/text.js'
import type { Connection } from '../../list/connection.js'
import { listConnection } from '../../list/connection.js'
import type { ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { requireRole } from '../../access/permissions.js'
import { USER_FIELDS } from './user.fields.js'
import * as repository from './user.repository.js'
import type { UserRow } from './user.row.js'

export interface CreateUserInput {
  readonly email: string
  readonly name: string
  readonly role: Role
}

const EMAIL_TAKEN = 'Another active user has this address.'
const UNIQUE: UniqueFields = { users_email_key: { field: ['email'], message: EMAIL_TAKEN } }

/** Users, newest first unless another order is asked for. @throws BAD_USER_INPUT, INVALID_CURSOR */
export function listUsers(
  scope: Scope,
  lister: Lister,
  args: ListArguments,
  loadRow: (id: string) => Promise<UserRow | null>,
): Connection<UserRow> {
  return listConnection(scope, lister, USER_FIELDS, args, loadRow)
}

/** Which of some ids are users of the tenant. */
export function findUserIds(scope: Scope, transaction: Transaction, ids: readonly string[]): Promise<string[]> {
  return repository.findUserIds(scope, transaction, ids)
}

/** Adds a user. @throws FORBIDDEN */
export function createUser(scope: Scope, database: Database, input: CreateUserInput): Promise<MutationResult> {
  requireRole(scope, 'ADMIN')
  return changeRecord(database, scope.tenantId, 'createUser', UNIQUE, async (tx, check) => {
    const email = check.need('email', input.email, checkEmail)
    const name = check.need('name', input.name, (value) => checkText(value, { maxLength: 255 }))
    const holder = email && (await repository.findUserIdByEmail(scope, tx, email.email))
    if (holder) check.refuse('email', EMAIL_TAKEN, 'ALREADY_EXISTS', { conflictingId: holder })
    refuse(check.errors)
    const id = uuidv7({ msecs: scope.now.getTime() })
    await repository.insertUser(scope, tx, { id, email: email?.email ?? '', name: name ?? '', role: input.role })
    return id
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
  await repository.insertUser({ tenantId, now }, tx, { ...user, id, role: 'ADMIN' })
  return id
}

/** Renames a user. @throws FORBIDDEN */
export function renameUser(
  scope: Scope,
  database: Database,
  input: { readonly id: string; readonly name: string },
): Promise<MutationResult> {
  requireRole(scope, 'ADMIN')
  const { id } = input
  return changeRecord(database, scope.tenantId, 'renameUser', UNIQUE, async (tx, check) => {
    const name = check.need('name', input.name, (value) => checkText(value, { maxLength: 255 }))
    refuse(check.errors)
    if (!(await repository.updateUserName(scope, tx, id, name ?? ''))) {
      check.refuse('id', 'There is no such user.', 'NOT_FOUND')
    }
    return id
  })
}
