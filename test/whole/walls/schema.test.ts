import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { LIST_INDEXES, NAMED_INDEXES, TENANT_TABLES } from './support/schema-contract.js'

let clone: ClonedDatabase
let admin: pg.Client

beforeAll(async () => {
  clone = await cloneDatabase()
  admin = new pg.Client({ connectionString: clone.adminUrl })
  await admin.connect()
})

afterAll(async () => {
  await admin.end()
  await clone.drop()
})

async function read(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await admin.query<Record<string, unknown>>(text, values)).rows
}

describe('the tables of tenants', () => {
  test('are these fifteen, and tenants', async () => {
    const found = await read(
      `select relname from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and exists (select from pg_attribute where attrelid = c.oid and attname = 'tenant_id') order by 1`,
    )
    expect(found.map((row) => row['relname'])).toEqual(TENANT_TABLES)
    const others = await read(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and relname <> all ($1) order by 1`,
      [TENANT_TABLES],
    )
    expect(others.map((row) => row['relname'])).toEqual(['_prisma_migrations', 'tenants'])
  })

  test('have row security and one policy for kith_app, which compares with app_tenant() both ways', async () => {
    const found = await read(
      `select c.relname as table, c.relrowsecurity as enabled, p.polcmd as command, p.polpermissive as permissive,
          pg_get_expr(p.polqual, c.oid) as using, pg_get_expr(p.polwithcheck, c.oid) as checks
        from pg_class c left join pg_policy p on p.polrelid = c.oid and 'kith_app'::regrole = any (p.polroles)
        where c.relname = any ($1) order by 1`,
      [[...TENANT_TABLES, 'tenants']],
    )
    const expected = [...TENANT_TABLES, 'tenants'].sort().map((table) => {
      const condition = table === 'tenants' ? '(id = app_tenant())' : '(tenant_id = app_tenant())'
      return { table, enabled: true, command: '*', permissive: true, using: condition, checks: condition }
    })
    expect(found).toEqual(expected)
  })

  test('have no other policies than those that let kith_keys and kith_system read', async () => {
    const found = await read(
      `select p.polname as name, p.polcmd as command, count(*)::int as tables,
          array(select rolname::text from pg_roles where oid = any (min(p.polroles::text)::oid[])) as roles
        from pg_policy p group by 1, 2, p.polroles order by 1`,
    )
    expect(found).toEqual([
      // One of them is of the tenants' history.
      { name: 'kith_app_tenant', command: '*', tables: 25, roles: ['kith_app'] },
      { name: 'kith_keys_all', command: 'r', tables: 13, roles: ['kith_keys'] },
      { name: 'kith_system_all', command: 'r', tables: 8, roles: ['kith_system'] },
    ])
  })

  test('have the primary key (tenant_id, id), those of searches and of usage what they are about', async () => {
    const found = await read(
      `select conrelid::regclass::text as table, pg_get_constraintdef(oid) as key from pg_constraint
        where contype = 'p' and conrelid::regclass::text = any ($1) order by 1`,
      [TENANT_TABLES],
    )
    const others: Record<string, string> = {
      company_search: 'company_id',
      contact_search: 'contact_id',
      custom_field_usage: 'definition_id',
      import_failures: 'job_id, row_index',
      import_file_parts: 'file_id, number',
      job_changes: 'job_id, entity_type, entity_id',
      job_problems: 'job_id, entity_type, entity_id',
      job_targets: 'job_id, block',
    }
    expect(found).toEqual(
      TENANT_TABLES.map((table) => ({ table, key: `PRIMARY KEY (tenant_id, ${others[table] ?? 'id'})` })),
    )
  })

  test('have tenant_id first in every index', async () => {
    const found = await read(
      `select i.indexrelid::regclass::text as name from pg_index i
        where i.indrelid::regclass::text = any ($1) and pg_get_indexdef(i.indexrelid, 1, true) <> 'tenant_id'`,
      [TENANT_TABLES],
    )
    expect(found).toEqual([])
    const [counted] = await read(
      `select count(*)::int as all, count(*) filter (where indisunique)::int as unique from pg_index
        where indrelid::regclass::text = any ($1)`,
      [TENANT_TABLES],
    )
    expect(counted).toEqual({ all: 149, unique: 40 })
  })

  test('have foreign keys that begin with the tenant on both sides', async () => {
    const found = await read(
      `select k.conname as name, (k.confrelid = 'tenants'::regclass) as to_tenant,
          (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) as here,
          (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) as there
        from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace`,
    )
    const toTenant = found.filter((key) => key['to_tenant'])
    const toRecord = found.filter((key) => !key['to_tenant'])
    expect([toTenant.length, toRecord.length]).toEqual([21, 28])
    expect(toTenant.filter((key) => key['here'] !== 'tenant_id' || key['there'] !== 'id')).toEqual([])
    expect(toRecord.filter((key) => key['here'] !== 'tenant_id' || key['there'] !== 'tenant_id')).toEqual([])
  })

  test.each([
    ['the 29 named indexes', NAMED_INDEXES, 29],
    ['the indexes of lists and searches', LIST_INDEXES, 38],
  ])('have %s', async (_, indexes, count) => {
    const found = await read(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
        where indexrelid::regclass::text = any ($1)`,
      [Object.keys(indexes)],
    )
    const definitions = found.map(({ name, definition }) => [
      name,
      String(definition).replace(`CREATE INDEX ${String(name)} ON public.`, ''),
    ])
    expect(Object.fromEntries(definitions)).toEqual(indexes)
    expect(found).toHaveLength(count)
  })

  test('take the longest names, whose folded form is 18 times as long', async () => {
    const longest = '\ufdfa'.repeat(255)
    const tenantId = randomUUID()
    await admin.query(
      `insert into tenants (id, created_at, updated_at, slug, name) values ($1, now(), now(), 'long', 'Long')`,
      [tenantId],
    )
    for (const table of ['industries', 'company_sizes']) {
      await admin.query(
        `insert into ${table} (tenant_id, id, created_at, updated_at, name, position) values ($1, $2, now(), now(), $3, 1)`,
        [tenantId, randomUUID(), longest],
      )
    }
    await admin.query(
      `insert into companies (tenant_id, id, created_at, updated_at, name, legal_name, external_id) values ($1, $2, now(), now(), $3, $3, $3)`,
      [tenantId, randomUUID(), longest],
    )
    await admin.query(
      `insert into contacts (tenant_id, id, created_at, updated_at, first_name, middle_name, last_name, external_id)
        values ($1, $2, now(), now(), $3, $3, $3, $3)`,
      [tenantId, randomUUID(), longest],
    )
    const stored = await read(
      `select char_length(full_name) as name, char_length(full_name_folded) as folded,
          (select char_length(name_folded) from companies where tenant_id = $1) as company
        from contacts where tenant_id = $1`,
      [tenantId],
    )
    expect(stored).toEqual([{ name: 767, folded: 600, company: 255 }])
  })
})

describe('functions', () => {
  test('app_tenant() and what reads rows are STABLE, those of texts are IMMUTABLE', async () => {
    const found = await read(
      `select provolatile as volatility, array_agg(proname::text order by proname) as names from pg_proc
        where (proname = 'app_tenant' or proname like 'kith\\_%') and pronamespace = 'public'::regnamespace group by 1 order by 1`,
    )
    expect(found).toEqual([
      {
        volatility: 'i',
        names: [
          'kith_custom_words', 'kith_email_key', 'kith_email_keys', 'kith_fold', 'kith_fold_each', 'kith_full_name', 'kith_is_cjk', 'kith_joined', 'kith_like', 'kith_pairs',
          'kith_spaced', 'kith_split', 'kith_word_patterns', 'kith_words',
        ], // prettier-ignore
      },
      { volatility: 's', names: ['app_tenant', 'kith_company_texts', 'kith_contact_texts', 'kith_custom_field_key'] },
      {
        volatility: 'v',
        names: [
          'kith_analyze_new',
          'kith_plan_unknown_tenant',
          'kith_protect_table',
          'kith_refresh_company_search',
          'kith_refresh_contact_search',
        ],
      },
    ])
  })

  test.each([
    ['Ångström', 'angstrom'],
    ['Łódź', 'lodz'],
    ['ＫＩＴＨ　１２', 'kith 12'],
    ['Straße', 'strasse'],
    ['İSTANBUL', 'istanbul'],
    ['Æsir ﬁn', 'aesir fin'],
    ['ЁЖ', 'еж'],
    ['山田太郎', '山田太郎'],
    ['', ''],
  ])('kith_fold(%p) is %p', async (text, folded) => {
    expect(await read('select kith_fold($1) as folded', [text])).toEqual([{ folded }])
  })

  test.each([
    [['Ada', null, 'Lovelace'], 'Ada Lovelace'],
    [['Ada', 'King', null], 'Ada King'],
    [[null, null, 'Lovelace'], 'Lovelace'],
    [[null, null, null], null],
    [['', '', ''], null],
  ])('kith_full_name(%p) is %p', async (parts, name) => {
    expect(await read('select kith_full_name($1, $2, $3) as name', parts)).toEqual([{ name }])
  })

  test.each([
    ['50%_\\', '50\\%\\_\\\\'],
    ['plain', 'plain'],
    ['', ''],
  ])('kith_like(%p) stands for itself: %p', async (text, pattern) => {
    expect(await read('select kith_like($1) as pattern, $1 like kith_like($1) as fits', [text])).toEqual([
      { pattern, fits: true },
    ])
  })

  test.each([
    ["o'brien & söhne", ['% o%', '% brien%', '% söhne%']],
    [' a_b  c%', ['% a%', '% b%', '% c%']],
    ['...', []],
  ])('kith_word_patterns(%p) are %p', async (text, patterns) => {
    expect(await read('select kith_word_patterns($1) as patterns', [text])).toEqual([{ patterns }])
  })

  test('kith_fold_each folds each text and cuts it', async () => {
    const [folded] = await read('select kith_fold_each($1, 5) as folded, kith_fold_each($2, 5) as empty', [
      ['Straße', 'É'],
      [],
    ])
    expect(folded).toEqual({ folded: ['stras', 'e'], empty: [] })
  })
})
