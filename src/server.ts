import { readFileSync } from 'node:fs'
import { createAlerting } from './features/alert/alerting.js'
import { createFieldUsage } from './features/custom-field/field-usage.js'
import { EXPORT_DEFAULTS } from './features/export/exporting.js'
import { createAuthenticator, claimsForRole, tokenKeys } from './features/identity/principal.service.js'
import { signOperatorToken, signToken } from './features/identity/token.js'
import { createHistoryWriter } from './features/performance/history-writer.js'
import { createLive } from './features/performance/live/live.js'
import { createApolloServer } from './graphql/apollo-server.js'
import { readSchema } from './graphql/schema-text.js'
import { addDashboard } from './http/dashboard.js'
import { addDrain } from './http/drain.js'
import { addGraphQLRoute, createFrontDoor } from './http/front-door.js'
import { addExportRoutes } from './http/export.routes.js'
import { addFrontPage } from './http/front-page.js'
import { addImportPage } from './http/import-page.js'
import { addImportRoutes } from './http/import.routes.js'
import { addGraphiQL, sandboxPlugin, type PageOptions } from './http/pages.js'
import { addStatusRoutes } from './http/status.routes.js'
import { createMetrics } from './metrics/metrics.js'
import { createCountedWorker } from './start/server-jobs.js'
import { createMonitoring, createServices } from './start/services.js'
import type { ServerOptions } from './start/server-options.js'
import { createTimedDatabase } from './start/timed-database.js'

export interface Server {
  /** Starts to listen and returns the address, as `http://127.0.0.1:4000`. */
  listen(host: string, port: number): Promise<string>
  /** Not ready from now on; running requests end, then everything is closed. */
  close(): Promise<void>
}

// A working day: pages that stay open renew theirs.
const PAGE_TOKEN_TTL_SECONDS = 8 * 3600
// What a process left undone, or what has expired, is looked for so often.
const CHORES_SECONDS = 60
// How custom fields are used is counted in memory, and written down so often.
const USAGE_SECONDS = 10
const { version: VERSION } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Wires all parts together; nothing listens yet. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const {
    logger,
    isLocal,
    hasSandbox,
    graphiqlPage,
    dashboardFolder,
    importFolder,
    exports = EXPORT_DEFAULTS,
  } = options
  const metrics = createMetrics(logger, options.slowQueryMs)
  let answeredAtMs = -Infinity
  const fieldUsage = createFieldUsage()
  // Its libraries take 18 MB: who sends no traces doesn't load them.
  const tracing =
    options.traces && (await import('./metrics/otlp-tracing.js')).createOtlpTracing(options.traces, VERSION, logger)
  const timed = createTimedDatabase(
    { ...options.database, snapshots: exports.atOnce },
    metrics,
    fieldUsage,
    tracing,
    () => (answeredAtMs = performance.now()),
  )
  const { database, sampler, observers } = timed
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
    exports,
    uploadLimitBytes: options.uploadLimitBytes,
    fieldUsage,
    jobsAdded: () => worker?.wake(),
    reportFailure,
    monitoring: createMonitoring(metrics, pool, sampler.why, options.alerts.diskBytes),
    alerting,
  })
  const worker =
    options.worker === 'off'
      ? undefined
      : createCountedWorker({ services, log: logger, metrics, observers, createThread: options.createJobThread })
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
  const answers = options.worker !== 'only'
  if (answers) {
    const [hasDashboard, hasImportPage] = [dashboardFolder !== undefined, importFolder !== undefined]
    addFrontPage(app, { hasSandbox, hasGraphiQL, hasDashboard, hasImportPage })
  }
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
  if (answers) addExportRoutes(app, { apollo, services, authenticator })
  if (answers && importFolder) addImportPage(app, importFolder, pages)
  if (answers) await addImportRoutes(app, { services, authenticator })
  if (answers) await addGraphQLRoute(app, apollo, { services, authenticator, isLocal, hasSandbox, cors })

  return {
    async listen(host, port) {
      const address = await app.listen({ host, port })
      void services.fieldChores.resume()
      worker?.start()
      return address
    },
    async close() {
      // While requests end, jobs are let go of behind the chunks that run: whoever comes next takes them at once.
      const jobsLeft = worker?.stop()
      live.stop()
      await drain.run(async () => {
        // Apollo's drain waits for running operations and closes the HTTP server.
        if (answers) await apollo.stop()
        await app.close()
      })
      await jobsLeft
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
