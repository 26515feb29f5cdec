import pg from 'pg'

/** What the global setup made for this run. */
export interface TestRun {
  readonly id: string
  readonly adminUrl: string
  /** the template database as its owner, and as the server's login */
  readonly migrationUrl: string
  readonly databaseUrl: string
  readonly dataDir: string
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

/** Drops the test databases whose names fit. */
export async function dropDatabases(adminUrl: string, fits: (name: string) => boolean): Promise<void> {
  const { rows } = await runAsAdmin(adminUrl, `SELECT datname FROM pg_database WHERE datname LIKE 'kith\\_test\\_%'`)
  for (const { datname = '' } of rows) {
    if (fits(datname)) await runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(datname)} WITH (FORCE)`)
  }
}

/** Drops a run's logins; everything they owned is gone with its databases. */
export async function dropLogins(adminUrl: string, prefix: string): Promise<void> {
  for (const name of [prefix, `${prefix}_owner`]) {
    await runAsAdmin(adminUrl, `DROP ROLE IF EXISTS ${pg.escapeIdentifier(name)}`)
  }
}
