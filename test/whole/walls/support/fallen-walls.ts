import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { createConnectionPool, type ConnectionPool } from '../../../../src/database/connection-pool.js'
import { createDatabaseOver, type Database, type DatabaseOptions } from '../../../../src/database/database.js'
import { runReadFlight } from '../../../../src/database/flight.js'
import type { QueryRunner } from '../../../../src/database/pipeline.js'
import type { Row, Statement } from '../../../../src/database/statement.js'
import { TENANT_TABLES } from './schema-contract.js'

/** Which walls a test takes away, by rewriting what goes to the server. */
export interface FallenWalls {
  /** wall 1: every `tenant_id = $n` becomes true */
  readonly conditions?: boolean
  /** wall 2: this role, which bypasses row-level security, in the place of the three */
  readonly bypassRole?: string
  /** wall 2 of kith_keys: what it returns is compared with nobody */
  readonly comparison?: boolean
}

// Ours and Prisma's: tenant_id = $1, "tenant_id" = $1, contacts.tenant_id = $1, "public"."contacts"."tenant_id" = $1.
const CONDITION = /(?:"?\w+"?\.)*"?\btenant_id"?\s*=\s*(\$\d+)(?:::\w+)?/g
const ROLE = /SET LOCAL ROLE kith_(?:app|keys|system)\b/g

/** How many conditions on the tenant an SQL text has. */
export function countTenantConditions(text: string): number {
  return [...text.matchAll(CONDITION)].length
}

const TABLE = /\b(?:from|join|update)\s+(?:"?public"?\.)?"?(\w+)"?(?:\s+as\s+"?(\w+)"?)?/gi

/**
 * The tables with tenants' rows that a text reads without saying whose, by their names in the text. Each name must be
 * held to a parameter, or to another name, as often as it stands for a table.
 */
export function tablesWithoutTenant(text: string): string[] {
  // What a WITH defines under a table's name is none.
  const isTable = (table: string): boolean =>
    TENANT_TABLES.includes(table) && !new RegExp(`\\b${table}"? as (?:materialized )?\\(`).test(text)
  const names = [...text.matchAll(TABLE)].flatMap(([, table = '', alias = table]) =>
    isTable(table) ? [{ name: alias, mayBeBare: alias === table }] : [],
  )
  return names.flatMap(({ name, mayBeBare }) => {
    const path = `(?:"?public"?\\.)?"?\\b${name}"?\\."?tenant_id"?`
    const bare = mayBeBare ? '|(?<![\\w".])"?tenant_id"?' : ''
    const held = text.matchAll(new RegExp(`(?:${path}${bare})\\s*=\\s*(?:\\$\\d+|"?\\w+"?\\."?tenant_id"?)`, 'g'))
    return [...held].length < names.filter((other) => other.name === name).length ? [name] : []
  })
}

/** An SQL text as it goes to the server without the fallen walls; the parameters keep their numbers and types. */
export function withoutWalls(text: string, { conditions, bypassRole }: FallenWalls): string {
  const open = conditions ? text.replaceAll(CONDITION, '($1::uuid is not null)') : text
  return bypassRole === undefined ? open : open.replaceAll(ROLE, `SET LOCAL ROLE ${bypassRole}`)
}

/** A query that sends its own messages, as FlightQuery and CommandQuery do. */
interface SubmittedQuery {
  submit: (driver: object) => unknown
}

function isSubmitted(query: unknown): query is SubmittedQuery {
  return typeof query === 'object' && query !== null && 'submit' in query
}

/** The driver's connection, whose messages with texts, Parse and Query, carry rewritten ones. */
function rewritingTexts(driver: object, rewrite: (text: string) => string): object {
  return new Proxy(driver, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const call = value.bind(target) as (message: unknown) => unknown
      if (name === 'query') return (text: string) => call(rewrite(text))
      if (name !== 'parse') return call
      return (message: { readonly text: string }) => call({ ...message, text: rewrite(message.text) })
    },
  })
}

/** A pool whose connections rewrite each text on its way. */
function openFallenPool(pool: ConnectionPool, walls: FallenWalls): ConnectionPool {
  const rewrite = (query: unknown): unknown => {
    if (typeof query === 'string') return withoutWalls(query, walls)
    if (isSubmitted(query)) {
      const submit = query.submit.bind(query)
      query.submit = (driver) => submit(rewritingTexts(driver, (text) => withoutWalls(text, walls)))
      return query
    }
    const config = query as { text: string }
    return { ...config, text: withoutWalls(config.text, walls) }
  }
  return {
    ...pool,
    async acquire() {
      const connection = await pool.acquire()
      const client = new Proxy(connection.client, {
        get(target, name) {
          if (name === 'query')
            return (query: unknown, ...rest: unknown[]) => target.query(rewrite(query) as string, ...(rest as []))
          const value: unknown = Reflect.get(target, name, target)
          return typeof value === 'function' ? (value.bind(target) as unknown) : value
        },
      })
      return { client, release: (destroy) => connection.release(destroy) }
    },
  }
}

/** The database floor over a pool without some walls. */
export function openFallenDatabase(options: DatabaseOptions, walls: FallenWalls): Database {
  const runner: QueryRunner = {
    pool: openFallenPool(createConnectionPool(options.pool), walls),
    timeouts: options.timeouts,
    observe: options.observeStatement ?? (() => undefined),
  }
  const database = createDatabaseOver(runner, options.observeOperation)
  if (!walls.comparison) return database
  const fallen: Database = {
    ...database,
    until: () => fallen,
    keys: async <Result extends object = Row>(tenantId: string, statement: Statement) => {
      const [answer] = await runReadFlight(runner, 'kith_keys', tenantId, [statement])
      if (!answer || 'error' in answer) throw answer?.error as Error
      return answer.rows as Result[]
    },
  }
  return fallen
}

/** A role with the rights of all three that row-level security does not hold back; the login may take it on. */
export async function createBypassRole(
  adminUrl: string,
  login: string,
): Promise<{ name: string; drop(): Promise<void> }> {
  const name = `kith_test_bypass_${randomBytes(4).toString('hex')}`
  const run = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: adminUrl })
    await client.connect()
    await client.query(text).finally(() => client.end())
  }
  await run(
    `create role ${name} nologin inherit bypassrls; grant kith_app, kith_keys, kith_system to ${name}; grant ${name} to ${pg.escapeIdentifier(login)}`,
  )
  return { name, drop: () => run(`drop role ${name}`) }
}
