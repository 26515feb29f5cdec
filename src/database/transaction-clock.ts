import type { Connection } from './connection-pool.js'
import { runnerWith, type QueryRunner } from './pipeline.js'

/** Starts to time a transaction, attempts that fail included: the runner for it. It costs nothing where nobody observes. */
export function startTransaction(runner: QueryRunner, label: string): QueryRunner {
  if (!runner.observeTransaction) return runner
  return runnerWith(runner, { clock: { startMs: performance.now(), label, attempts: 0, waitMs: 0, commitMs: 0 } })
}

/** Tells who observes that the transaction of a runner has ended. */
export function endTransaction(
  { observeTransaction, clock, request }: QueryRunner,
  tenantId: string | null,
  failed: boolean,
): void {
  if (!observeTransaction || !clock) return
  const { startMs, label, attempts, waitMs, commitMs } = clock
  const durationMs = performance.now() - startMs
  observeTransaction({ label, tenantId, request, durationMs, attempts, waitMs, commitMs, failed })
}

/** Runs work as one timed transaction, which failed where the work throws. */
export async function timeTransaction<Result>(
  runner: QueryRunner,
  label: string,
  tenantId: string | null,
  work: (timed: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const timed = startTransaction(runner, label)
  let failed = true
  try {
    const result = await work(timed)
    failed = false
    return result
  } finally {
    endTransaction(timed, tenantId, failed)
  }
}

/** A connection of the pool; how long it was waited for is told to the clock of the transaction. @throws as the pool does */
export async function acquireConnection({ pool, clock }: QueryRunner): Promise<Connection> {
  if (!clock) return pool.acquire()
  const startMs = performance.now()
  try {
    const connection = await pool.acquire()
    clock.attempts++
    return connection
  } finally {
    clock.waitMs += performance.now() - startMs
  }
}
