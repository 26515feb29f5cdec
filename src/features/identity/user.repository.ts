import { sql } from 'kysely'
import type { Transaction } from '../../database/transaction.js'
import { preparedStatement, sqlBuilder } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import type { Role } from '../../lib/principal.js'
import type { Scope } from '../../access/scope.js'
import { rowCondition } from '../../access/row-condition.js'

/** Users by id, deactivated ones too. */
export function findUsersByIds(scope: Scope, ids: readonly string[]): Statement {
  return preparedStatement(
    'findUsersByIds',
    sqlBuilder
      .selectFrom('users')
      .select(['id', 'email', 'name', 'role'])
      .select(['deactivated_at as deactivatedAt', 'created_at as createdAt', 'updated_at as updatedAt'])
      .where('tenant_id', '=', scope.tenantId)
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .where(rowCondition(scope, 'User', 'users')),
  )
}

/** Which of some ids are users of the tenant. */
export async function findUserIds(scope: Scope, { prisma }: Transaction, ids: readonly string[]): Promise<string[]> {
  const users = await prisma.user.findMany({
    where: { tenantId: scope.tenantId, id: { in: [...ids] } },
    select: { id: true },
  })
  return users.map((user) => user.id)
}

/** The active user who holds an e-mail address, whatever its case and accents; null when it is free. */
export async function findUserIdByEmail(scope: Scope, tx: Transaction, email: string): Promise<string | null> {
  const [row] = await tx.sql<{ id: string }>({
    label: 'findUserIdByEmail',
    text: `select id from users where tenant_id = $1 and email_folded = "left"(kith_fold($2), 255) and deactivated_at is null`,
    values: [scope.tenantId, email],
  })
  return row?.id ?? null
}

/** Inserts an active user. */
export async function insertUser(
  scope: Pick<Scope, 'tenantId' | 'now'>,
  { prisma }: Transaction,
  user: { id: string; email: string; name: string; role: Role },
): Promise<void> {
  const { tenantId, now } = scope
  await prisma.user.createMany({ data: [{ ...user, tenantId, createdAt: now, updatedAt: now }] })
}

/** Renames a user; false when the tenant has none of that id. */
export async function updateUserName(
  scope: Scope,
  { prisma }: Transaction,
  id: string,
  name: string,
): Promise<boolean> {
  const { count } = await prisma.user.updateMany({
    where: { tenantId: scope.tenantId, id },
    data: { name, updatedAt: scope.now },
  })
  return count === 1
}
