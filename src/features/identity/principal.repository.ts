import type { Database } from '../../database/database.js'
import type { Role, TenantSettings } from '../../lib/principal.js'

export interface PrincipalRow extends TenantSettings {
  readonly userRole: Role
}

/** An active user with its tenant, as kith_system; undefined when there is none. */
export async function findActiveUser(
  database: Database,
  tenantId: string,
  userId: string,
): Promise<PrincipalRow | undefined> {
  const [row] = await database.system<PrincipalRow>({
    label: 'findActiveUser',
    prepared: true,
    text: `select t.id, t.slug, t.name, t.default_country as "defaultCountry", t.default_currency as "defaultCurrency",
        t.time_zone as "timeZone", t.unique_emails as "uniqueEmails", u.role as "userRole"
      from users u join tenants t on t.id = u.tenant_id
      where u.tenant_id = $1 and u.id = $2 and u.deactivated_at is null`,
    values: [tenantId, userId],
  })
  return row
}

/** The settings of a tenant, as kith_system; undefined when there is none. */
export async function findTenantSettings(database: Database, tenantId: string): Promise<TenantSettings | undefined> {
  const [row] = await database.system<TenantSettings>({
    label: 'findTenantSettings',
    prepared: true,
    text: `select id, slug, name, default_country as "defaultCountry", default_currency as "defaultCurrency",
        time_zone as "timeZone", unique_emails as "uniqueEmails"
      from tenants where id = $1`,
    values: [tenantId],
  })
  return row
}

/**
 * The longest-serving active user of a tenant whose role is `role`, or else of a higher one; undefined when none is.
 */
export async function findUserForRole(
  database: Database,
  tenantId: string,
  roles: readonly Role[],
): Promise<{ id: string; role: Role } | undefined> {
  const [row] = await database.system<{ id: string; role: Role }>({
    label: 'findUserForRole',
    text: `select id, role from users
      where tenant_id = $1 and role = any($2::text[]) and deactivated_at is null
      order by array_position($2::text[], role), created_at, id limit 1`,
    values: [tenantId, roles],
  })
  return row
}

/**
 * The user of an e-mail address, whatever its case, as kith_system; of several the active one. Undefined when there is
 * none.
 */
export async function findUserOfEmail(
  database: Database,
  tenantId: string,
  email: string,
): Promise<{ id: string; role: Role; isActive: boolean } | undefined> {
  const [row] = await database.system<{ id: string; role: Role; isActive: boolean }>({
    label: 'findUserOfEmail',
    text: `select id, role, deactivated_at is null as "isActive" from users
      where tenant_id = $1 and lower(email) = lower($2)
      order by deactivated_at is not null, created_at, id limit 1`,
    values: [tenantId, email],
  })
  return row
}
