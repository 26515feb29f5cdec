import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { declaredIndexes } from '../../src/database/admin/care/declared-indexes.js'
import { createDatabase, type Database } from '../../src/database/database.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { TEST_SECRET, testDatabaseOptions } from '../support/api.js'
import { runCommandProcess, type Ended } from '../support/command-process.js'
import { createTenant, type TestTenant } from '../support/records.js'

let clone: ClonedDatabase
let admin: pg.Client
let database: Database
let tenant: TestTenant

beforeAll(async () => {
  clone = await cloneDatabase()
  admin = new pg.Client({ connectionString: clone.adminUrl })
  await admin.connect()
  // Else autovacuum, which looks once a minute, analyzes the tables in the middle of the tests.
  for (const table of ['contacts', 'contact_search', 'custom_field_values']) {
    await admin.query(`alter table ${table} set (autovacuum_enabled = off)`)
  }
  database = createDatabase(testDatabaseOptions(clone.databaseUrl))
  tenant = await createTenant(database)
  await admin.query(
    `insert into contacts (tenant_id, id, first_name, created_at, updated_at)
     select $1, gen_random_uuid(), 'Contact ' || n, now(), now() from generate_series(1, 1500) as n`,
    [tenant.settings.id],
  )
  // Statistics know of rows within seconds otherwise.
  await admin.query('select pg_stat_force_next_flush()')
  // What the rows of the tests themselves need.
  expect(await optimize()).toMatchObject({ code: 0 })
})

afterAll(async () => {
  await admin.end()
  await database.close()
  await clone.drop()
})

const optimize = (...args: string[]): Promise<Ended> =>
  runCommandProcess('optimize', args, {
    DATABASE_URL: clone.databaseUrl,
    MIGRATION_DATABASE_URL: clone.migrationUrl,
    KITH_SECRET: TEST_SECRET,
  })

const definitions = async (): Promise<unknown[]> =>
  (
    await admin.query(
      `select indexname, indexdef, i.indisvalid from pg_indexes join pg_index i on i.indexrelid = ('public.' || indexname)::regclass
       where schemaname = 'public' order by indexname`,
    )
  ).rows

const searchRows = async (): Promise<unknown[]> =>
  (await admin.query('select * from contact_search order by contact_id')).rows

const lines = ({ stdout }: Ended, start: string): string[] =>
  stdout.split('\n').filter((line) => line.startsWith(start))

test('the indexes that migrations declare are those of a migrated database', async () => {
  const { rows } = await admin.query<{ name: string; table: string; isUnique: boolean }>(
    `select c.relname::text as name, t.relname::text as table, i.indisunique as "isUnique"
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
     where c.relnamespace = 'public'::regnamespace and not exists (select from pg_constraint where conindid = c.oid and contype in ('p', 'u'))
     order by name`,
  )
  const declared = declaredIndexes(new URL('../../prisma/migrations/', import.meta.url))
    .map(({ name, table, isUnique }) => ({ name, table, isUnique }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  expect(declared).toEqual(rows)
  expect(declared.length).toBeGreaterThan(90)
})

describe('db:optimize', () => {
  test('finds nothing to do in what it has mended, and changes nothing then', async () => {
    const before = await definitions()
    const again = await optimize()
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toMatch(
      /^indexes: all \d+ are there and valid\nsearch rows: 1500 records looked at; all fit\nstatistics: fit the rows\n/,
    )
    expect(await optimize('--check')).toMatchObject({ code: 0, stdout: again.stdout })
    expect(await definitions()).toEqual(before)
  })

  test('with --check tells what is missing, changes nothing, and ends with 1; without it mends all of that', async () => {
    const [whole, texts] = [await definitions(), await searchRows()]
    expect(texts).toHaveLength(1500)
    await admin.query('drop index idx_contacts_full_name, users_email_key')
    await admin.query('drop statistics kith_custom_field_values_field')
    await admin.query(`update pg_index set indisvalid = false where indexrelid = 'idx_companies_text'::regclass`)
    await admin.query(
      `delete from contact_search where contact_id in (select contact_id from contact_search order by contact_id limit 2)`,
    )
    await admin.query(
      `update contact_search set text = 'stale' where contact_id in (select contact_id from contact_search order by contact_id desc limit 3)`,
    )
    const broken = await definitions()
    const check = await optimize('--check')
    expect(check.code).toBe(1)
    expect(check.stderr).toContain('Something is missing. Run: npm run -s db:optimize\n')
    expect(lines(check, 'index ').sort()).toEqual([
      'index idx_companies_text on companies: invalid',
      'index idx_contacts_full_name on contacts: missing',
      'index users_email_key on users: missing',
    ])
    expect(lines(check, 'statistics kith_')).toEqual([
      'statistics kith_custom_field_values_field on custom_field_values: missing',
    ])
    expect(lines(check, 'search rows')).toEqual(['search rows: 1500 records looked at; 5 are stale'])
    expect(await definitions()).toEqual(broken)
    const mended = await optimize()
    expect(mended.code).toBe(0)
    expect(lines(mended, 'index ')).toHaveLength(3)
    expect(lines(mended, 'search rows')).toEqual([
      'search rows: 1500 records looked at; 5 were stale and are made anew',
    ])
    expect(await definitions()).toEqual(whole)
    expect(await searchRows()).toEqual(texts)
    expect(await optimize('--check')).toMatchObject({ code: 0 })
  })

  test('makes statistics of what has changed, by which the planner expects the rows of a custom field', async () => {
    await admin.query(
      `insert into custom_field_definitions (tenant_id, id, entity_type, key, label, type, position, created_at, updated_at)
       select $1, gen_random_uuid(), 'CONTACT', 'field_' || n, 'Field', 'NUMBER', n, now(), now() from generate_series(1, 20) as n`,
      [tenant.settings.id],
    )
    await admin.query(
      `insert into custom_field_values (tenant_id, id, entity_type, entity_id, definition_id, number_value, created_at, updated_at)
       select d.tenant_id, gen_random_uuid(), 'CONTACT', c.id, d.id, 1, now(), now()
       from custom_field_definitions d join lateral (select id from contacts where tenant_id = d.tenant_id limit 200) c on true
       where d.tenant_id = $1`,
      [tenant.settings.id],
    )
    await admin.query('select pg_stat_force_next_flush()')
    expect(lines(await optimize('--check'), 'statistics of custom_field_values')).toEqual([
      'statistics of custom_field_values: older than its rows',
    ])
    expect(lines(await optimize(), 'statistics of custom_field_values')).toHaveLength(1)
    const { rows } = await admin.query(
      `select 'f' = any (kinds) as dependencies from (select stxkind::text[] as kinds from pg_statistic_ext
       where stxname = 'kith_custom_field_values_field') as one`,
    )
    expect(rows).toEqual([{ dependencies: true }])
    const filled = await admin.query(
      `select dependencies is not null as filled from pg_stats_ext where statistics_name = 'kith_custom_field_values_field'`,
    )
    expect(filled.rows).toEqual([{ filled: true }])
  })

  test('is done by one at a time', async () => {
    const owner = new pg.Client({ connectionString: clone.migrationUrl })
    await owner.connect()
    await owner.query('select pg_advisory_lock(727410002)')
    expect(await optimize()).toEqual({ code: 1, stdout: '', stderr: 'Another db:optimize is under way.\n' })
    await owner.end()
  })

  test('needs the owner, and no unknown argument', async () => {
    const login = { DATABASE_URL: clone.databaseUrl, KITH_SECRET: TEST_SECRET }
    expect(await runCommandProcess('optimize', [], login)).toMatchObject({
      code: 1,
      stderr: 'MIGRATION_DATABASE_URL is not set: only the owner may make indexes.\n',
    })
    expect(await optimize('--force')).toMatchObject({ code: 2 })
  })
})
