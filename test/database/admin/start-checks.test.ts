import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { checkDatabase, knownMigrations, StartRefused } from '../../../src/database/admin/start-checks.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'

const MIGRATIONS = knownMigrations(new URL('../../../prisma/migrations/', import.meta.url))
const DEPLOY = 'MIGRATION_DATABASE_URL=postgresql://… npm run db:deploy'
const PROVISION = 'ADMIN_DATABASE_URL=postgresql://… npm run db:provision'

let clone: ClonedDatabase

beforeEach(async () => {
  clone = await cloneDatabase()
})

afterEach(async () => {
  await clone.drop()
})

async function asAdmin(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: clone.adminUrl })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

/** The reasons not to serve, one a line; none when the database is fit. */
async function reasons(url = clone.databaseUrl): Promise<string[]> {
  try {
    await checkDatabase(url, MIGRATIONS)
    return []
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    const [first, ...lines] = error.message.split('\n  ')
    expect(first).toBe('The database is not fit to serve:')
    return lines
  }
}

describe('a database is served', () => {
  test('when it is migrated, and the room for connections is known', async () => {
    const client = new pg.Client({ connectionString: clone.adminUrl })
    await client.connect()
    const { rows } = await client.query<{ max: string; reserved: string }>(
      `select current_setting('max_connections') as max, current_setting('superuser_reserved_connections') as reserved`,
    )
    await client.end()
    const room = Number(rows[0]?.max) - Number(rows[0]?.reserved)
    expect(await checkDatabase(clone.databaseUrl, MIGRATIONS)).toEqual({ maxConnections: room })
    expect(room).toBeGreaterThan(0)
  })

  test('when it has migrations that this build does not know', async () => {
    expect(await checkDatabase(clone.databaseUrl, MIGRATIONS.slice(0, 1))).toHaveProperty('maxConnections')
  })
})

describe('a database is refused', () => {
  test('to a superuser', async () => {
    // An extension's view, where there is one, counts among what it owns.
    const [reason = '', ...others] = await reasons(clone.adminUrl)
    expect(reason.replace(' and owns tables', '')).toBe(
      'the login of DATABASE_URL is a superuser and bypasses row-level security and inherits the rights of its roles. ' +
        `Use the one that this prints: ${PROVISION}`,
    )
    expect(others).toEqual([])
  })

  test('to its owner', async () => {
    expect(await reasons(clone.migrationUrl)).toContain(
      `the login of DATABASE_URL owns tables and inherits the rights of its roles. Use the one that this prints: ${PROVISION}`,
    )
  })

  test.each([
    ['that has no policy for kith_app', 'drop policy kith_app_tenant on contacts', 'contacts'],
    ['without row security', 'alter table companies disable row level security', 'companies'],
    ['that somebody has added', 'create table notes (tenant_id uuid not null, id uuid not null)', 'notes'],
    [
      'whose policy is for another role',
      'drop policy kith_app_tenant on users; create policy p on users to kith_system using (tenant_id = app_tenant())',
      'users',
    ],
  ])('with a table %s', async (_, text, table) => {
    await asAdmin(text)
    expect(await reasons()).toEqual([`no policy on: ${table}. Run: ${DEPLOY}`])
  })

  test.each([
    ['unique index', 'create unique index contacts_loose_key on contacts (id, tenant_id)', 'contacts_loose_key'],
    [
      'primary key',
      "create table notes (tenant_id uuid, id uuid primary key); select kith_protect_table('notes', '{}')",
      'notes_pkey',
    ],
    [
      'foreign key',
      'alter table contacts add constraint contacts_loose_fkey foreign key (company_id, tenant_id) references companies (id, tenant_id)',
      'contacts_loose_fkey',
    ],
  ])('with a %s without tenant_id in front', async (_, text, name) => {
    await asAdmin(text)
    expect(await reasons()).toEqual([`keys without tenant_id in front: ${name}`])
  })

  test.each(['immutable', 'volatile'])('when app_tenant() is %s', async (volatility) => {
    await asAdmin(`alter function app_tenant() ${volatility}`)
    expect(await reasons()).toEqual(['policies call functions that are not STABLE: app_tenant'])
  })

  test('when a migration is missing, was rolled back or never finished', async () => {
    const [first = '', second = '', third = ''] = MIGRATIONS
    await asAdmin(`delete from _prisma_migrations where migration_name = '${first}'`)
    await asAdmin(`update _prisma_migrations set finished_at = null where migration_name = '${second}'`)
    await asAdmin(`update _prisma_migrations set rolled_back_at = now() where migration_name = '${third}'`)
    expect(await reasons()).toEqual([`migrations are missing: ${first}, ${second}, ${third}. Run: ${DEPLOY}`])
  })

  test('when nothing was ever migrated', async () => {
    await asAdmin('drop table _prisma_migrations')
    expect(await reasons()).toEqual([`migrations are missing: ${MIGRATIONS.join(', ')}. Run: ${DEPLOY}`])
  })

  test('for all reasons at once', async () => {
    await asAdmin('alter table companies disable row level security; drop policy kith_app_tenant on contacts')
    await asAdmin(
      'create unique index contacts_loose_key on contacts (id, tenant_id); alter function app_tenant() immutable',
    )
    await asAdmin(`delete from _prisma_migrations where migration_name = '${MIGRATIONS[0] ?? ''}'`)
    expect(await reasons()).toEqual([
      `migrations are missing: ${MIGRATIONS[0] ?? ''}. Run: ${DEPLOY}`,
      `no policy on: companies, contacts. Run: ${DEPLOY}`,
      'keys without tenant_id in front: contacts_loose_key',
      'policies call functions that are not STABLE: app_tenant',
    ])
  })
})
