import type { PlanNode } from '../metrics/plans.js'
import { timeoutsNow, type QueryRunner } from './pipeline.js'
import { flightPrelude } from './prelude.js'
import type { StatementEvent } from './statement.js'

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: PlanNode }[]
}

/** A statement that ran, as far as its plan depends on it. */
export type PlannedAgain = Pick<StatementEvent, 'role' | 'text' | 'tables' | 'tenantId'>

/**
 * Plans a statement without its parameters, as if an index were there: `create index on …`, which hypopg makes for this
 * connection alone and takes away again; null for the indexes that there are. PostgreSQL runs nothing of it. Null where it can't be planned.
 *
 * It is prepared and explained with a plan for all parameters, which PostgreSQL does before version 16 too.
 */
export async function planHypothetically(
  runner: QueryRunner,
  { role, text, tables, tenantId }: PlannedAgain,
  index: string | null,
): Promise<PlanNode | null> {
  const { client, release } = await runner.pool.acquire()
  try {
    await client.query(flightPrelude(role, tenantId, 'read', timeoutsNow(runner), tables))
    if (index !== null) await client.query({ text: 'select hypopg_create_index($1)', values: [index] })
    await client.query('set local plan_cache_mode = force_generic_plan')
    const parameters = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
    const nulls = parameters === 0 ? '' : `(${Array<string>(parameters).fill('null').join(', ')})`
    await client.query(`prepare kith_planned as ${text}`)
    const { rows } = await client.query<Explained>(`explain (format json) execute kith_planned${nulls}`)
    return rows[0]?.['QUERY PLAN'][0]?.Plan ?? null
  } catch {
    return null
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
    // Neither ends with the transaction.
    await client.query('deallocate kith_planned').catch(() => undefined)
    if (index !== null) await client.query('select hypopg_reset()').catch(() => undefined)
    release()
  }
}
