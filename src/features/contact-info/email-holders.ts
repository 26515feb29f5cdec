import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import { checkEmail } from '../../lib/value/email.js'
import { createUniqueHolders, type UniqueHolder, type UniqueHolders } from '../../records/unique-holders.js'
import { findEmailHolders, lockUniqueEmails } from './contact-info.repository.js'

/**
 * Holds the tenant's rule on unique e-mail addresses until the change ends, and asks who has some of them; null where
 * the change writes none. `current` is the scope with the rule as it is now. What is asked for after this sees what the
 * lock waited for.
 */
export async function askUniqueEmails(
  scope: Scope,
  change: Change,
  emails: readonly string[] | null,
): Promise<{ readonly current: Scope; readonly holders: UniqueHolders }> {
  if (emails === null) return { current: scope, holders: createUniqueHolders([]) }
  const [current, holders] = await Promise.all([askCurrent(scope, change), askHolders(scope, change, emails)])
  const isLate = current.principal.tenant.uniqueEmails && !scope.principal.tenant.uniqueEmails
  return { current, holders: createUniqueHolders(isLate ? await askHolders(current, change, emails) : holders) }
}

/** The scope with the tenant's rule on unique e-mail addresses as it is now, held until the change ends. */
export async function askCurrent(scope: Scope, change: Change): Promise<Scope> {
  const [row] = await change.ask<{ isOn: boolean }>(lockUniqueEmails(scope))
  const { principal } = scope
  const tenant = { ...principal.tenant, uniqueEmails: row?.isOn ?? principal.tenant.uniqueEmails }
  return { ...scope, principal: { ...principal, tenant } }
}

/** Who has a unique e-mail key, `value`. */
export type EmailHolder = UniqueHolder & { readonly value: string }

/** Who holds the unique keys of some addresses; nobody where the tenant doesn't ask for it. */
async function askHolders(scope: Scope, change: Change, emails: readonly string[]): Promise<readonly EmailHolder[]> {
  if (!scope.principal.tenant.uniqueEmails) return []
  const keys = emails.flatMap((email) => {
    const checked = checkEmail(email)
    return checked.ok ? [checked.value.key] : []
  })
  return keys.length === 0 ? [] : change.ask<EmailHolder>(findEmailHolders(scope, keys))
}
