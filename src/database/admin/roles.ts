import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { scramVerifier } from './scram.js'

/** What a login becomes with SET ROLE. */
export const GROUPS = ['kith_app', 'kith_keys', 'kith_system']
const INHERITS_BY_MEMBERSHIP = 160_000
const NOT_ALLOWED = '42501'

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

/** Makes the groups of the login, or mends them. */
export async function ensureGroups(admin: pg.Client): Promise<void> {
  await renameKeysRole(admin)
  for (const group of GROUPS) await ensureRole(admin, group, { ...NOTHING, rolinherit: true })
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

/** Makes a login, or mends it; returns its password where it is known now. */
export async function ensureLogin(
  admin: pg.Client,
  name: string,
  rights: Partial<Attributes>,
  given: string | undefined,
): Promise<string | undefined> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [name])
  const password = given ?? (rowCount === 1 ? undefined : randomBytes(24).toString('base64url'))
  await ensureRole(
    admin,
    name,
    { ...NOTHING, rolcanlogin: true, ...rights },
    password === undefined ? undefined : scramVerifier(password),
  )
  return password
}

/**
 * Lets the login name the groups with SET ROLE, without having their rights before. What is right already is left
 * alone: a managed admin may not grant what another one has made.
 */
export async function ensureMemberships(
  admin: pg.Client,
  loginName: string,
  version: number,
  log: (line: string) => void,
): Promise<void> {
  const login = pg.escapeIdentifier(loginName)
  const isRight = version >= INHERITS_BY_MEMBERSHIP ? 'set_option AND NOT inherit_option' : 'true'
  const { rows: missing } = await admin.query<{ name: string }>(
    `SELECT name FROM unnest($2::text[]) AS name WHERE NOT EXISTS (
       SELECT FROM pg_auth_members WHERE member = $1::regrole AND roleid = name::regrole AND ${isRight})`,
    [login, GROUPS],
  )
  for (const { name } of missing) await admin.query(`GRANT ${name} TO ${login}${membership(version, false)}`)
  const { rows } = await admin.query<{ name: string }>(
    `SELECT roleid::regrole::text AS name FROM pg_auth_members
     WHERE member = $1::regrole AND roleid <> ALL ($2::regrole[]) ORDER BY 1`,
    [login, GROUPS],
  )
  if (rows.length > 0) {
    log(`${loginName} is a member of ${rows.map((row) => row.name).join(', ')} too, and may act as these: revoke it.`)
  }
}

/** Lets kith_system read the statistics of all roles; says so where the admin may not grant that, and goes on. */
export async function ensureStatisticsRole(
  admin: pg.Client,
  version: number,
  log: (line: string) => void,
): Promise<void> {
  const { rows } = await admin.query<{ has: boolean }>(
    `SELECT pg_has_role('kith_system', 'pg_read_all_stats', 'USAGE') AS has`,
  )
  if (rows[0]?.has) return
  const grant = `GRANT pg_read_all_stats TO kith_system${membership(version, true)}`
  try {
    await admin.query(grant)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== NOT_ALLOWED) throw error
    log(`kith_system reads no statistics of others (${error.message}). A superuser may say: ${grant}`)
  }
}

/**
 * Makes the admin a member of the owner, as whom it then works: only a superuser may make a database for somebody else,
 * and change its rights, without that. Before 16 a role that makes another one is no member of it, since then one
 * without SET.
 */
export async function joinOwner(admin: pg.Client, ownerName: string, version: number): Promise<void> {
  const name = version >= INHERITS_BY_MEMBERSHIP ? 'SET' : 'MEMBER'
  const { rows } = await admin.query<{ has: boolean }>(
    `SELECT pg_has_role($1, $2) AND pg_has_role($1, 'USAGE') AS has`,
    [ownerName, name],
  )
  if (rows[0]?.has) return
  await admin.query(`GRANT ${pg.escapeIdentifier(ownerName)} TO CURRENT_USER${membership(version, true)}`)
}

// Before 16 the roles' own INHERIT and NOINHERIT say the same; since then they count only when a membership is made.
function membership(version: number, inherit: boolean): string {
  return version >= INHERITS_BY_MEMBERSHIP ? ` WITH INHERIT ${inherit}, SET TRUE` : ''
}
