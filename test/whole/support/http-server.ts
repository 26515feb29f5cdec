import { pino } from 'pino'
import { createDatabase, type Database } from '../../../src/database/database.js'
import { NO_ALERTS } from '../../../src/features/alert/alerting.js'
import { signToken } from '../../../src/features/identity/token.js'
import { deriveKey } from '../../../src/lib/derive-key.js'
import type { Role } from '../../../src/lib/principal.js'
import { REQUEST_LIMITS } from '../../../src/graphql/limits.js'
import { createServer } from '../../../src/server.js'
import type { ServerOptions } from '../../../src/start/server-options.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { TEST_SECRET, testDatabaseOptions } from '../../support/api.js'
import { createTenant, type TestTenant } from '../../support/records.js'

/** A real server on a free port of 127.0.0.1, over a database and a tenant of its own. */
export interface HttpServer {
  readonly base: string
  readonly clone: ClonedDatabase
  /** a second pool on the same database, for what a test prepares or looks at */
  readonly database: Database
  readonly tenant: TestTenant
  /** every line of the log, parsed */
  readonly log: Record<string, unknown>[]
  token(role?: Role): Promise<string>
  /** Sends a document as a role. */
  readonly ask: (
    query: string,
    variables?: object,
    role?: Role,
  ) => Promise<{ status: number; body: GraphQLBody; headers: Headers }>
  close(): Promise<void>
}

/** What an answer holds: tests reach into it and assert what they find. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Found = Record<string, any>

export interface GraphQLBody {
  readonly data: Found
  readonly errors?: { readonly message: string; readonly extensions: Record<string, unknown> }[]
}

/** Starts a server; `changes` are its options, also as a function of its tenant, `settings` those of the tenant. */
export async function startHttpServer(
  changes: Partial<ServerOptions> | ((tenant: TestTenant) => Partial<ServerOptions>) = {},
  settings: Parameters<typeof createTenant>[1] = {},
  host = '127.0.0.1',
): Promise<HttpServer> {
  return startServerOver(await cloneDatabase(), changes, settings, host)
}

/** The same over a database that stands already; it is dropped when the server is closed. */
export async function startServerOver(
  clone: ClonedDatabase,
  changes: Partial<ServerOptions> | ((tenant: TestTenant) => Partial<ServerOptions>) = {},
  settings: Parameters<typeof createTenant>[1] = {},
  host = '127.0.0.1',
): Promise<HttpServer> {
  const options = testDatabaseOptions(clone.databaseUrl)
  const database = createDatabase(options)
  const tenant = await createTenant(database, settings)
  const log: Record<string, unknown>[] = []
  const logger = pino(
    { level: 'info' },
    { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  )
  const chosen = typeof changes === 'function' ? changes(tenant) : changes
  const isLocal = chosen.isLocal ?? true
  const server = await createServer({
    database: options,
    secret: TEST_SECRET,
    isLocal,
    slowQueryMs: 60_000,
    poolLogSeconds: 3600,
    worker: 'off',
    uploadLimitBytes: 10_000_000,
    historySeconds: 0,
    alerts: NO_ALERTS,
    traces: undefined,
    bodyLimitBytes: 1_000_000,
    limits: REQUEST_LIMITS,
    customFieldLimit: 500,
    drain: { delayMs: 0, limitMs: 25_000 },
    metricsToken: undefined,
    graphiqlPage: undefined,
    dashboardFolder: undefined,
    hasSandbox: isLocal,
    corsOrigins: [],
    demoTenantId: undefined,
    logger,
    ...chosen,
  })
  const base = await server.listen(host, 0)
  const token = (role: Role = 'ADMIN'): Promise<string> =>
    signToken(
      deriveKey(TEST_SECRET, 'tokens'),
      { tenantId: tenant.settings.id, userId: tenant.users[role], role },
      new Date(),
      3600,
    )
  return {
    base,
    clone,
    database,
    tenant,
    log,
    token,
    async ask(query, variables = {}, role = 'ADMIN') {
      const response = await fetch(`${base}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await token(role)}` },
        body: JSON.stringify({ query, variables }),
      })
      return { status: response.status, body: (await response.json()) as GraphQLBody, headers: response.headers }
    },
    async close() {
      await server.close()
      await database.close()
      await clone.drop()
    },
  }
}
