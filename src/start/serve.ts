import { pino, type LoggerOptions } from 'pino'
import { alertThresholds } from '../commands/alert-thresholds.js'
import type { ConnectOptions } from '../commands/open-database.js'
import { serverSecret } from '../commands/server-secret.js'
import type { Config } from '../config.js'
import type { AlertOptions } from '../features/alert/alerting.js'
import type { WebhookOptions } from '../features/alert/webhook.js'
import type { TraceOptions } from '../metrics/tracing.js'
import { createServer } from '../server.js'
import type { ServerOptions } from './server-options.js'
import { scheduleCare } from './scheduled-care.js'
import { jobThreadOver } from './job-thread.js'
import { servedPages } from './pages.js'
import { chosenServices } from './service-options.js'

const WEBHOOK_TIMEOUT_MS = 10_000
// Nobody is there to take care in the first minutes of a start.
const CARE_TICK_SECONDS = 600

/** What is made ready before anybody serves, once for all processes of a start. */
export interface Ready {
  /** the pool of each process */
  readonly database: ConnectOptions
  readonly demoTenantId: string | undefined
  /** the same database as its owner; undefined where nobody said so */
  readonly migrationUrl?: string | undefined
}

/** What serves: this process, or the workers that it started. */
export interface Serving {
  /** as `http://127.0.0.1:4000` */
  readonly address: string
  /** Lets running requests end, then closes everything. */
  readonly close: () => Promise<void>
}

/** Serves in this process, by the configuration. @throws the system's own error where it can't listen */
export async function serve(
  config: Config,
  { database, demoTenantId, migrationUrl }: Ready,
  { shareMetrics }: Pick<ServerOptions, 'shareMetrics'> = {},
): Promise<Serving> {
  const logger = pino(logOptions(config))
  const secret = serverSecret(config)
  const server = await createServer({
    database,
    secret,
    isLocal: config.environment === 'local',
    slowQueryMs: config.KITH_SLOW_QUERY_MS,
    poolLogSeconds: config.KITH_POOL_LOG_SECONDS,
    historySeconds: config.KITH_HISTORY_SECONDS,
    alerts: alertOptions(config),
    traces: traceOptions(config),
    bodyLimitBytes: config.KITH_BODY_LIMIT_BYTES,
    ...chosenServices(config),
    drain: { delayMs: config.drainDelayMs, limitMs: config.KITH_DRAIN_SECONDS * 1000 },
    metricsToken: config.KITH_METRICS_TOKEN,
    worker: config.KITH_WORKER,
    // A server that does nothing else has nobody who would wait.
    createJobThread: config.KITH_WORKER === 'on' ? jobThreadOver({ connect: database, config, secret }) : undefined,
    shareMetrics,
    ...servedPages(config.KITH_WORKER === 'only' ? { ...config, KITH_PAGES: [] } : config),
    corsOrigins: config.KITH_CORS_ORIGINS ?? [],
    demoTenantId,
    logger,
  })
  const everyHours = config.KITH_OPTIMIZE_HOURS
  const care =
    everyHours === 0 || migrationUrl === undefined
      ? undefined
      : scheduleCare({ connect: database, migrationUrl, everyHours, log: logger, tickSeconds: CARE_TICK_SECONDS })
  const close = async (): Promise<void> => void (await Promise.all([server.close(), care?.stop()]))
  try {
    return { address: await server.listen(config.HOST, config.PORT), close }
  } catch (error) {
    await close()
    throw error
  }
}

function alertOptions(config: Config): AlertOptions {
  return {
    intervalSeconds: config.KITH_ALERT_SECONDS,
    thresholds: alertThresholds(config),
    diskBytes: config.KITH_ALERT_DISK_BYTES,
    dataDir: config.DATABASE_URL ? undefined : config.KITH_DATA_DIR,
    webhook: webhookOptions(config),
  }
}

function traceOptions(config: Config): TraceOptions | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers = '' } = config
  if (endpoint === undefined) return undefined
  const pairs = headers.split(',').filter((pair) => pair.trim() !== '')
  const entries = pairs.map((pair) => {
    const [name = '', ...value] = pair.trim().split('=')
    return [name, decodeURIComponent(value.join('='))] as const
  })
  return { endpoint, headers: Object.fromEntries(entries), part: config.KITH_TRACE_PERCENT / 100 }
}

function webhookOptions(config: Config): WebhookOptions | undefined {
  const { KITH_ALERT_WEBHOOK_URL: url, KITH_ALERT_WEBHOOK_SECRET: secret } = config
  if (url === undefined || secret === undefined) return undefined
  return { url, secret, allowsPrivate: config.KITH_ALERT_WEBHOOK_PRIVATE === 'allow', timeoutMs: WEBHOOK_TIMEOUT_MS }
}

function logOptions(config: Config): LoggerOptions {
  const redact = ['req.headers.authorization', 'authorization']
  const common = { level: config.LOG_LEVEL, redact, formatters: { level: (label: string) => ({ level: label }) } }
  if (!process.stdout.isTTY) return { ...common, timestamp: pino.stdTimeFunctions.isoTime }
  return { level: config.LOG_LEVEL, redact, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }
}
