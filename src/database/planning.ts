import type pg from 'pg'
import type { PlanNode } from '../metrics/plans.js'
import { timeoutsNow, type QueryRunner } from './pipeline.js'
import { flightPrelude } from './prelude.js'
import type { StatementEvent } from './statement.js'

/** A statement that ran, as far as its plan depends on it. */
export type PlannedAgain = Pick<StatementEvent, 'role' | 'text' | 'tables' | 'tenantId'>

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: PlanNode }[]
}

/**
 * Plans a statement under the settings with which it ran, in a transaction that is rolled back. `failed` says what comes of
 * an error. `afterwards` are commands that undo what doesn't end with the transaction.
 */
export async function inPlanning<Result>(
  runner: QueryRunner,
  { role, tenantId, tables }: PlannedAgain,
  plan: (client: pg.PoolClient) => Promise<Result>,
  failed: (error: unknown) => Result,
  afterwards: readonly string[] = [],
): Promise<Result> {
  const prelude = flightPrelude(role, tenantId, 'read', timeoutsNow(runner), tables)
  const { client, release } = await runner.pool.acquire()
  try {
    await client.query(prelude)
    return await plan(client)
  } catch (error) {
    return failed(error)
  } finally {
    for (const command of ['ROLLBACK', ...afterwards]) await client.query(command).catch(() => undefined)
    release()
  }
}

/** What an `explain (format json) …` answers; undefined where the server gave no plan. */
export async function explained(client: pg.PoolClient, text: string): Promise<PlanNode | undefined> {
  const { rows } = await client.query<Explained>(text)
  return rows[0]?.['QUERY PLAN'][0]?.Plan
}
