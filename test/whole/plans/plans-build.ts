import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import pg from 'pg'
import { createGrowingStatistics } from '../../../src/database/admin/analyze.js'
import { createDatabase, type Database } from '../../../src/database/database.js'
import type { ServerUrls } from '../../../src/database/embedded/connection-file.js'
import { loadDemo } from '../../../src/demo/load.js'
import { processEnvironment } from '../../setup/test-run.js'
import { CUSTOM_VALUES_SQL } from './custom-values.js'
import { plansTenants, type PlansSpec } from './plans-spec.js'

// Until the rows are in. As a replica's, writes don't look up foreign keys: 1,700,000 custom values took 103 s with it, and 25 s
// without; the load makes no reference to what isn't there.
const WHILE_BUILDING = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  session_replication_role: 'replica',
  maintenance_work_mem: '1GB',
}

// The same rows on every day.
const NOW = new Date('2026-10-01T09:00:00.000Z')

// Some rows of each kind that the demo data has none of: deleted ones, and nulls in columns that it always fills.
const AFTERWARDS = [
  `update contacts set deleted_at = updated_at + interval '1 day' where hashtextextended(id::text, 1) % 25 = 0`,
  `update companies set deleted_at = updated_at + interval '1 day' where hashtextextended(id::text, 2) % 25 = 0`,
  `update contacts set external_id = null where hashtextextended(id::text, 3) % 4 = 0`,
  `update companies set external_id = null, domain = null where hashtextextended(id::text, 4) % 4 = 0`,
  `delete from contact_search using contacts where contacts.tenant_id = contact_search.tenant_id
     and contacts.id = contact_search.contact_id and contacts.deleted_at is not null`,
  `delete from company_search using companies where companies.tenant_id = company_search.tenant_id
     and companies.id = company_search.company_id and companies.deleted_at is not null`,
]

/**
 * Fills a new server: migrations, then demo data for each tenant without the indexes that only reads need, then those
 * indexes, statistics and visibility, and at last the tenant that statistics don't know.
 */
export async function buildPlans(urls: ServerUrls, spec: PlansSpec, log: (line: string) => void): Promise<void> {
  deploy(urls.migration)
  const admin = new pg.Client({ connectionString: Object.assign(new URL(urls.admin), { pathname: '/kith' }).href })
  await admin.connect()
  const database = openForLoading(urls.app)
  const startedAtMs = performance.now()
  const say = (what: string): void =>
    log(`${((performance.now() - startedAtMs) / 1000).toFixed(0).padStart(4)} s  ${what}`)
  try {
    // Autovacuum stays off: plans and buffers are to be the same at every run.
    for (const [name, value] of Object.entries({ ...WHILE_BUILDING, autovacuum: 'off' })) {
      await admin.query(`alter system set ${name} = '${value}'`)
    }
    await admin.query('select pg_reload_conf()')
    const indexes = await dropIndexes(admin)
    await loadTenants(database, urls.migration, spec, say)
    for (const text of AFTERWARDS) await admin.query(text)
    say('some rows deleted, some values removed')
    for (const text of CUSTOM_VALUES_SQL) await admin.query(text)
    say('values of custom fields')
    for (const text of indexes) await admin.query(text)
    say(`${indexes.length} indexes`)
    await admin.query('vacuum (analyze, freeze)')
    say('statistics and visibility')
    await loadDemo(database, { tenantSlug: 'fresh', ...spec.fresh, now: NOW })
    say('a tenant that they do not know')
    for (const name of Object.keys(WHILE_BUILDING)) await admin.query(`alter system reset ${name}`)
    await admin.query('select pg_reload_conf()')
    await admin.query('checkpoint')
  } finally {
    await database.close()
    await admin.end()
  }
}

function deploy(migrationUrl: string): void {
  const prisma = join(process.cwd(), 'node_modules/prisma/build/index.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, 'migrate', 'deploy'], {
    encoding: 'utf8',
    env: { ...processEnvironment(), MIGRATION_DATABASE_URL: migrationUrl },
  })
  if (status !== 0) throw new Error(`prisma migrate deploy failed:\n${stdout}${stderr}`)
}

function openForLoading(connectionString: string): Database {
  return createDatabase({
    pool: {
      connectionString,
      max: 4,
      maxIdle: 4,
      lifetimeSeconds: 3600,
      idleSeconds: 60,
      acquireTimeoutMs: 10_000,
    },
    timeouts: { statementTimeoutMs: 120_000, lockTimeoutMs: 10_000, idleInTransactionTimeoutMs: 60_000 },
  })
}

/** Drops the indexes that the load itself doesn't need, and returns what makes them anew. */
async function dropIndexes(admin: pg.Client): Promise<string[]> {
  // The load refuses doubles by unique indexes, and reads contact info by its owner.
  const { rows } = await admin.query<{ name: string; text: string }>(
    `select indexname as name, indexdef as text from pg_indexes where schemaname = 'public'
       and indexdef not like 'CREATE UNIQUE %' and indexname not like '%_entity_composite' order by indexname`,
  )
  for (const { name } of rows) await admin.query(`drop index ${pg.escapeIdentifier(name)}`)
  return rows.map(({ text }) => text)
}

async function loadTenants(
  database: Database,
  migrationUrl: string,
  spec: PlansSpec,
  say: (what: string) => void,
): Promise<void> {
  const statistics = createGrowingStatistics(migrationUrl)
  // One after the other: each load has two batches under way by itself.
  for (const { slug, size } of plansTenants(spec)) {
    let quarter = 1
    const onProgress = (done: number, total: number): void => {
      statistics.update(done)
      if (total < 100_000 || done * 4 < quarter * total) return
      quarter++
      say(`${slug}: ${done} of ${total} records`)
    }
    await loadDemo(database, { tenantSlug: slug, ...size, now: NOW, onProgress })
  }
  await statistics.end()
  say(`${plansTenants(spec).length} tenants loaded`)
}
