import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import pg from 'pg'

/** What the global setup made for this run. */
export interface TestRun {
  readonly id: string
  readonly adminUrl: string
  /** the template database as its owner, and as the server's login */
  readonly migrationUrl: string
  readonly databaseUrl: string
  /** the data folder of the run's own server; null where the one of ADMIN_DATABASE_URL is used */
  readonly dataDir: string | null
}

const DAY_MS = 86_400_000
// kith_test_<milliseconds of the start, base 36>_<random>…: what a run makes says when it was made.
const NAME = /^kith_test_([0-9a-z]{8})_[0-9a-f]{6}/

/** The names that a run begins its databases and logins with. */
export function namePrefix(id: string): string {
  return `kith_test_${id}`
}

/** The running run. @throws Error outside of one */
export function testRun(): TestRun {
  const text = process.env['KITH_TEST_RUN']
  if (!text) throw new Error('Tests run through jest, whose global setup makes the database.')
  return JSON.parse(text) as TestRun
}

/** Where the real input of some tests is, if it was said. */
export function testDataDir(): string | undefined {
  return process.env['KITH_TEST_DATA_DIR']
}

/** Runs one statement as the admin. */
export async function runAsAdmin(adminUrl: string, sql: string): Promise<pg.QueryResult<Record<string, string>>> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Drops the databases and logins of a run. */
export async function dropRun(adminUrl: string, id: string): Promise<void> {
  await dropWhere(adminUrl, (name) => name.startsWith(namePrefix(id)))
}

/** Drops what runs that were killed more than a day ago left on a shared server. */
export async function dropLeftovers(adminUrl: string, nowMs: number): Promise<void> {
  await dropWhere(adminUrl, (name) => {
    const [, startedAt] = NAME.exec(name) ?? []
    return startedAt !== undefined && Number.parseInt(startedAt, 36) < nowMs - DAY_MS
  })
}

async function dropWhere(adminUrl: string, fits: (name: string) => boolean): Promise<void> {
  // Databases first: what a login owns is gone with them.
  for (const [kind, column, catalogue] of [
    ['DATABASE', 'datname', 'pg_database'],
    ['ROLE', 'rolname', 'pg_roles'],
  ] as const) {
    const { rows } = await runAsAdmin(
      adminUrl,
      `SELECT ${column} AS name FROM ${catalogue} WHERE ${column} LIKE 'kith\\_test\\_%'`,
    )
    for (const { name = '' } of rows.filter((row) => fits(row['name'] ?? ''))) {
      const force = kind === 'DATABASE' ? ' WITH (FORCE)' : ''
      await runAsAdmin(adminUrl, `DROP ${kind} IF EXISTS ${pg.escapeIdentifier(name)}${force}`)
    }
  }
}

/** The environment of the run, for the processes that a test starts. */
export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env
}

/** The seed of a run's property tests: KITH_TEST_SEED, else any. Names of tests print it. */
export function testSeed(): number {
  const given = processEnvironment()['KITH_TEST_SEED']
  return given === undefined ? randomInt(2 ** 30) : Number(given)
}

/** How often processes are killed in tests that do so: KITH_TEST_KILLS, else twice. */
export function testKills(): number {
  return Number(processEnvironment()['KITH_TEST_KILLS'] ?? 2)
}

/** The browser of the page tests. */
export function testBrowser(): string {
  return process.env['CHROMIUM'] ?? '/usr/bin/chromium'
}

/**
 * The PgBouncer of the tests behind a pooler: the one of `PGBOUNCER`, which says that it must be there, else one that
 * is found; undefined where there is none.
 */
export function testPgBouncer(): string | undefined {
  return process.env['PGBOUNCER'] ?? ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path))
}

/** Prometheus's own check of rule files: the one of `PROMTOOL`, else one that is found; undefined where there is none. */
export function testPromtool(): string | undefined {
  return process.env['PROMTOOL'] ?? ['/usr/bin/promtool', '/usr/local/bin/promtool'].find((path) => existsSync(path))
}
