import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

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
const OUTCOMES = ['ok', 'error']

const outcomeOf = ({ failed }: Outcome): string => (failed ? 'error' : 'ok')

/** Registers the metrics of a process that counts since `startedAtMs`, in milliseconds since 1970. */
export function createExposition(registry: Registry, startedAtMs: number): Exposition {
  const registers = [registry]
  const histogram = (name: string, help: string, labelNames: string[]): Histogram =>
    new Histogram({ name, help, labelNames, buckets: BUCKETS_SECONDS, registers })
  const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
    new Counter({ name, help, labelNames, registers })
  const statements = histogram('kith_statement_duration_seconds', 'SQL statements by name, as the pool saw them', [
    'statement',
    'role',
    'outcome',
  ])
  const rows = counter('kith_statement_rows_total', 'Rows that statements brought back', ['statement', 'role'])
  const slow = counter('kith_slow_statements_total', 'Statements that took longer than KITH_SLOW_QUERY_MS')
  const faults = counter('kith_request_faults_total', 'GraphQL requests that failed by a fault of the server')
  const flips = counter('kith_plan_flips_total', 'Statements whose sampled plan changed its shape')
  const operations = histogram('kith_operation_duration_seconds', 'Prisma operations', ['operation', 'outcome'])
  const transactions = histogram(
    'kith_transaction_duration_seconds',
    'Transactions, from the wish for a connection on',
    ['transaction', 'outcome'],
  )
  const attempts = counter('kith_transaction_attempts_total', 'How often transactions were begun', ['transaction'])
  const requests = histogram('kith_request_duration_seconds', 'GraphQL operations', ['operation', 'outcome'])
  new Gauge({
    name: 'kith_metrics_since_timestamp_seconds',
    help: 'The moment from which on this process counts',
    registers,
  }).set(startedAtMs / 1000)
  return {
    statement(ended) {
      const { label: statement, role } = ended
      statements.observe({ statement, role, outcome: outcomeOf(ended) }, ended.durationMs / 1000)
      if (ended.rows > 0) rows.inc({ statement, role }, ended.rows)
    },
    operation: (ended) =>
      operations.observe({ operation: ended.label, outcome: outcomeOf(ended) }, ended.durationMs / 1000),
    transaction(ended) {
      const { label: transaction } = ended
      transactions.observe({ transaction, outcome: outcomeOf(ended) }, ended.durationMs / 1000)
      if (ended.attempts > 0) attempts.inc({ transaction }, ended.attempts)
    },
    request: (operation, ended) => requests.observe({ operation, outcome: outcomeOf(ended) }, ended.durationMs / 1000),
    forgetRequest(operation) {
      for (const outcome of OUTCOMES) requests.remove({ operation, outcome })
    },
    slowStatement: () => slow.inc(),
    fault: () => faults.inc(),
    planFlip: () => flips.inc(),
  }
}
