import type { Scope } from '../../access/scope.js'
import type { Database } from '../../database/database.js'
import type { Statement } from '../../database/statement.js'
import type { Transaction } from '../../database/transaction.js'
import type { TenantSettings } from '../../lib/principal.js'

const SETTINGS = `t.id, t.slug, t.name, t.default_country as "defaultCountry", t.default_currency as "defaultCurrency",
  t.time_zone as "timeZone", t.unique_emails as "uniqueEmails"`

/** The tenant of a slug, as kith_system; undefined when there is none. */
export async function findTenantBySlug(database: Database, slug: string): Promise<TenantSettings | undefined> {
  const [row] = await database.system<TenantSettings>({
    label: 'findTenantBySlug',
    text: `select id, slug, name, default_country as "defaultCountry", default_currency as "defaultCurrency",
        time_zone as "timeZone", unique_emails as "uniqueEmails"
      from tenants where slug = $1`,
    values: [slug],
  })
  return row
}

/** How many tenants there are, as kith_system. */
export async function countTenants(database: Database): Promise<number> {
  const [row] = await database.system<{ total: number }>({
    label: 'countTenants',
    text: 'select count(*)::int as total from tenants',
    values: [],
  })
  return row?.total ?? 0
}

/** Inserts a tenant inside a transaction of its own id, which is what the row's policy asks for. */
export async function insertTenant({ prisma }: Transaction, settings: TenantSettings, now: Date): Promise<void> {
  await prisma.tenant.createMany({ data: [{ ...settings, createdAt: now, updatedAt: now }] })
}

/**
 * Locks the tenant's row and gives its settings. With `isExclusive` no e-mail address is written meanwhile: who writes
 * one holds the row `for key share` (lockUniqueEmails). Without it only other changes of settings wait.
 */
export function lockTenant(scope: Scope, isExclusive: boolean): Statement {
  return {
    label: 'lockTenant',
    prepared: true,
    text: `select ${SETTINGS} from tenants as t where t.id = $1 for ${isExclusive ? 'update' : 'no key update'} of t`,
    values: [scope.tenantId],
  }
}

/** Writes the settings of the tenant and gives them as they are then. */
export function updateTenantRow(scope: Scope, settings: TenantSettings): Statement {
  const { name, defaultCountry, defaultCurrency, timeZone, uniqueEmails } = settings
  return {
    label: 'updateTenantRow',
    prepared: true,
    text: `update tenants as t set name = $2, default_country = $3, default_currency = $4, time_zone = $5, unique_emails = $6,
        updated_at = greatest(t.updated_at, $7::timestamptz)
      where t.id = $1 returning ${SETTINGS}`,
    values: [scope.tenantId, name, defaultCountry, defaultCurrency, timeZone, uniqueEmails, scope.now],
  }
}
