import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { namePrefix, runAsAdmin, testRun } from './test-run.js'

/** A test file's own database: migrated and empty. */
export interface ClonedDatabase {
  readonly name: string
  /** as the server's login */
  readonly databaseUrl: string
  /** as its owner */
  readonly migrationUrl: string
  /** as the superuser */
  readonly adminUrl: string
  drop(): Promise<void>
}

/** Copies the template database: a fraction of a second instead of seconds of migrations. */
export async function cloneDatabase(): Promise<ClonedDatabase> {
  const { id, adminUrl, migrationUrl, databaseUrl, dataDir } = testRun()
  const name = `${namePrefix(id)}_${randomBytes(4).toString('hex')}`
  const quoted = pg.escapeIdentifier(name)
  const owner = pg.escapeIdentifier(decodeURIComponent(new URL(migrationUrl).username))
  const login = pg.escapeIdentifier(decodeURIComponent(new URL(databaseUrl).username))
  const template = pg.escapeIdentifier(`${namePrefix(id)}_template`)
  // Files copied as they are, which takes two checkpoints: 25 ms instead of 45 in the run's own server, which writes to no disk, and longer elsewhere.
  const strategy = dataDir === null ? '' : 'STRATEGY FILE_COPY'
  await runAsAdmin(adminUrl, `CREATE DATABASE ${quoted} TEMPLATE ${template} OWNER ${owner} ${strategy}`)
  // A copy gets the default grants of a database, not those of its template.
  await runAsAdmin(adminUrl, `REVOKE ALL ON DATABASE ${quoted} FROM PUBLIC`)
  await runAsAdmin(adminUrl, `GRANT CONNECT ON DATABASE ${quoted} TO ${login}`)
  const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href
  return {
    name,
    databaseUrl: at(databaseUrl),
    migrationUrl: at(migrationUrl),
    adminUrl: at(adminUrl),
    drop: async () => void (await runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`)),
  }
}
