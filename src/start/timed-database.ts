import { createDatabase, type Database, type DatabaseOptions } from '../database/database.js'
import type { StatementEvent } from '../database/statement.js'
import type { FieldUsage } from '../features/custom-field/field-usage.js'
import type { Metrics } from '../metrics/metrics.js'
import { createPlanSampler } from '../metrics/plan-sampler.js'
import type { Tracing } from '../metrics/tracing.js'

// Statements have at most five plans a second looked at, 2 ms each.
const PLAN_PAUSE_MS = 200

/** Is told of what database floors do. */
export type DatabaseObservers = Required<
  Pick<DatabaseOptions, 'observeStatement' | 'observeOperation' | 'observeTransaction'>
>

/**
 * The database floor of a process, timed and logged by its metrics, what samples the plans of its statements, and whom
 * other floors of this process may tell of theirs. `observeAnswer` is called when a statement succeeds; `tracing` is
 * told of those of requests.
 */
export function createTimedDatabase(
  options: Pick<DatabaseOptions, 'pool' | 'timeouts' | 'readsPerTenant' | 'snapshots'>,
  metrics: Metrics,
  fieldUsage: FieldUsage,
  tracing: Tracing | undefined,
  observeAnswer: () => void,
) {
  const observers: DatabaseObservers = {
    observeStatement(event) {
      sampler.offer(event, metrics.observeStatement(event))
      fieldUsage.note(event)
      tracing?.statement(event)
      if (!event.failed) observeAnswer()
    },
    observeOperation: (event) => metrics.observeOperation(event),
    observeTransaction(event) {
      metrics.observeTransaction(event)
      tracing?.transaction(event)
    },
  }
  const pool = { ...options.pool, observer: metrics.poolWaits }
  const database: Database = createDatabase({ ...options, pool, ...observers })
  const sampler = createPlanSampler((event: StatementEvent) => database.genericPlan(event), metrics.plans, {
    nowMs: Date.now,
    onFlip: (flip) => metrics.observeFlip(flip),
    pauseMs: PLAN_PAUSE_MS,
  })
  return { database, sampler, observers }
}
