import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Database } from '../../database/database.js'
import type { Transaction } from '../../database/transaction.js'
import { UserErrors } from '../../lib/errors.js'
import { createInputCheck, givenOnly, type Given, type InputCheck } from '../../lib/input.js'
import { newId } from '../../lib/new-id.js'
import type { Role } from '../../lib/principal.js'
import { accept } from '../../lib/value/checked.js'
import { checkEmail } from '../../lib/value/email.js'
import { checkText } from '../../lib/value/text.js'
import { listConnection, type Connection, type RowsById } from '../../list/connection.js'
import type { ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { refuse, refusedResult, runMutation, type MutationResult, type UniqueFields } from '../../records/mutation.js'
import { insertRows, returningRows, updateRows } from '../../records/row-statements.js'
import { USER, USER_COLUMNS, type UserRow } from './user.columns.js'
import {
  findHolderOfUsersEmail,
  findUserByEmail,
  insertFirstUser as insertFirst,
  lockUserAndAdmins,
} from './user.repository.js'

export interface CreateUserInput {
  readonly email: string
  readonly name: string
  readonly role: Role
}

/** Changes to a user: what is absent stays. */
export interface UpdateUserInput {
  readonly id: string
  readonly email?: Given<string>
  readonly name?: Given<string>
  readonly role?: Given<Role>
}

const TABLE = { table: USER.table, columns: USER_COLUMNS }
const LAST_ADMIN = 'This is the last active ADMIN: make another user ADMIN first.'
const EMAIL_TAKEN = 'Another active user has this address.'
const UNIQUE: UniqueFields = { users_email_key: { field: ['email'], message: EMAIL_TAKEN } }

/** Users, newest first unless another order is asked for. @throws BAD_USER_INPUT, INVALID_CURSOR */
export function listUsers(
  scope: Scope,
  lister: Lister,
  args: ListArguments,
  rows: RowsById<UserRow>,
): Connection<UserRow> {
  return listConnection(scope, lister, USER, args, rows)
}

/** Adds a user. */
export function createUser(scope: Scope, database: Database, input: CreateUserInput): Promise<MutationResult<UserRow>> {
  return runMutation<MutationResult<UserRow>>(database, scope.tenantId, UNIQUE, refusedResult, async (change) => {
    const check = createInputCheck()
    const email = check.need('email', input.email, checkEmail)
    const name = check.need('name', input.name, (value) => checkText(value, { maxLength: 255 }))
    const holder = await askHolder(scope, change, email?.email)
    if (holder) refuseTaken(check, 'email', holder.id)
    refuse(check.errors)
    const id = newId(scope.now)
    const row = { id, email: email?.email, name, role: input.role }
    const [[record = null] = []] = await change.commit([returningRows(insertRows(scope, TABLE, [row]), TABLE)])
    return { id, record: record as UserRow | null, userErrors: [] }
  })
}

/** Changes name, e-mail address and role of a user, each where it is given. The last active ADMIN keeps the role. */
export function updateUser(scope: Scope, database: Database, input: UpdateUserInput): Promise<MutationResult<UserRow>> {
  return changeUser(scope, database, input.id, UNIQUE, async (change) => {
    const check = createInputCheck()
    const email = check.need('email', input.email, checkEmail)
    const name = check.need('name', input.name, (value) => checkText(value, { maxLength: 255 }))
    const role = check.need('role', input.role, (value) => accept(value))
    const [users, holder] = await Promise.all([
      lockUser(scope, change, input.id),
      askHolder(scope, change, email?.email),
    ])
    const { user, isLastAdmin } = requireUser(check, users)
    // A deactivated user takes an address when it is reactivated.
    if (holder && holder.id !== user.id && !user.deactivatedAt) refuseTaken(check, 'email', holder.id)
    if (isLastAdmin && role !== undefined && role !== 'ADMIN') check.refuse('role', LAST_ADMIN)
    refuse(check.errors)
    return { user, values: givenOnly({ email: email?.email, name, role }) }
  })
}

/** Deactivates a user, whose tokens stop to work; the user's records stay. One who is deactivated stays so. */
export function deactivateUser(
  scope: Scope,
  database: Database,
  { id }: { readonly id: string },
): Promise<MutationResult<UserRow>> {
  return changeUser(scope, database, id, {}, async (change) => {
    const check = createInputCheck()
    const { user, isLastAdmin } = requireUser(check, await lockUser(scope, change, id))
    if (isLastAdmin) check.refuse('id', LAST_ADMIN)
    refuse(check.errors)
    return { user, values: user.deactivatedAt ? {} : { deactivatedAt: scope.now.toISOString() } }
  })
}

/** Lets a deactivated user in again, unless another active user has the address by now; an active one stays so. */
export function reactivateUser(
  scope: Scope,
  database: Database,
  { id }: { readonly id: string },
): Promise<MutationResult<UserRow>> {
  const unique = { users_email_key: { field: ['id'], message: EMAIL_TAKEN } }
  return changeUser(scope, database, id, unique, async (change) => {
    const check = createInputCheck()
    const [users, [holder]] = await Promise.all([
      lockUser(scope, change, id),
      change.ask<{ id: string }>(findHolderOfUsersEmail(scope, id)),
    ])
    const { user } = requireUser(check, users)
    if (!user.deactivatedAt) return { user, values: {} }
    if (holder) refuseTaken(check, 'id', holder.id)
    refuse(check.errors)
    return { user, values: { deactivatedAt: null } }
  })
}

type LockedUser = UserRow & { readonly isVisible: boolean }

/** The user of an id, where the principal may see one, and whether no other user is an active ADMIN. */
interface FoundUser {
  readonly user: LockedUser | undefined
  readonly isLastAdmin: boolean
}

async function lockUser(scope: Scope, change: Change, id: string): Promise<FoundUser> {
  const locked = await change.ask<LockedUser>(lockUserAndAdmins(scope, id))
  const user = locked.find((row) => row.id === id && row.isVisible)
  const isAdmin = (row: LockedUser): boolean => row.role === 'ADMIN' && row.deactivatedAt === null
  const isLastAdmin = user !== undefined && isAdmin(user) && !locked.some((row) => row.id !== id && isAdmin(row))
  return { user, isLastAdmin }
}

function requireUser(check: InputCheck, { user, isLastAdmin }: FoundUser) {
  if (user) return { user, isLastAdmin }
  throw new UserErrors([{ code: 'NOT_FOUND', message: 'There is no such user.', field: [...check.path, 'id'] }])
}

async function askHolder(
  scope: Scope,
  change: Change,
  email: string | undefined,
): Promise<{ readonly id: string } | undefined> {
  if (email === undefined) return undefined
  const [holder] = await change.ask<{ id: string }>(findUserByEmail(scope, email))
  return holder
}

function refuseTaken(check: InputCheck, field: string, conflictingId: string): void {
  check.refuse(field, EMAIL_TAKEN, 'ALREADY_EXISTS', { conflictingId })
}

/** One user's change, and the row as it is then. Where every value is as it was, nothing is written. */
function changeUser(
  scope: Scope,
  database: Database,
  id: string,
  unique: UniqueFields,
  work: (change: Change) => Promise<{ readonly user: UserRow; readonly values: Partial<UserRow> }>,
): Promise<MutationResult<UserRow>> {
  return runMutation<MutationResult<UserRow>>(database, scope.tenantId, unique, refusedResult, async (change) => {
    const { user, values } = await work(change)
    const names = (Object.keys(values) as (keyof UserRow)[]).filter((name) => values[name] !== user[name])
    const writes =
      names.length === 0 ? [] : [returningRows(updateRows(scope, TABLE, names, [{ ...values, id }]), TABLE)]
    const [[record] = []] = await change.commit(writes)
    return { id, record: (record as UserRow | undefined) ?? user, isChanged: names.length > 0, userErrors: [] }
  })
}

/** The first ADMIN of a new tenant, inside the transaction that makes it; returns the user's id. */
export async function insertFirstUser(
  tx: Transaction,
  tenantId: string,
  user: { readonly email: string; readonly name: string },
  now: Date,
): Promise<string> {
  const id = newId(now)
  await insertFirst({ tenantId, now }, tx, { ...user, id, role: 'ADMIN' })
  return id
}
