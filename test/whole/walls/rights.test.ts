import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { READABLE_COLUMNS, TENANT_TABLES } from './support/schema-contract.js'

let clone: ClonedDatabase
let admin: pg.Client
let login: pg.Client

beforeAll(async () => {
  clone = await cloneDatabase()
  admin = new pg.Client({ connectionString: clone.adminUrl })
  login = new pg.Client({ connectionString: clone.databaseUrl })
  await Promise.all([admin.connect(), login.connect()])
})

afterAll(async () => {
  await Promise.all([admin.end(), login.end()])
  await clone.drop()
})

async function read(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await admin.query<Record<string, unknown>>(text, values)).rows
}

/**
 * Runs a statement as the login after naming a role (null: none) and a tenant; gives its SQLSTATE, or `ok`. Rolled
 * back.
 */
async function attempt(role: string | null, text: string, tenantId: string | null = randomUUID()): Promise<string> {
  await login.query('BEGIN')
  try {
    if (role) await login.query(`SET LOCAL ROLE ${role}`)
    if (tenantId) await login.query(`SET LOCAL app.tenant_id = '${tenantId}'`)
    await login.query(text)
    return 'ok'
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await login.query('ROLLBACK')
  }
}

describe('rights', () => {
  test('the login inherits nothing, owns nothing and may not step over row security', async () => {
    const [name] = (await login.query<{ name: string }>('select session_user::text as name')).rows
    const found = await read(
      `select rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb, rolreplication,
          (select count(*)::int from pg_class where relowner = r.oid) as owned,
          array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid
            and g.rolname not like 'kith\\_test\\_bypass%' order by 1) as roles
        from pg_roles r where rolname = $1`,
      [name?.name],
    )
    expect(found).toEqual([
      {
        rolsuper: false,
        rolbypassrls: false,
        rolinherit: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        owned: 0,
        roles: ['kith_app', 'kith_keys', 'kith_system'],
      },
    ])
  })

  test.each(['kith_keys', 'kith_system'] as const)(
    '%s may read exactly these columns, and write none',
    async (role) => {
      const found = await read(
        `select table_name as table, privilege_type as right, string_agg(column_name, ' ' order by ordinal_position) as columns
        from information_schema.column_privileges join information_schema.columns using (table_schema, table_name, column_name)
        where grantee = $1 and table_schema = 'public' group by 1, 2`,
        [role],
      )
      expect(found.filter((row) => row['right'] !== 'SELECT')).toEqual([])
      expect(Object.fromEntries(found.map((row) => [row['table'], row['columns']]))).toEqual(READABLE_COLUMNS[role])
    },
  )

  test('kith_app may read and write rows, and not delete a tenant', async () => {
    const found = await read(
      `select table_name as table, string_agg(privilege_type, ' ' order by privilege_type) as rights
        from information_schema.table_privileges where grantee = 'kith_app' and table_schema = 'public' group by 1 order by 1`,
    )
    expect(found).toEqual(
      [...TENANT_TABLES, 'tenants'].sort().map((table) => ({
        table,
        rights: table === 'tenants' ? 'INSERT SELECT UPDATE' : 'DELETE INSERT SELECT UPDATE',
      })),
    )
  })

  const insertForeign = `insert into industries (tenant_id, id, created_at, updated_at, name, position)
    values (gen_random_uuid(), gen_random_uuid(), now(), now(), 'x', 1)`

  test.each<[string | null, string]>([
    [null, 'select id from contacts'],
    [null, 'select slug from tenants'],
    ['kith_app', 'delete from tenants'],
    ['kith_app', 'truncate contacts'],
    ['kith_app', 'select migration_name from _prisma_migrations'],
    ['kith_app', 'alter table contacts disable row level security'],
    ['kith_app', `select kith_protect_table('contacts', '{}')`],
    ['kith_app', 'create table mine (id int)'],
    ['kith_app', insertForeign],
    ['kith_keys', 'select created_by_id from api_keys'],
    ['kith_keys', 'select label from custom_field_definitions'],
    ['kith_keys', 'select hash from api_keys'],
    ['kith_keys', 'select slug from tenants'],
    ['kith_keys', 'select unique_key from email_addresses'],
    ['kith_keys', 'select unique_key from custom_field_values'],
    ['kith_keys', 'select options from custom_field_definitions'],
    ['kith_keys', 'select constraints from custom_field_definitions'],
    ['kith_keys', 'select default_value from custom_field_definitions'],
    ['kith_keys', 'select * from email_addresses'],
    ['kith_keys', 'select * from custom_field_values'],
    ['kith_keys', `insert into contact_search values (gen_random_uuid(), gen_random_uuid(), 'x')`],
    ['kith_keys', 'delete from company_search'],
    ['kith_keys', `update contacts set first_name = 'x'`],
    ['kith_keys', 'delete from contacts'],
    ['kith_keys', insertForeign],
    ['kith_system', 'select id from contacts'],
    ['kith_system', 'select id from companies'],
    ['kith_system', 'select text from contact_search'],
    ['kith_system', 'select name from api_keys'],
    ['kith_system', 'select email_folded from users'],
    ['kith_system', 'select checksum from _prisma_migrations'],
    ['kith_system', `update users set role = 'ADMIN'`],
    ['kith_system', `update tenants set name = 'x'`],
    ['kith_system', insertForeign],
  ])('as %s, refused: %s', async (role, text) => {
    expect(await attempt(role, text)).toBe('42501')
  })

  test('no role of the server can become the owner', async () => {
    const owner = pg.escapeIdentifier(decodeURIComponent(new URL(clone.migrationUrl).username))
    expect(await attempt(null, `SET LOCAL ROLE ${owner}`)).toBe('42501')
  })

  test('rows without a tenant are an error, never an empty answer', async () => {
    const fresh = new pg.Client({ connectionString: clone.databaseUrl })
    await fresh.connect()
    const text = `BEGIN; SET LOCAL ROLE kith_app; select id from contacts`
    const state = await fresh.query(text).catch((error: { code: string }) => error.code)
    await fresh.end()
    expect(state).toBe('42704')
    expect(await attempt('kith_app', `SET LOCAL app.tenant_id = ''; select id from contacts`)).toBe('22P02')
  })
})
