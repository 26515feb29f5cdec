import { createHash } from 'node:crypto'
import pg from 'pg'
import { createDatabase, type Database } from '../../src/database/database.js'
import { loadDemo, type DemoOptions } from '../../src/demo/load.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { testDatabaseOptions } from '../support/api.js'

/** The clock of loads whose day doesn't matter. */
export const NOW = new Date('2026-10-01T09:00:00.000Z')

/** A database of a test's own, to load demo data into. */
export interface Place {
  readonly database: Database
  readonly admin: pg.Client
  close(): Promise<void>
}

/** Opens one; the test closes it. */
export async function openPlace(): Promise<Place> {
  const clone: ClonedDatabase = await cloneDatabase()
  const database = createDatabase({
    ...testDatabaseOptions(clone.databaseUrl, 4),
  })
  const admin = new pg.Client({ connectionString: clone.adminUrl })
  await admin.connect()
  return {
    database,
    admin,
    async close() {
      await admin.end()
      await database.close()
      await clone.drop()
    },
  }
}

/** Loads 500 contacts and 200 companies on a day of its own, unless `options` say otherwise. */
export function load(place: Place, options: Partial<DemoOptions> & { tenantSlug: string }) {
  return loadDemo(place.database, { contacts: 500, companies: 200, now: NOW, ...options })
}

/** The tables that a load fills, beside those of searches. */
export const DEMO_TABLES = [
  'users',
  'industries',
  'company_sizes',
  'companies',
  'contacts',
  'email_addresses',
  'phone_numbers',
  'addresses',
  'social_media_accounts',
  'custom_field_definitions',
  'custom_field_values',
]

/** All rows of a tenant by table, without its id. */
export async function rowsOf({ admin }: Place, tenantId: string): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {}
  for (const table of DEMO_TABLES) {
    const { rows } = await admin.query(
      `select to_jsonb(t) - 'tenant_id' as row from ${table} t where tenant_id = $1 order by id`,
      [tenantId],
    )
    tables[table] = rows.map(({ row }) => row)
  }
  return tables
}

/** The same as one hash, to compare. */
export async function hashOf(place: Place, tenantId: string): Promise<string> {
  return createHash('sha256')
    .update(JSON.stringify(await rowsOf(place, tenantId)))
    .digest('hex')
}
