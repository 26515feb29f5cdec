import { Counter, Gauge, type Registry } from 'prom-client'
import { once } from '../lib/once.js'
import { remember, rememberPairs } from '../lib/remember.js'
import {
  addDuration,
  createCountMetric,
  createDurationMetric,
  type Durations,
  type Labels,
} from './labelled-metrics.js'

/** What Prometheus is told: one function for each thing that ended. Labels are bounded by who calls. */
export interface Exposition {
  readonly statement: (
    ended: Outcome & { readonly label: string; readonly role: string; readonly rows: number },
  ) => void
  readonly operation: (ended: Outcome & { readonly label: string }) => void
  readonly transaction: (ended: Outcome & { readonly label: string; readonly attempts: number }) => void
  /** `label` is one of a bounded number. */
  readonly request: (label: string, ended: Outcome) => void
  readonly forgetRequest: (label: string) => void
  readonly slowStatement: () => void
  readonly fault: () => void
  readonly planFlip: () => void
}

interface Outcome {
  readonly durationMs: number
  readonly failed: boolean
}

/** Upper bounds of all histograms of durations. */
export const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10]

type Outcomes = 'ok' | 'error'

/**
 * Registers the metrics of a process that counts since `startedAtMs`, in milliseconds since 1970. `settle` is called before they
 * are read: it tells what still waits for that.
 */
export function createExposition(registry: Registry, startedAtMs: number, settle: () => void): Exposition {
  const durations = (name: string, help: string) =>
    createDurationMetric(registry, { name, help, settle }, BUCKETS_SECONDS)
  const counts = (name: string, help: string) => createCountMetric(registry, { name, help, settle })
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers: [registry] })
  const statements = durations('kith_statement_duration_seconds', 'SQL statements by name, as the pool saw them')
  const rows = counts('kith_statement_rows_total', 'Rows that statements brought back')
  const slow = counter('kith_slow_statements_total', 'Statements that took longer than KITH_SLOW_QUERY_MS')
  const faults = counter('kith_request_faults_total', 'GraphQL requests that failed by a fault of the server')
  const flips = counter('kith_plan_flips_total', 'Statements whose sampled plan changed its shape')
  const operations = durations('kith_operation_duration_seconds', 'Prisma operations')
  const transactions = durations(
    'kith_transaction_duration_seconds',
    'Transactions, from the request for a connection on',
  )
  const attempts = counts('kith_transaction_attempts_total', 'How often transactions were begun')
  const requests = durations('kith_request_duration_seconds', 'GraphQL operations')
  new Gauge({
    name: 'kith_metrics_since_timestamp_seconds',
    help: 'The moment from which on this process counts',
    registers: [registry],
  }).set(startedAtMs / 1000)
  const meterOf = rememberPairs((statement, role) => ({
    observe: byOutcome((outcome) => statements.at({ statement, role, outcome })),
    rows: once(() => rows.at({ statement, role })),
  }))
  const operationMeter = remember((operation) => byOutcome((outcome) => operations.at({ operation, outcome })))
  const transactionMeter = remember((transaction) => ({
    observe: byOutcome((outcome) => transactions.at({ transaction, outcome })),
    attempts: once(() => attempts.at({ transaction })),
  }))
  const requestMeters = new Map<string, (ended: Outcome) => void>()
  const requestLabels = (operation: string, outcome: Outcomes): Labels => ({ operation, outcome })
  return {
    statement(ended) {
      const meter = meterOf(ended.label, ended.role)
      meter.observe(ended)
      if (ended.rows > 0) meter.rows().value += ended.rows
    },
    operation: (ended) => operationMeter(ended.label)(ended),
    transaction(ended) {
      const meter = transactionMeter(ended.label)
      meter.observe(ended)
      if (ended.attempts > 0) meter.attempts().value += ended.attempts
    },
    request(operation, ended) {
      const known = requestMeters.get(operation)
      const observe = known ?? byOutcome((outcome) => requests.at(requestLabels(operation, outcome)))
      if (!known) requestMeters.set(operation, observe)
      observe(ended)
    },
    forgetRequest(operation) {
      requestMeters.delete(operation)
      for (const outcome of ['ok', 'error'] as const) requests.remove(requestLabels(operation, outcome))
    },
    slowStatement: () => slow.inc(),
    fault: () => faults.inc(),
    planFlip: () => flips.inc(),
  }
}

/** Counts durations by their outcome; a series that nothing falls into isn't made. */
function byOutcome(seriesOf: (outcome: Outcomes) => Durations): (ended: Outcome) => void {
  const [ok, error] = [once(() => seriesOf('ok')), once(() => seriesOf('error'))]
  return ({ failed, durationMs }) => addDuration(failed ? error() : ok(), BUCKETS_SECONDS, durationMs / 1000)
}
