import type { Database } from '../database/database.js'
import type { Transaction } from '../database/transaction.js'
import type { Role, TenantSettings } from '../lib/principal.js'
import { COUNTRIES } from './countries.js'
import { ensureFields } from './field-rows.js'
import type { Insert } from './insert.js'
import { personName } from './names.js'
import type { DemoRandom } from './random.js'
import { DAY_MS } from './rows.js'
import { INDUSTRIES, SIZES } from './trades.js'

/** The ids that the tenant's lists and users have, by what the generator calls them. */
export type DemoLists = Awaited<ReturnType<typeof ensureLists>>

// One who manages all, two who lead, eight who work, one who only reads, and one who left.
const ROLES: readonly Role[] = ['ADMIN', 'MANAGER', 'MANAGER', ...Array<Role>(8).fill('MEMBER'), 'VIEWER', 'MEMBER']
const WORKERS = 11
/** How long before the end of the data the first user and the lists were made. */
const HISTORY_MS = 4 * 365 * DAY_MS

/**
 * Makes the tenant's industries, sizes, users and custom fields where they are missing, and returns the ids of all that the generator
 * names; entries that the tenant has under the same name serve as they are.
 */
export async function ensureLists(database: Database, insert: Insert, tenant: TenantSettings, random: DemoRandom) {
  const began = new Date(random.endMs - HISTORY_MS)
  const entry = (kind: string, name: string, index: number) => {
    return { id: random.id(kind, index, began), createdAt: began, updatedAt: began, name, position: index + 1 }
  }
  const industries = INDUSTRIES.map(({ name }, index) => entry('industry', name, index))
  const sizes = SIZES.map(({ name, min, max }, index) => {
    return { ...entry('size', name, index), minEmployees: min, maxEmployees: max }
  })
  const users = ROLES.map((role, index) => user(random, tenant, role, index))
  return database.transaction(tenant.id, 'demo.lists', async (tx) => {
    const userIds = await ensure(insert, tx, tenant.id, 'users', 'email', users)
    return {
      industries: await ensure(insert, tx, tenant.id, 'industries', 'name', industries),
      sizes: await ensure(insert, tx, tenant.id, 'company_sizes', 'name', sizes),
      fields: await ensureFields(insert, tx, tenant, random, began),
      /** users who work, in the order of their positions; undefined for those whom the tenant has no more */
      workers: users.slice(0, WORKERS).map(({ email }) => userIds.get(email)),
    }
  })
}

/** Inserts what is missing, and returns the ids of the entries by their names, of users those who haven't left. */
async function ensure<Key extends string>(
  insert: Insert,
  tx: Transaction,
  tenantId: string,
  table: string,
  key: Key,
  rows: readonly Readonly<Record<Key, string>>[],
) {
  await insert(tx, table, tenantId, rows)
  const found = await tx.sql<{ name: string; id: string }>({
    label: 'demo.ids',
    text: `select given.name, entry.id from unnest($2::text[]) as given (name)
      join ${table} as entry on entry.tenant_id = $1 and ${key}_folded = "left"(kith_fold(given.name), 255)
        ${table === 'users' ? 'and entry.deactivated_at is null' : ''}`,
    values: [tenantId, rows.map((row) => row[key])],
  })
  return new Map(found.map(({ name, id }) => [name, id]))
}

/**
 * Where the data of an earlier load of the same seed ends, in milliseconds: its first user was made so long before.
 * Null for the first load.
 */
export async function findEndOfEarlierLoad(database: Database, tenant: TenantSettings, random: DemoRandom) {
  const { email } = user(random, tenant, 'ADMIN', 0)
  return database.transaction(tenant.id, 'demo.end', async ({ sql }) => {
    const [first] = await sql<{ created_at: Date }>({
      label: 'demo.end',
      text: `select created_at from users where tenant_id = $1 and email_folded = "left"(kith_fold($2), 255)`,
      values: [tenant.id, email],
    })
    return first ? first.created_at.getTime() + HISTORY_MS : null
  })
}

function user(random: DemoRandom, tenant: TenantSettings, role: Role, index: number) {
  const row = random.row('user', index)
  const { first, last } = personName(row, row.pick(COUNTRIES))
  const began = new Date(random.endMs - HISTORY_MS)
  const createdAt = new Date(began.getTime() + index * DAY_MS)
  const email = `${first.latin}.${last.latin}@${tenant.slug}.example`
  const deactivatedAt = index === ROLES.length - 1 ? new Date(random.endMs - 90 * DAY_MS) : null
  const id = random.id('user', index, began)
  return { id, createdAt, updatedAt: createdAt, name: `${first.text} ${last.text}`, email, role, deactivatedAt }
}
