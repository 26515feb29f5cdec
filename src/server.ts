import { FULL_ACCESS } from './access/scope.js'
import { readFileSync } from 'node:fs'
import type { FastifyBaseLogger } from 'fastify'
import type { Registry } from 'prom-client'
import type { Database, DatabaseOptions } from './database/database.js'
import { createAlerting, NO_ALERTS, whyMissing, type AlertOptions } from './features/alert/alerting.js'
import { createFieldUsage } from './features/custom-field/field-usage.js'
import { createFieldChores } from './features/custom-field/field-chores.js'
import { createKnownDefinitions } from './features/custom-field/known-definitions.js'
import { createAuthenticator, claimsForRole, tokenKeys } from './features/identity/principal.service.js'
import { signOperatorToken, signToken } from './features/identity/token.js'
import { createHistoryWriter } from './features/performance/history-writer.js'
import { createLive } from './features/performance/live/live.js'
import type { Monitoring } from './features/performance/performance.service.js'
import type { PoolWatch } from './metrics/pool-watch.js'
import { REQUEST_LIMITS, type RequestLimits } from './graphql/limits.js'
import { createLane } from './lib/lane.js'
import { createTurns } from './lib/turns.js'
import { createApolloServer } from './graphql/apollo-server.js'
import { addDashboard } from './http/dashboard.js'
import { addDrain, type DrainOptions } from './http/drain.js'
import { addGraphQLRoute, createFrontDoor } from './http/front-door.js'
import { addFrontPage } from './http/front-page.js'
import { CONCEPTS, RECORD_KINDS } from './graphql/features.js'
import type { Services } from './graphql/services.js'
import { addGraphiQL, sandboxPlugin, type PageOptions } from './http/pages.js'
import { addStatusRoutes } from './http/status.routes.js'
import { createCursorCodec } from './lib/cursor.js'
import { deriveKey } from './lib/derive-key.js'
import { createDueFields } from './concepts/due-fields.js'
import { createRegistry } from './concepts/registry.js'
import { readListSearch } from './search/list-search.js'
import { createMetrics, type Metrics } from './metrics/metrics.js'
import { createTimedDatabase } from './start/timed-database.js'
import type { TraceOptions } from './metrics/tracing.js'

export interface ServerOptions {
  readonly database: Pick<DatabaseOptions, 'pool' | 'timeouts' | 'readsPerTenant'>
  readonly secret: string
  readonly isLocal: boolean
  readonly slowQueryMs: number
  readonly poolLogSeconds: number
  /** where traces are sent; undefined for nowhere */
  readonly traces: TraceOptions | undefined
  /** how often minutes of the history are kept; 0 for never */
  readonly historySeconds: number
  readonly alerts: AlertOptions
  readonly bodyLimitBytes: number
  readonly limits: RequestLimits
  /** how many custom fields of one entity type a tenant may have in use */
  readonly customFieldLimit: number
  readonly drain: DrainOptions
  readonly metricsToken: string | undefined
  /** Given this process's metrics, returns how those of all processes that serve together are read. */
  readonly shareMetrics?: ((own: Registry) => () => Promise<string>) | undefined
  /** the built GraphiQL page; undefined where it isn't served */
  readonly graphiqlPage: URL | undefined
  /** whether browsers get Apollo Sandbox at /graphql */
  readonly hasSandbox: boolean
  /** the built files of the dashboard; undefined where it isn't served */
  readonly dashboardFolder: URL | undefined
  /** how often the dashboard is told what happens; every five seconds unless said */
  readonly liveIntervalMs?: number | undefined
  /** whose pages may call the API from a browser; locally all of this machine may too */
  readonly corsOrigins: readonly string[]
  /** the tenant whose ADMIN the pages are filled in with, locally */
  readonly demoTenantId: string | undefined
  readonly logger: FastifyBaseLogger
}

export interface Server {
  /** Starts to listen and returns the address, as `http://127.0.0.1:4000`. */
  listen(host: string, port: number): Promise<string>
  /** Not ready from now on; running requests end, then everything is closed. */
  close(): Promise<void>
}

// 100 contacts with 17 fields each take 3 ms; others wait no longer than that for their turn.
const ROWS_PER_TURN = 100
// Each may take a second of CPU and 100 MB.
const LARGE_REQUESTS = 2
// A working day: pages that stay open renew theirs.
const PAGE_TOKEN_TTL_SECONDS = 8 * 3600
// What a process left undone, or what has expired, is looked for so often.
const CHORES_SECONDS = 60
// How custom fields are used is counted in memory, and written down so often.
const USAGE_SECONDS = 10
// Of services without metrics of their own, as programs have that only use the parts.
const SILENT = { warn: () => undefined, info: () => undefined }
const SLOW_MS = 200
const { version: VERSION } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}
const SCHEMA = new URL('../schema.graphql', import.meta.url)

/**
 * The parts that resolvers hand on, over a database. What they know for a second goes by `nowMs`, a clock that never goes
 * back, of no fixed beginning.
 */
export function createServices(
  database: Database,
  secret: string,
  {
    accessOf = () => FULL_ACCESS,
    limits = REQUEST_LIMITS,
    customFieldLimit = 500,
    nowMs = () => performance.now(),
    reportFailure = () => undefined,
    fieldChores,
    fieldUsage = createFieldUsage(),
    monitoring = createMonitoring(createMetrics(SILENT, SLOW_MS), undefined, () => undefined),
    alerting = { known: () => [], thresholds: NO_ALERTS.thresholds, missing: whyMissing(NO_ALERTS, false) },
  }: Partial<
    Pick<
      Services,
      'accessOf' | 'limits' | 'customFieldLimit' | 'fieldChores' | 'fieldUsage' | 'monitoring' | 'alerting'
    > & {
      nowMs: () => number
      reportFailure: (error: Error) => void
    }
  > = {},
): Services {
  const definitions = createKnownDefinitions(nowMs)
  const dueFields = createDueFields(nowMs)
  const fieldsChanged = (tenantId: string): void => {
    definitions.forget(tenantId)
    dueFields.forget(tenantId)
  }
  return {
    monitoring,
    alerting,
    accessOf,
    limits,
    turns: createTurns(ROWS_PER_TURN),
    lane: createLane(LARGE_REQUESTS),
    database,
    cursors: createCursorCodec(deriveKey(secret, 'cursors')),
    readSearch: readListSearch,
    registry: createRegistry(CONCEPTS, dueFields),
    recordKinds: RECORD_KINDS,
    definitions,
    fieldUsage,
    fieldChores: fieldChores ?? createFieldChores({ database, changed: fieldsChanged, report: reportFailure }),
    customFieldLimit,
  }
}

/** What a process knows of itself, as its metrics count it; `pool` is watched, where there is one. */
export function createMonitoring(
  { times, slowStatements, plans, fieldUsage, slowMs }: Metrics,
  pool: PoolWatch | undefined,
  whyNoPlans: () => string | undefined,
  diskBytes = 0,
): Monitoring {
  return { times, slowStatements, plans, fieldUsage, slowMs, pool, whyNoPlans, diskBytes }
}

/** The text of the API's schema. */
export function readSchema(): string {
  return readFileSync(SCHEMA, 'utf8')
}

/** Wires all parts together; nothing listens yet. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { logger, isLocal, hasSandbox, graphiqlPage, dashboardFolder } = options
  const metrics = createMetrics(logger, options.slowQueryMs)
  let answeredAtMs = -Infinity
  const fieldUsage = createFieldUsage()
  // Its libraries take 18 MB: who sends no traces doesn't load them.
  const tracing =
    options.traces && (await import('./metrics/otlp-tracing.js')).createOtlpTracing(options.traces, VERSION, logger)
  const timed = createTimedDatabase(
    options.database,
    metrics,
    fieldUsage,
    tracing,
    () => (answeredAtMs = performance.now()),
  )
  const { database, sampler } = timed
  const pool = metrics.poolWaits.watch({
    figures: () => ({ ...database.figures(), limit: database.connectionLimit() }),
    intervalSeconds: options.poolLogSeconds,
  })
  const history = createHistoryWriter({
    database,
    times: metrics.times,
    log: logger,
    intervalSeconds: options.historySeconds,
    version: VERSION,
  })
  const { watch, alerting } = createAlerting(options.alerts, {
    database,
    log: logger,
    hasHistory: options.historySeconds > 0,
    msSinceAnswer: () => performance.now() - answeredAtMs,
  })
  const keys = tokenKeys(options.secret)
  const authenticator = createAuthenticator(database, keys)
  const demoTenantId = isLocal ? options.demoTenantId : undefined
  const pages: PageOptions = {
    isLocal,
    async token() {
      const claims = demoTenantId ? await claimsForRole(database, demoTenantId, 'ADMIN') : undefined
      return claims && signToken(keys.tenants, claims, new Date(), PAGE_TOKEN_TTL_SECONDS)
    },
    operatorToken: () => signOperatorToken(keys.operators, new Date(), PAGE_TOKEN_TTL_SECONDS),
    tokenTtlSeconds: PAGE_TOKEN_TTL_SECONDS,
  }

  const app = await createFrontDoor({ logger, bodyLimitBytes: options.bodyLimitBytes })
  const drain = addDrain(app, options.drain)
  const reportFailure = (error: Error): void =>
    void logger.error({ err: error }, 'work on custom fields failed; it is tried again')
  const services = createServices(database, options.secret, {
    limits: options.limits,
    customFieldLimit: options.customFieldLimit,
    fieldUsage,
    reportFailure,
    monitoring: createMonitoring(metrics, pool, sampler.why, options.alerts.diskBytes),
    alerting,
  })
  const flushUsage = (): Promise<void> => fieldUsage.flush(database).catch(reportFailure)
  const flushing = setInterval(() => void flushUsage(), USAGE_SECONDS * 1000).unref()
  const chores = setInterval(() => void services.fieldChores.resume(), CHORES_SECONDS * 1000).unref()
  const apollo = createApolloServer({
    services,
    typeDefs: readSchema(),
    isIntrospectionOpen: isLocal,
    log: logger,
    metrics,
    tracing,
    landingPage: hasSandbox ? sandboxPlugin(pages, graphiqlPage !== undefined) : undefined,
  })
  addStatusRoutes(app, {
    metrics: { contentType: metrics.contentType, text: options.shareMetrics?.(metrics.registry) ?? metrics.text },
    metricsToken: options.metricsToken,
    isLocal,
    ping: async () => void (await database.system({ label: 'ping', text: 'select 1', values: [] })),
    msSinceAnswer: () => performance.now() - answeredAtMs,
    isDraining: drain.hasBegun,
  })
  const hasGraphiQL = graphiqlPage !== undefined
  addFrontPage(app, { hasSandbox, hasGraphiQL, hasDashboard: dashboardFolder !== undefined })
  if (graphiqlPage) addGraphiQL(app, graphiqlPage, pages)
  const live = createLive({
    monitoring: services.monitoring,
    openAlerts: alerting.known,
    intervalMs: options.liveIntervalMs,
  })
  if (dashboardFolder) {
    const token = pages.operatorToken
    addDashboard(app, dashboardFolder, { ...pages, token, hasGraphiQL, live, authenticator })
  }
  const cors = { origins: options.corsOrigins, hasLocalhost: isLocal }
  await addGraphQLRoute(app, apollo, { services, authenticator, isLocal, hasSandbox, cors })

  return {
    async listen(host, port) {
      const address = await app.listen({ host, port })
      void services.fieldChores.resume()
      return address
    },
    async close() {
      live.stop()
      await drain.run(async () => {
        // Apollo's drain waits for running operations and closes the HTTP server.
        await apollo.stop()
        await app.close()
      })
      clearInterval(chores)
      clearInterval(flushing)
      await services.fieldChores.stop()
      await flushUsage()
      pool.stop()
      sampler.close()
      history.stop()
      await watch.stop()
      await database.close()
      await tracing?.close()
    },
  }
}
