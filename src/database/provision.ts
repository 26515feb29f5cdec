import { randomBytes } from 'node:crypto'
import pg from 'pg'

export interface ProvisionOptions {
  /** a superuser, or a role that may create roles and databases */
  readonly adminUrl: string
  /** `kith` */
  readonly database?: string
  /** the login of the server; `kith` */
  readonly loginName?: string
  /** the owner of the database; `kith_owner` */
  readonly ownerName?: string
  /** given to the login even where it exists already */
  readonly loginPassword?: string | undefined
  readonly ownerPassword?: string | undefined
  readonly log?: (line: string) => void
}

export interface Provisioned {
  readonly migrationUrl: string
  readonly databaseUrl: string
  /** false where a role existed before and keeps a password that isn't known here; its URL then has none */
  readonly passwordsKnown: boolean
}

const GROUPS = ['kith_app', 'kith_search', 'kith_system']
// Any two runs on one server take turns.
const LOCK_KEY = 727_410_001

/**
 * Makes the roles, the database and its extension for statistics; what exists stays, so it can be run again. Existing
 * logins keep their passwords unless one is given: a running server must not be cut off.
 * @throws the driver's error when the admin may not do it
 */
export async function provision(options: ProvisionOptions): Promise<Provisioned> {
  const { adminUrl, database = 'kith', loginName = 'kith', ownerName = 'kith_owner', log = () => undefined } = options
  const admin = new pg.Client({ connectionString: adminUrl, application_name: 'kith provision' })
  await admin.connect()
  try {
    await admin.query('SELECT pg_advisory_lock($1)', [LOCK_KEY])
    for (const group of GROUPS) {
      if (!(await roleExists(admin, group))) await admin.query(`CREATE ROLE ${group} NOLOGIN NOINHERIT`)
    }
    const ownerPassword = await login(admin, ownerName, 'CREATEDB INHERIT', options.ownerPassword)
    const loginPassword = await login(admin, loginName, 'NOCREATEDB NOINHERIT', options.loginPassword)
    for (const group of GROUPS) await grantGroup(admin, group, loginName)
    await createDatabase(admin, database, ownerName, log)
    const name = pg.escapeIdentifier(database)
    await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`)
    await admin.query(`GRANT CONNECT ON DATABASE ${name} TO ${pg.escapeIdentifier(loginName)}`)
    await prepareDatabase(withDatabase(adminUrl, database), ownerName, log)
    return {
      migrationUrl: urlFor(adminUrl, database, ownerName, ownerPassword),
      databaseUrl: urlFor(adminUrl, database, loginName, loginPassword),
      passwordsKnown: ownerPassword !== undefined && loginPassword !== undefined,
    }
  } finally {
    await admin.end()
  }
}

async function roleExists(admin: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [name])
  return rowCount === 1
}

/** Makes a login or mends its attributes; its password where that is known now. */
async function login(admin: pg.Client, name: string, rights: string, given: string | undefined): Promise<string | undefined> {
  const role = pg.escapeIdentifier(name)
  const exists = await roleExists(admin, name)
  const password = given ?? (exists ? undefined : randomBytes(24).toString('base64url'))
  const secret = password === undefined ? '' : ` PASSWORD ${pg.escapeLiteral(password)}`
  const attributes = `LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION ${rights}`
  await admin.query(`${exists ? 'ALTER' : 'CREATE'} ROLE ${role} ${attributes}${secret}`)
  return password
}

/** Lets the login name the group with SET ROLE, without having its rights before. */
async function grantGroup(admin: pg.Client, group: string, loginName: string): Promise<void> {
  const { rows } = await admin.query<{ server_version_num: string }>('SHOW server_version_num')
  // Before 16 the login's own NOINHERIT says the same.
  const options = Number(rows[0]?.server_version_num) >= 160_000
  await admin.query(`GRANT ${group} TO ${pg.escapeIdentifier(loginName)}${options ? ' WITH INHERIT FALSE, SET TRUE' : ''}`)
}

async function createDatabase(
  admin: pg.Client,
  database: string,
  ownerName: string,
  log: (line: string) => void,
): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database])
  const name = pg.escapeIdentifier(database)
  const owner = pg.escapeIdentifier(ownerName)
  if (rowCount === 1) {
    await admin.query(`ALTER DATABASE ${name} OWNER TO ${owner}`)
    return
  }
  const base = `CREATE DATABASE ${name} OWNER ${owner} TEMPLATE template0 ENCODING 'UTF8'`
  try {
    // Trigrams of every script need a UTF-8 LC_CTYPE; under C there are none for '山'.
    await admin.query(`${base} LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code === '42501') throw error
    log(`The server has no locale C.UTF-8 (${error.message}); the database gets the server's own.`)
    await admin.query(base)
  }
}

async function prepareDatabase(url: string, ownerName: string, log: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC')
    await client.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${pg.escapeIdentifier(ownerName)}`)
    try {
      await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
      await client.query('GRANT pg_read_all_stats TO kith_system')
    } catch (error) {
      log(`Statistics of statements stay off: ${error instanceof Error ? error.message : String(error)}`)
    }
  } finally {
    await client.end()
  }
}

function withDatabase(adminUrl: string, database: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

/** The admin's URL with another database and login; host, port, TLS and other parameters stay. */
function urlFor(adminUrl: string, database: string, user: string, password: string | undefined): string {
  const url = new URL(withDatabase(adminUrl, database))
  url.username = encodeURIComponent(user)
  url.password = password === undefined ? '' : encodeURIComponent(password)
  return url.href
}
