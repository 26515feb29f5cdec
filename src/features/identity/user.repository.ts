import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'
import type { Transaction } from '../../database/transaction.js'
import type { Role } from '../../lib/principal.js'
import { emailSpellings } from '../../lib/value/email.js'

/** The id of the active user who holds an e-mail address, whatever its case; no row when it is free. */
export function findUserByEmail(scope: Scope, email: string): Statement {
  return {
    label: 'findUserByEmail',
    prepared: true,
    text: `select id from users where tenant_id = $1 and email_key = any(kith_email_keys($2::text[])) and deactivated_at is null`,
    values: [scope.tenantId, emailSpellings(email)],
  }
}

/** Inserts the first user of a new tenant, in the transaction that makes the tenant. */
export async function insertFirstUser(
  { tenantId, now }: Pick<Scope, 'tenantId' | 'now'>,
  { prisma }: Transaction,
  user: { id: string; email: string; name: string; role: Role },
): Promise<void> {
  await prisma.user.createMany({ data: [{ ...user, tenantId, createdAt: now, updatedAt: now }] })
}
