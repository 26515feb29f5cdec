import pg from 'pg'
import { ensureGroups, ensureLogin, ensureMemberships, ensureStatisticsRole, GROUPS, joinOwner } from './roles.js'

export interface ProvisionOptions {
  /** a superuser, or a role with CREATEROLE and CREATEDB, as managed servers give it */
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
  /** Is told each URL as soon as its role exists: what fails later must not lose a new password. */
  readonly onUrl?: (name: 'MIGRATION_DATABASE_URL' | 'DATABASE_URL', url: string) => void
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

const OLDEST_SERVER = 150_000
// Any two runs on one server take turns.
const LOCK_KEY = 727_410_001
const MEND_STATISTICS =
  "Set shared_preload_libraries = 'pg_stat_statements' and pg_stat_statements.track_utility = off, restart the server, and run this again as a superuser."

/**
 * Makes the roles, the database and its extension for statistics, and mends their rights; what exists stays, so it can
 * be run again. Existing logins keep their passwords unless one is given: a running server must not be cut off.
 * @throws Error when the server can't be reached or is too old, or a name is the admin's or taken twice; the driver's
 *   error when the admin may not do it
 */
export async function provision(options: ProvisionOptions): Promise<Provisioned> {
  const { adminUrl, database = 'kith', loginName = 'kith', ownerName = 'kith_owner' } = options
  const { log = () => undefined, onUrl = () => undefined } = options
  const admin = await connect(adminUrl)
  try {
    const { version, isSuperuser } = await check(admin, [loginName, ownerName, ...GROUPS])
    await admin.query('SELECT pg_advisory_lock($1)', [LOCK_KEY])
    await ensureGroups(admin)
    const ownerRights = { rolinherit: true, rolcreatedb: options.createDatabaseRight ?? true }
    const ownerPassword = await ensureLogin(admin, ownerName, ownerRights, options.ownerPassword)
    const migrationUrl = urlFor(adminUrl, database, { user: ownerName, password: ownerPassword })
    onUrl('MIGRATION_DATABASE_URL', migrationUrl)
    const loginPassword = await ensureLogin(admin, loginName, {}, options.loginPassword)
    const databaseUrl = urlFor(adminUrl, database, { user: loginName, password: loginPassword })
    onUrl('DATABASE_URL', databaseUrl)
    await ensureMemberships(admin, loginName, version, log)
    await ensureStatisticsRole(admin, version, log)
    if (!isSuperuser) await joinOwner(admin, ownerName, version)
    await ensureDatabase(admin, database, ownerName, log)
    const actAs = isSuperuser ? undefined : ownerName
    await as(admin, actAs, async () => {
      const name = pg.escapeIdentifier(database)
      const login = pg.escapeIdentifier(loginName)
      await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC, ${login}`)
      await admin.query(`GRANT CONNECT ON DATABASE ${name} TO ${login}`)
    })
    await prepareDatabase(urlFor(adminUrl, database), ownerName, actAs, log)
    const passwordsKnown = ownerPassword !== undefined && loginPassword !== undefined
    return { migrationUrl, databaseUrl, passwordsKnown }
  } finally {
    await admin.end()
  }
}

/** Runs `work` as another role, where one is named. */
async function as(client: pg.Client, role: string | undefined, work: () => Promise<void>): Promise<void> {
  if (role === undefined) return work()
  await client.query(`SET ROLE ${pg.escapeIdentifier(role)}`)
  await work()
  await client.query('RESET ROLE')
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

async function check(
  admin: pg.Client,
  names: readonly string[],
): Promise<{ readonly version: number; readonly isSuperuser: boolean }> {
  const { rows } = await admin.query<{ version: number; self: string; isSuperuser: boolean }>(
    `SELECT current_setting('server_version_num')::int AS version, rolname AS self, rolsuper AS "isSuperuser"
     FROM pg_roles WHERE rolname = current_user`,
  )
  const { version, self, isSuperuser } = rows[0] ?? { version: 0, self: '', isSuperuser: false }
  if (version < OLDEST_SERVER) throw new Error('The server is older than PostgreSQL 15.')
  const taken = names.find((name, index) => name === self || names.indexOf(name) !== index)
  if (taken !== undefined)
    throw new Error(`The role ${taken} can't be a login of Kith: it is the admin, or has another part.`)
  return { version, isSuperuser }
}

async function ensureDatabase(
  admin: pg.Client,
  database: string,
  ownerName: string,
  log: (line: string) => void,
): Promise<void> {
  const { rows } = await admin.query<{ encoding: string; ctype: string; owner: string }>(
    `SELECT pg_encoding_to_char(encoding) AS encoding, datctype AS ctype, pg_get_userbyid(datdba) AS owner
     FROM pg_database WHERE datname = $1`,
    [database],
  )
  const name = pg.escapeIdentifier(database)
  const owner = pg.escapeIdentifier(ownerName)
  if (rows[0]) {
    const { encoding, ctype, owner: current } = rows[0]
    if (current !== ownerName) await admin.query(`ALTER DATABASE ${name} OWNER TO ${owner}`)
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

async function prepareDatabase(
  url: string,
  ownerName: string,
  actAs: string | undefined,
  log: (line: string) => void,
): Promise<void> {
  const client = await connect(url)
  try {
    await as(client, actAs, async () => {
      await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC')
      await client.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${pg.escapeIdentifier(ownerName)}`)
    })
    const problem = await ensureStatistics(client)
    if (problem !== undefined) {
      log(`Statistics of statements stay off: ${problem}. ${MEND_STATISTICS}`)
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
    // The extension's files aren't there, or the admin may not make it.
    if (!(error instanceof pg.DatabaseError) || !['0A000', '58P01', '42501'].includes(error.code ?? '')) throw error
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
