import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { parse } from 'pg-connection-string'
import { withoutDatabase } from './no-database.mjs'

/** @typedef {{ factory: object; close(): Promise<void> }} EngineAdapter */
/** @typedef {{ message: string; code: string } | undefined} Problem what the CLI shows; undefined when all is well */

const CODES = { '3D000': 'P1003', '28P01': 'P1000', 28000: 'P1000', 42501: 'P1010' }
// Two deploys at once find the database missing, and both make it: the second is told one of these.
const MADE_MEANWHILE = ['42P04', '23505']
// PostgreSQL's one-byte type: the catalogue is full of it, and the adapter refuses it.
const CHAR_OID = 18
const CHAR_ARRAY_OID = 1002

/** @param {string} url @param {{ database?: string }} [changes] */
function poolConfig(url, changes = {}) {
  const { database, ...rest } = parse(url)
  // The parsed parts keep TLS, sockets and options; Prisma's own parameters are not for the server.
  for (const name of ['schema', 'connection_limit', 'pool_timeout', 'pgbouncer']) delete rest[name]
  return { ...rest, database: changes.database ?? database ?? undefined, max: 4, connectionTimeoutMillis: 10_000 }
}

/** @param {unknown} error @param {string} url */
function describe(error, url) {
  const { host, port, database, user } = parse(url)
  const state = /** @type {{ code?: string }} */ (error).code ?? ''
  const code = CODES[/** @type {keyof CODES} */ (state)] ?? 'P1001'
  const place = `${host ?? 'localhost'}:${port || 5432}`
  const reason = error instanceof Error ? error.message || state : String(error)
  const messages = {
    P1000: `Authentication failed against the database server at ${place}: the credentials for ${user ?? ''} are not valid (${reason}).`,
    P1001: `Can't reach database server at ${place} (${reason}).`,
    P1010: `User ${user ?? ''} was denied access on the database ${database ?? ''} (${reason}).`,
    P1003: `Database ${database ?? ''} does not exist on the database server at ${place}.`,
  }
  return { message: messages[/** @type {keyof messages} */ (code)] ?? reason, code }
}

/** @param {string} url @param {string | undefined} database @param {(client: pg.Client) => Promise<unknown>} work */
async function withClient(url, database, work) {
  const client = new pg.Client(/** @type {pg.ClientConfig} */ (poolConfig(url, database ? { database } : {})))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** @param {string} url @returns {Promise<Problem>} */
export async function canConnect(url) {
  try {
    await withClient(url, undefined, (client) => client.query('SELECT 1'))
    return undefined
  } catch (error) {
    return describe(error, url)
  }
}

/** Creates the database that the URL names. @param {string} url @returns {Promise<Problem>} */
export async function createDatabase(url) {
  const { database } = parse(url)
  try {
    await withClient(url, 'postgres', (client) =>
      client.query(`CREATE DATABASE ${pg.escapeIdentifier(database ?? '')}`),
    )
    return undefined
  } catch (error) {
    if (MADE_MEANWHILE.includes(error.code)) return undefined
    return describe(error, url)
  }
}

/**
 * What the engine reads and writes the database with: Prisma's own adapter, over pools made from the parts of the URL
 * (from a connection string the shadow database would silently be the main one), with two repairs.
 * @param {string} url
 * @returns {EngineAdapter}
 */
export function createEngineAdapter(url) {
  if (!url) return { factory: bindMigrationAwareSqlAdapterFactory(withoutDatabase()), close: async () => undefined }
  const pools = []
  /** @param {string} [database] */
  const open = (database) => {
    const pool = new pg.Pool(/** @type {pg.PoolConfig} */ (poolConfig(url, database ? { database } : {})))
    pool.on('error', () => undefined)
    pools.push(pool)
    return pool
  }
  const end = async (pool) => {
    if (!pool.ended && !pool.ending) await pool.end()
  }
  const main = new PrismaPg(open())
  const factory = {
    provider: main.provider,
    adapterName: main.adapterName,
    connect: async () => repair(await main.connect()),
    connectToShadowDb: async () => {
      const name = `prisma_migrate_shadow_db_${globalThis.crypto.randomUUID()}`
      const admin = open()
      // Through the adapter, whose errors the engine can show: a role without CREATEDB is told so.
      await repair(await new PrismaPg(admin).connect()).executeScript(`CREATE DATABASE "${name}"`)
      const pool = open(name)
      const adapter = repair(await new PrismaPg(pool).connect())
      const dispose = adapter.dispose.bind(adapter)
      adapter.dispose = async () => {
        await dispose()
        // Its own connections must be gone first; FORCE ends what an engine left behind.
        await end(pool)
        await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
        await end(admin)
      }
      return adapter
    },
  }
  return {
    factory: bindMigrationAwareSqlAdapterFactory(factory),
    close: async () => void (await Promise.all(pools.map(end))),
  }
}

function repair(adapter) {
  const queryRaw = adapter.queryRaw.bind(adapter)
  const client = adapter.underlyingDriver()
  // The adapter splits scripts at every semicolon, function bodies included; the server takes a script as a whole.
  adapter.executeScript = async (script) => {
    try {
      await client.query(script)
    } catch (error) {
      adapter.onError(error)
    }
  }
  adapter.queryRaw = async (query) => {
    try {
      return await queryRaw(query)
    } catch (error) {
      const isChar = error?.cause?.kind === 'UnsupportedNativeDataType'
      if (!isChar) throw error
      const { fields, rows } = await adapter.performIO(query)
      return {
        columnNames: fields.map((field) => field.name),
        columnTypes: await columnTypes(queryRaw, query, fields),
        rows,
      }
    }
  }
  return adapter
}

// The adapter knows every type but these two: it is asked for the others by a query that casts them away.
async function columnTypes(queryRaw, query, fields) {
  const isChar = (field) => field.dataTypeID === CHAR_OID || field.dataTypeID === CHAR_ARRAY_OID
  const columns = fields.map((field, index) => (isChar(field) ? `c${index}::text` : `c${index}`))
  const names = fields.map((_, index) => `c${index}`)
  const sql = `SELECT ${columns.join(', ')} FROM (${query.sql.replace(/;\s*$/, '')}) AS t (${names.join(', ')}) LIMIT 0`
  const { columnTypes: types } = await queryRaw({ ...query, sql })
  return types.map((type, index) => {
    if (!isChar(fields[index])) return type
    return fields[index].dataTypeID === CHAR_OID ? ColumnTypeEnum.Character : ColumnTypeEnum.CharacterArray
  })
}
