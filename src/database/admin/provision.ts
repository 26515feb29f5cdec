import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { scramVerifier } from './scram.js'

export interface ProvisionOptions {
  /** a superuser */
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
  /** whether the owner may make databases, as `migrate dev` and diffs from migrations do; true */
  readonly createDatabaseRight?: boolean
  readonly log?: (line: string) => void
}

export interface Provisioned {
  /** the database as its owner */
  readonly migrationUrl: string
  /** the database as the login of the server */
  readonly databaseUrl: string
  /** false where a role existed before and keeps a password that isn't known here; its URL then has none */
  readonly passwordsKnown: boolean
}

const GROUPS = ['kith_app', 'kith_keys', 'kith_system']
const OLDEST_SERVER = 150_000
// Any two runs on one server take turns.
const LOCK_KEY = 727_410_001

/** Attributes of a role by their column in pg_roles. */
const ATTRIBUTES = {
  rolcanlogin: 'LOGIN',
  rolinherit: 'INHERIT',
  rolcreatedb: 'CREATEDB',
  rolcreaterole: 'CREATEROLE',
  rolsuper: 'SUPERUSER',
  rolreplication: 'REPLICATION',
  rolbypassrls: 'BYPASSRLS',
} as const

type Attributes = Record<keyof typeof ATTRIBUTES, boolean>

const NOTHING: Attributes = {
  rolcanlogin: false,
  rolinherit: false,
  rolcreatedb: false,
  rolcreaterole: false,
  rolsuper: false,
  rolreplication: false,
  rolbypassrls: false,
}

/**
 * Makes the roles, the database and its extension for statistics, and mends their rights; what exists stays, so it can
 * be run again. Existing logins keep their passwords unless one is given: a running server must not be cut off.
 * @throws Error when the server can't be reached or is too old, or a name is the admin's or taken twice; the driver's
 *   error when the admin may not do it
 */
export async function provision(options: ProvisionOptions): Promise<Provisioned> {
  const { adminUrl, database = 'kith', loginName = 'kith', ownerName = 'kith_owner', log = () => undefined } = options
  const admin = await connect(adminUrl)
  try {
    const version = await check(admin, [loginName, ownerName, ...GROUPS])
    await admin.query('SELECT pg_advisory_lock($1)', [LOCK_KEY])
    await renameKeysRole(admin)
    for (const group of GROUPS) await ensureRole(admin, group, { ...NOTHING, rolinherit: true })
    const ownerRights = {
      ...NOTHING,
      rolcanlogin: true,
      rolinherit: true,
      rolcreatedb: options.createDatabaseRight ?? true,
    }
    const ownerPassword = await ensureLogin(admin, ownerName, ownerRights, options.ownerPassword)
    const loginPassword = await ensureLogin(admin, loginName, { ...NOTHING, rolcanlogin: true }, options.loginPassword)
    await ensureMemberships(admin, loginName, version, log)
    await ensureDatabase(admin, database, ownerName, log)
    const name = pg.escapeIdentifier(database)
    await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC, ${pg.escapeIdentifier(loginName)}`)
    await admin.query(`GRANT CONNECT ON DATABASE ${name} TO ${pg.escapeIdentifier(loginName)}`)
    await prepareDatabase(urlFor(adminUrl, database), ownerName, log)
    return {
      migrationUrl: urlFor(adminUrl, database, { user: ownerName, password: ownerPassword }),
      databaseUrl: urlFor(adminUrl, database, { user: loginName, password: loginPassword }),
      passwordsKnown: ownerPassword !== undefined && loginPassword !== undefined,
    }
  } finally {
    await admin.end()
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'kith provision' })
  // A connection that is lost fails the running query too; without a listener it would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    // A name with several addresses fails with several errors, and the sum of them has no message.
    const reasons = error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error)
    throw new Error(`The server can't be reached as its admin: ${reasons}`, { cause: error })
  }
  return client
}

/** Builds before 0.1.0 called the role that reads keys kith_search; its rights come along with the new name. */
async function renameKeysRole(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ rolname: string }>(
    `SELECT rolname FROM pg_roles WHERE rolname IN ('kith_search', 'kith_keys')`,
  )
  const [only] = rows
  if (rows.length === 1 && only?.rolname === 'kith_search') {
    await admin.query('ALTER ROLE kith_search RENAME TO kith_keys')
  }
}

async function check(admin: pg.Client, names: readonly string[]): Promise<number> {
  const { rows } = await admin.query<{ version: number; self: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_user::text AS self`,
  )
  const { version, self } = rows[0] ?? { version: 0, self: '' }
  if (version < OLDEST_SERVER) throw new Error('The server is older than PostgreSQL 15.')
  const taken = names.find((name, index) => name === self || names.indexOf(name) !== index)
  if (taken !== undefined)
    throw new Error(`The role ${taken} can't be a login of Kith: it is the admin, or has another part.`)
  return version
}

/** Makes a role, or mends what is different. */
async function ensureRole(admin: pg.Client, name: string, wanted: Attributes, secret?: string): Promise<void> {
  const columns = Object.keys(ATTRIBUTES) as (keyof Attributes)[]
  const { rows } = await admin.query<Attributes>(`SELECT ${columns.join(', ')} FROM pg_roles WHERE rolname = $1`, [
    name,
  ])
  // A new role inherits and has nothing else.
  const current = rows[0] ?? { ...NOTHING, rolinherit: true }
  const changes = columns
    .filter((column) => current[column] !== wanted[column])
    .map((column) => `${wanted[column] ? '' : 'NO'}${ATTRIBUTES[column]}`)
  if (secret !== undefined) changes.push(`PASSWORD ${pg.escapeLiteral(secret)}`)
  if (rows[0] && changes.length === 0) return
  await admin.query(`${rows[0] ? 'ALTER' : 'CREATE'} ROLE ${pg.escapeIdentifier(name)} ${changes.join(' ')}`)
}

/** Returns the login's password where it is known now. */
async function ensureLogin(
  admin: pg.Client,
  name: string,
  wanted: Attributes,
  given: string | undefined,
): Promise<string | undefined> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [name])
  const password = given ?? (rowCount === 1 ? undefined : randomBytes(24).toString('base64url'))
  await ensureRole(admin, name, wanted, password === undefined ? undefined : scramVerifier(password))
  return password
}

/** Lets the login name the groups with SET ROLE, without having their rights before, and one of them read statistics. */
async function ensureMemberships(
  admin: pg.Client,
  loginName: string,
  version: number,
  log: (line: string) => void,
): Promise<void> {
  const login = pg.escapeIdentifier(loginName)
  // Before 16 the roles' own INHERIT and NOINHERIT say the same; since then they count only when a membership is made.
  const inherit = (value: boolean): string => (version >= 160_000 ? ` WITH INHERIT ${value}, SET TRUE` : '')
  await admin.query(`GRANT ${GROUPS.join(', ')} TO ${login}${inherit(false)}`)
  await admin.query(`GRANT pg_read_all_stats TO kith_system${inherit(true)}`)
  const { rows } = await admin.query<{ name: string }>(
    `SELECT roleid::regrole::text AS name FROM pg_auth_members
     WHERE member = $1::regrole AND roleid <> ALL ($2::regrole[]) ORDER BY 1`,
    [login, GROUPS],
  )
  if (rows.length > 0) {
    log(`${loginName} is a member of ${rows.map((row) => row.name).join(', ')} too, and may act as these: revoke it.`)
  }
}

async function ensureDatabase(
  admin: pg.Client,
  database: string,
  ownerName: string,
  log: (line: string) => void,
): Promise<void> {
  const { rows } = await admin.query<{ encoding: string; ctype: string }>(
    'SELECT pg_encoding_to_char(encoding) AS encoding, datctype AS ctype FROM pg_database WHERE datname = $1',
    [database],
  )
  const name = pg.escapeIdentifier(database)
  const owner = pg.escapeIdentifier(ownerName)
  if (rows[0]) {
    const { encoding, ctype } = rows[0]
    await admin.query(`ALTER DATABASE ${name} OWNER TO ${owner}`)
    if (encoding !== 'UTF8' || ctype === 'C' || ctype === 'POSIX') {
      log(`The database ${database} exists in ${encoding} with the locale ${ctype}: Kith won't serve it. Make it anew.`)
    }
    return
  }
  const base = `CREATE DATABASE ${name} OWNER ${owner} TEMPLATE template0 ENCODING 'UTF8'`
  try {
    // Trigrams of every script need a UTF-8 LC_CTYPE; under C there are none for '山'.
    await admin.query(`${base} LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`)
  } catch (error) {
    // 42809: the server's machine doesn't know the locale.
    if (!(error instanceof pg.DatabaseError) || error.code !== '42809') throw error
    log(`The server has no locale C.UTF-8 (${error.message}); the database gets the server's own.`)
    await admin.query(base)
  }
}

async function prepareDatabase(url: string, ownerName: string, log: (line: string) => void): Promise<void> {
  const client = await connect(url)
  try {
    await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC')
    await client.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${pg.escapeIdentifier(ownerName)}`)
    const problem = await ensureStatistics(client)
    if (problem !== undefined) {
      log(
        `Statistics of statements stay off: ${problem}. Set shared_preload_libraries = 'pg_stat_statements' and pg_stat_statements.track_utility = off, and restart the server.`,
      )
    }
  } finally {
    await client.end()
  }
}

/** Returns what is missing for pg_stat_statements; undefined where it works. */
async function ensureStatistics(client: pg.Client): Promise<string | undefined> {
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public')
  } catch (error) {
    // The extension's files aren't there.
    if (!(error instanceof pg.DatabaseError) || !['0A000', '58P01'].includes(error.code ?? '')) throw error
    return error.message
  }
  const { rows } = await client.query<{ max: string | null }>(
    `SELECT current_setting('pg_stat_statements.max', true) AS max`,
  )
  return rows[0]?.max ? undefined : 'pg_stat_statements is not preloaded'
}

// URLs of sockets have no host, and without one the URL class takes no login.
const NO_HOST = 'no-host.invalid'

/** The admin's URL with another database and login; host, port, TLS and other parameters stay. */
function urlFor(adminUrl: string, database: string, login?: { user: string; password: string | undefined }): string {
  const url = new URL(adminUrl.replace(/^(\w+:\/\/(?:[^/?#]*@)?)(?=\/)/, `$1${NO_HOST}`))
  url.pathname = `/${encodeURIComponent(database)}`
  if (login) {
    for (const name of ['user', 'password']) if (url.searchParams.has(name)) url.searchParams.delete(name)
    url.username = encodeURIComponent(login.user)
    url.password = encodeURIComponent(login.password ?? '')
  }
  return url.href.replace(NO_HOST, '')
}
