import { readdirSync } from 'node:fs'
import pg from 'pg'
import { isServerError } from '../errors.js'
import { ROOM_SQL } from '../pool-share.js'
import { keepsPreparedStatements } from './pooler-check.js'

/** A reason not to serve, with the command that mends it. */
export class StartRefused extends Error {
  constructor(problems: readonly string[]) {
    super(`The database is not fit to serve:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'StartRefused'
  }
}

interface Findings {
  encoding: string
  is_superuser: boolean
  bypasses_rls: boolean
  owns_tables: boolean
  inherits: boolean
  unprotected: string[]
  loose_keys: string[]
  unstable: string[]
}

// One look at the catalogue: who we are, and whether the walls stand. Tables with a tenant_id need row security, a
// policy for kith_app, and tenant_id first in each primary key, unique index and foreign key.
const FINDINGS = `
  with guarded as (
    select c.oid, c.relname, c.relrowsecurity, a.attnum
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  )
  select
    current_setting('server_encoding') as encoding,
    coalesce((select rolsuper from pg_roles where rolname = session_user), false) as is_superuser,
    coalesce((select rolbypassrls from pg_roles where rolname = session_user), false) as bypasses_rls,
    coalesce((select rolinherit from pg_roles where rolname = session_user), false) as inherits,
    exists (select from pg_class c join pg_roles r on r.oid = c.relowner
      where r.rolname = session_user and c.relnamespace = 'public'::regnamespace) as owns_tables,
    array(select relname::text from guarded g where not relrowsecurity or not exists (
      select from pg_policy p where p.polrelid = g.oid
        and to_regrole('kith_app') = any (p.polroles) and p.polqual is not null) order by 1) as unprotected,
    array(select i.indexrelid::regclass::text from guarded g join pg_index i on i.indrelid = g.oid
      where i.indisunique and i.indkey[0] <> g.attnum
      union all
      select k.conname::text from guarded g join pg_constraint k on k.conrelid = g.oid
      where k.contype = 'f' and k.conkey[1] <> g.attnum order by 1) as loose_keys,
    array(select distinct f.proname::text from pg_policy p
      join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
      join pg_proc f on f.oid = d.refobjid
      where f.provolatile <> 's' and f.pronamespace = 'public'::regnamespace order by 1) as unstable`

const PROVISION = 'ADMIN_DATABASE_URL=postgresql://… npm run db:provision'
const NOT_THE_LOGIN = `the login of DATABASE_URL may not act as kith_system. Use the one that this prints: ${PROVISION}`
const UNDEFINED_TABLE = '42P01'
// The role is there and this login isn't a member of it (42501); there is no such role (22023).
const FORBIDDEN_STATES = new Set(['42501', '22023'])
const POOLER =
  'prepared statements are lost: a pooler in transaction mode lies between. Set KITH_POOLER=transaction, or use PgBouncer 1.21 or newer with max_prepared_statements'
const DEPLOY = 'MIGRATION_DATABASE_URL=postgresql://… npm run db:deploy'

/** The names of the migrations that this build knows, in their order. */
export function knownMigrations(folder: URL): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/**
 * Looks whether the database is fit to serve: migrated, in UTF-8 with trigrams of every script, its walls standing, and
 * reached by a login that can't step over them. Returns the room for connections: what the server allows less its
 * reserve.
 * @throws StartRefused with all reasons; the driver's error when there is no connection
 */
export async function checkDatabase(
  connectionString: string,
  migrations: readonly string[],
  pooler?: 'transaction',
): Promise<{ maxConnections: number }> {
  const client = new pg.Client({ connectionString, application_name: 'kith start', connectionTimeoutMillis: 5000 })
  await client.connect()
  try {
    const problems: string[] = []
    const applied = await appliedMigrations(client)
    if (applied === undefined) problems.push(NOT_THE_LOGIN)
    const missing = applied ? migrations.filter((name) => !applied.includes(name)) : []
    if (missing.length > 0) problems.push(`migrations are missing: ${missing.join(', ')}. Run: ${DEPLOY}`)
    const { rows } = await client.query<Findings>(FINDINGS)
    if (rows[0]) problems.push(...describe(rows[0]))
    if (applied && missing.length === 0 && !(await hasTrigrams(client))) {
      problems.push(`show_trgm('山') is empty: the database's LC_CTYPE is C. Make one with C.UTF-8. Run: ${PROVISION}`)
    }
    if (pooler === undefined && !(await keepsPreparedStatements(connectionString))) problems.push(POOLER)
    if (problems.length > 0) throw new StartRefused(problems)
    const room = await client.query<{ room: number }>(`select ${ROOM_SQL} as room`)
    return { maxConnections: room.rows[0]?.room ?? 0 }
  } finally {
    await client.end()
  }
}

/** The names of the migrations that ran; undefined where the login may not know. */
async function appliedMigrations(client: pg.Client): Promise<string[] | undefined> {
  try {
    await client.query('BEGIN; SET LOCAL ROLE kith_system')
    const { rows } = await client.query<{ migration_name: string }>(
      'select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
    )
    return rows.map((row) => row.migration_name)
  } catch (error) {
    // No such table: nothing was ever applied.
    if (isServerError(error) && error.code === UNDEFINED_TABLE) return []
    if (isServerError(error) && FORBIDDEN_STATES.has(error.code)) return undefined
    throw error
  } finally {
    await client.query('ROLLBACK')
  }
}

async function hasTrigrams(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ trigrams: number }>(`select cardinality(show_trgm('山')) as trigrams`)
  return (rows[0]?.trigrams ?? 0) > 0
}

function describe(found: Findings): string[] {
  const problems: string[] = []
  if (found.encoding !== 'UTF8') problems.push(`the database is ${found.encoding}, not UTF8. Run: ${PROVISION}`)
  const rights = [
    found.is_superuser && 'is a superuser',
    found.bypasses_rls && 'bypasses row-level security',
    found.owns_tables && 'owns tables',
    found.inherits && 'inherits the rights of its roles',
  ].filter(Boolean)
  if (rights.length > 0) {
    problems.push(`the login of DATABASE_URL ${rights.join(' and ')}. Use the one that this prints: ${PROVISION}`)
  }
  if (found.unprotected.length > 0) problems.push(`no policy on: ${found.unprotected.join(', ')}. Run: ${DEPLOY}`)
  if (found.loose_keys.length > 0) problems.push(`keys without tenant_id in front: ${found.loose_keys.join(', ')}`)
  if (found.unstable.length > 0)
    problems.push(`policies call functions that are not STABLE: ${found.unstable.join(', ')}`)
  return problems
}
