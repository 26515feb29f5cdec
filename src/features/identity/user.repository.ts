import { sql } from '../../lib/sql.js'
import { rowCondition } from '../../access/row-condition.js'
import type { Scope } from '../../access/scope.js'
import { selectList } from '../../concepts/columns.js'
import { preparedStatement } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import type { Transaction } from '../../database/transaction.js'
import type { Role } from '../../lib/principal.js'
import { emailSpellings } from '../../lib/value/email.js'
import { USER, USER_COLUMNS } from './user.columns.js'

/** The id of the active user who holds an e-mail address, whatever its case; no row when it is free. */
export function findUserByEmail(scope: Scope, email: string): Statement {
  return {
    label: 'findUserByEmail',
    prepared: true,
    text: `select id from users where tenant_id = $1 and email_key = any(kith_email_keys($2::text[])) and deactivated_at is null`,
    values: [scope.tenantId, emailSpellings(email)],
  }
}

/** The id of another active user who holds the address of a user; no row when it is free. */
export function findHolderOfUsersEmail(scope: Scope, id: string): Statement {
  return {
    label: 'findHolderOfUsersEmail',
    prepared: true,
    text: `select t.id from users as own join users as t
        on t.tenant_id = $1 and t.email_key = own.email_key and t.deactivated_at is null and t.id <> own.id
      where own.tenant_id = $1 and own.id = $2`,
    values: [scope.tenantId, id],
  }
}

/**
 * Locks a user and every active ADMIN, in id order, and gives their whole rows with `isVisible`: whether the principal
 * may see the row. Two changes that would each take away one of the last two ADMINs take turns here. Contacts and
 * companies that name one of them as owner don't wait: only keys are theirs.
 */
export function lockUserAndAdmins(scope: Scope, id: string): Statement {
  return preparedStatement(
    'lockUserAndAdmins',
    sql`select ${selectList(USER_COLUMNS, 't')}, ${rowCondition(scope, USER.name, 't')} as "isVisible" from users as t
      where t.tenant_id = ${scope.tenantId} and (t.id = ${id}::uuid or (t.role = 'ADMIN' and t.deactivated_at is null))
      order by t.id for no key update of t`,
  )
}

/** Inserts the first user of a new tenant, in the transaction that makes the tenant. */
export async function insertFirstUser(
  { tenantId, now }: Pick<Scope, 'tenantId' | 'now'>,
  { prisma }: Transaction,
  user: { id: string; email: string; name: string; role: Role },
): Promise<void> {
  await prisma.user.createMany({ data: [{ ...user, tenantId, createdAt: now, updatedAt: now }] })
}
