import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { createOperationNames } from './operation-names.js'

/** Where warnings about slow work go. */
export interface MetricsLog {
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
}

/** What took time, by name; parameters never come here. */
export interface Timing {
  readonly label: string
  readonly durationMs: number
  readonly failed: boolean
  /** the database role of a statement */
  readonly role?: string
}

export interface PoolFigures {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

export interface Metrics {
  /** A statement as the pool saw it. */
  observeStatement(timing: Timing): void
  /** An operation of the data layer, as `contact.findMany`. */
  observeOperation(timing: Timing): void
  /** A GraphQL operation by its name, and whose it is; null for nobody's. */
  observeRequest(timing: Timing, tenantId: string | null): void
  /** Exposes a pool's figures and logs them every `intervalSeconds`; the function that comes back ends that. */
  watchPool(figures: () => PoolFigures, intervalSeconds: number): () => void
  /** All metrics in the Prometheus text format. */
  readonly text: () => Promise<string>
  readonly registry: Registry
  readonly contentType: string
}

const MAX_OPERATION_NAMES = 200
const MAX_OPERATION_NAME_LENGTH = 100
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10]

/** Durations and pool figures of one process, in a registry of its own. What takes over `slowMs` is logged. */
export function createMetrics(log: MetricsLog, slowMs: number): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'kith_' })
  const histogram = (name: string, help: string, labelNames: string[]): Histogram =>
    new Histogram({ name, help, labelNames, buckets: BUCKETS_SECONDS, registers: [registry] })
  const statements = histogram('kith_statement_duration_seconds', 'SQL statements by name, as the pool saw them', [
    'statement',
    'role',
    'outcome',
  ])
  const operations = histogram('kith_operation_duration_seconds', 'Prisma operations', ['operation', 'outcome'])
  const requests = histogram('kith_request_duration_seconds', 'GraphQL operations', ['operation', 'outcome'])
  const record = (kind: string, target: Histogram, labels: Record<string, string>, timing: Timing): void => {
    target.observe({ ...labels, outcome: timing.failed ? 'error' : 'ok' }, timing.durationMs / 1000)
    if (timing.durationMs > slowMs) {
      log.warn(
        {
          [kind]: timing.label,
          durationMs: Math.round(timing.durationMs),
          ...(timing.role ? { role: timing.role } : {}),
        },
        `slow ${kind}`,
      )
    }
  }
  const names = createOperationNames(MAX_OPERATION_NAMES, (operation) => {
    for (const outcome of ['ok', 'error']) requests.remove({ operation, outcome })
  })
  return {
    observeStatement: (timing) =>
      record('statement', statements, { statement: timing.label, role: timing.role ?? '' }, timing),
    observeOperation: (timing) => record('operation', operations, { operation: timing.label }, timing),
    observeRequest(timing, tenantId) {
      // Clients choose it: it may be as long as a body.
      const label = timing.label.slice(0, MAX_OPERATION_NAME_LENGTH)
      record('request', requests, { operation: names.labelOf(label, tenantId ?? '') }, { ...timing, label })
    },
    watchPool(figures, intervalSeconds) {
      const gauge = new Gauge({
        name: 'kith_pool_connections',
        help: 'Connections of the pool; waiting counts requests without one',
        labelNames: ['state'],
        registers: [registry],
        collect() {
          const { total, idle, waiting } = figures()
          for (const [state, count] of Object.entries({ total, idle, waiting })) this.set({ state }, count)
        },
      })
      const timer = setInterval(() => log.info({ pool: figures() }, 'pool'), intervalSeconds * 1000)
      timer.unref()
      return () => {
        clearInterval(timer)
        registry.removeSingleMetric('kith_pool_connections')
        gauge.reset()
      }
    },
    text: () => registry.metrics(),
    registry,
    contentType: registry.contentType,
  }
}
