import type { Database } from '../../database/database.js'
import type { Transaction } from '../../database/transaction.js'
import type { TenantSettings } from '../../lib/principal.js'

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
