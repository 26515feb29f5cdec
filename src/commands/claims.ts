import type { Database } from '../database/database.js'
import { claimsForRole, claimsForUser } from '../features/identity/principal.service.js'
import type { TokenClaims } from '../features/identity/token.js'
import { findTenantBySlug } from '../features/tenant/tenant.service.js'
import { DEMO_SLUG } from '../lib/demo-slug.js'
import type { Role, TenantSettings } from '../lib/principal.js'

/** On whose behalf a command works. */
export interface WorkingUser {
  /** the longest-serving one of the role, where none is named */
  readonly email?: string | undefined
  /** ADMIN unless said */
  readonly role?: Role | undefined
}

/**
 * A tenant, and the claims of a user of it. A named user has the own role unless a lesser one is said.
 * @throws Error where there is no such tenant, or nobody has the role; NOT_FOUND, FORBIDDEN for a named user
 */
export async function findClaims(
  database: Database,
  slug: string,
  { email, role }: WorkingUser,
): Promise<{ readonly tenant: TenantSettings; readonly claims: TokenClaims }> {
  const tenant = await findTenantBySlug(database, slug)
  if (!tenant) throw new Error(`There is no tenant ${slug}. ${wayTo(slug)}`)
  const least = role ?? 'ADMIN'
  const claims =
    email === undefined
      ? await claimsForRole(database, tenant.id, least)
      : await claimsForUser(database, tenant.id, email.trim(), role)
  if (!claims) throw new Error(`No active user of ${slug} has the role ${least} or a higher one.`)
  return { tenant, claims }
}

function wayTo(slug: string): string {
  return slug === DEMO_SLUG
    ? `Make it with demo data: npm run db:seed -- --tenant ${slug}`
    : `Look at the name, or make it: npm run tenant -- --slug ${slug} --name … --admin-email …`
}
