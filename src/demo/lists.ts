import type { Database } from '../database/database.js'
import type { Role, TenantSettings } from '../lib/scope.js'
import { bulkInsert, type BulkColumn } from './bulk-insert.js'
import type { DemoLists } from './columns.js'
import { namePool } from './names.js'
import type { DemoRandom } from './random.js'
import { DEMO_NOW_MS, rowId } from './rows.js'
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
const BEGAN = new Date(DEMO_NOW_MS - 4 * 365 * 86_400_000)

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
    const ids = async (table: string): Promise<Map<string, string>> => {
      const rows = await tx.sql<{ id: string; name: string }>({
        label: 'demo.listIds',
        text: `select id, name from ${table} where tenant_id = $1`,
        values: [tenant.id],
      })
      return new Map(rows.map((row) => [row.name, row.id]))
    }
    const present = await tx.sql<{ id: string }>({
      label: 'demo.workers',
      text: 'select id from users where tenant_id = $1 and deactivated_at is null order by created_at, id limit $2',
      values: [tenant.id, WORKERS],
    })
    return {
      industries: await ids('industries'),
      sizes: await ids('company_sizes'),
      workers: present.map((row) => row.id),
    }
  })
}

function user(random: DemoRandom, tenant: TenantSettings, role: Role, index: number): UserRow {
  const row = random.row('user', index)
  const { given, family } = namePool('en')
  const [first, last] = [row.pick(given), row.pick(family)]
  return {
    id: rowId(random, 'user', index, BEGAN),
    name: `${first.text} ${last.text}`,
    email: `${first.latin}.${last.latin}@${tenant.slug}.example`,
    role,
    deactivatedAt: index === ROLES.length - 1 ? new Date(DEMO_NOW_MS - 90 * 86_400_000) : null,
    createdAt: new Date(BEGAN.getTime() + index * 86_400_000),
  }
}
