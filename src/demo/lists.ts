import type { Database } from '../database/database.js'
import type { Role, TenantSettings } from '../lib/principal.js'
import { bulkInsert, type BulkColumn } from './bulk-insert.js'
import type { DemoLists } from './columns.js'
import { COUNTRIES } from './countries.js'
import { personName } from './names.js'
import type { DemoRandom } from './random.js'
import { DAY_MS, DEMO_NOW_MS, rowId } from './rows.js'
import { INDUSTRIES, SIZES } from './trades.js'

interface ListRow {
  readonly id: string
  readonly name: string
  readonly position: number
  readonly min?: number
  readonly max?: number | null
}

interface UserRow {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly deactivatedAt: Date | null
  readonly createdAt: Date
}

// One who manages all, two who lead, eight who work, one who only reads, and one who left.
const ROLES: readonly Role[] = ['ADMIN', 'MANAGER', 'MANAGER', ...Array<Role>(8).fill('MEMBER'), 'VIEWER', 'MEMBER']
const WORKERS = 11
const BEGAN = new Date(DEMO_NOW_MS - 4 * 365 * DAY_MS)

/**
 * Makes the tenant's industries, sizes and users where they are missing, and returns the ids of all that the generator
 * names; entries that the tenant has under the same name serve as they are.
 */
export async function ensureLists(database: Database, tenant: TenantSettings, random: DemoRandom): Promise<DemoLists> {
  const dates = [
    ['created_at', 'timestamptz', () => BEGAN],
    ['updated_at', 'timestamptz', () => BEGAN],
  ] as const
  const common: BulkColumn<ListRow>[] = [
    ['id', 'uuid', (row) => row.id],
    ...dates,
    ['name', 'text', (row) => row.name],
    ['position', 'int', (row) => row.position],
  ]
  const industries = INDUSTRIES.map((name, index) => ({
    id: rowId(random, 'industry', index, BEGAN),
    name,
    position: index + 1,
  }))
  const sizes = SIZES.map(({ name, min, max }, index) => ({
    id: rowId(random, 'size', index, BEGAN),
    name,
    min,
    max,
    position: index + 1,
  }))
  const users = ROLES.map((role, index) => user(random, tenant, role, index))
  return database.transaction(tenant.id, 'demo.lists', async (tx) => {
    await bulkInsert(tx, 'demo.industries', 'industries', tenant.id, common, industries)
    await bulkInsert(
      tx,
      'demo.sizes',
      'company_sizes',
      tenant.id,
      [
        ...common,
        ['min_employees', 'int', (row: ListRow) => row.min ?? null],
        ['max_employees', 'int', (row: ListRow) => row.max ?? null],
      ],
      sizes,
    )
    await bulkInsert(
      tx,
      'demo.users',
      'users',
      tenant.id,
      [
        ['id', 'uuid', (row: UserRow) => row.id],
        ['created_at', 'timestamptz', (row: UserRow) => row.createdAt],
        ['updated_at', 'timestamptz', (row: UserRow) => row.createdAt],
        ['name', 'text', (row: UserRow) => row.name],
        ['email', 'text', (row: UserRow) => row.email],
        ['role', 'text', (row: UserRow) => row.role],
        ['deactivated_at', 'timestamptz', (row: UserRow) => row.deactivatedAt],
      ],
      users,
    )
    const ids = async (
      table: 'industries' | 'company_sizes',
      rows: readonly ListRow[],
    ): Promise<Map<string, string>> => {
      const found = await tx.sql<{ name: string; id: string }>({
        label: 'demo.listIds',
        text: `select given.name, entry.id from unnest($2::text[]) as given (name)
          join ${table} as entry on entry.tenant_id = $1 and entry.name_folded = "left"(kith_fold(given.name), 255)`,
        values: [tenant.id, rows.map((row) => row.name)],
      })
      return new Map(found.map((row) => [row.name, row.id]))
    }
    const working = await tx.sql<{ email: string; id: string }>({
      label: 'demo.workers',
      text: `select given.email, "user".id from unnest($2::text[]) as given (email)
        join users as "user" on "user".tenant_id = $1 and "user".deactivated_at is null
          and "user".email_folded = "left"(kith_fold(given.email), 255)`,
      values: [tenant.id, users.map((row) => row.email)],
    })
    const byEmail = new Map(working.map((row) => [row.email, row.id]))
    return {
      industries: await ids('industries', industries),
      sizes: await ids('company_sizes', sizes),
      workers: users.slice(0, WORKERS).map((row) => byEmail.get(row.email) ?? null),
    }
  })
}

function user(random: DemoRandom, tenant: TenantSettings, role: Role, index: number): UserRow {
  const row = random.row('user', index)
  const { first, last } = personName(row, row.pick(COUNTRIES).names)
  return {
    id: rowId(random, 'user', index, BEGAN),
    name: `${first.text} ${last.text}`,
    email: `${first.latin}.${last.latin}@${tenant.slug}.example`,
    role,
    deactivatedAt: index === ROLES.length - 1 ? new Date(DEMO_NOW_MS - 90 * DAY_MS) : null,
    createdAt: new Date(BEGAN.getTime() + index * DAY_MS),
  }
}
