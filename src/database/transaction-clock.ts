import type { Connection } from './connection-pool.js'
import type { QueryRunner } from './pipeline.js'
import type { TransactionClock } from './transaction-event.js'

/** A runner for one transaction, and what tells that it has ended. */
export interface TimedTransaction {
  readonly runner: QueryRunner
  readonly end: (failed: boolean) => void
}

const ignore = (): void => undefined

/** Starts to time a transaction, attempts that fail included; it costs nothing where nobody observes. */
export function startTransaction(runner: QueryRunner, label: string, tenantId: string | null): TimedTransaction {
  const { observeTransaction } = runner
  if (!observeTransaction) return { runner, end: ignore }
  const startMs = performance.now()
  let [name, attempts, waitMs, commitMs] = [label, 0, 0, 0]
  const clock: TransactionClock = {
    waited(durationMs, isHad) {
      waitMs += durationMs
      if (isHad) attempts++
    },
    committed: (durationMs) => (commitMs += durationMs),
    rename: (better) => (name = better),
  }
  return {
    runner: { ...runner, clock },
    end(failed) {
      const durationMs = performance.now() - startMs
      const { request } = runner
      observeTransaction({ label: name, tenantId, request, durationMs, attempts, waitMs, commitMs, failed })
    },
  }
}

/** Runs work as one timed transaction, which failed where the work throws. */
export async function timeTransaction<Result>(
  runner: QueryRunner,
  label: string,
  tenantId: string | null,
  work: (timed: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const transaction = startTransaction(runner, label, tenantId)
  try {
    const result = await work(transaction.runner)
    transaction.end(false)
    return result
  } catch (error) {
    transaction.end(true)
    throw error
  }
}

/** A connection of the pool; how long it was waited for is told to the clock of the transaction. @throws as the pool does */
export async function acquireConnection({ pool, clock }: QueryRunner): Promise<Connection> {
  if (!clock) return pool.acquire()
  const startMs = performance.now()
  let isHad = false
  try {
    const connection = await pool.acquire()
    isHad = true
    return connection
  } finally {
    clock.waited(performance.now() - startMs, isHad)
  }
}
