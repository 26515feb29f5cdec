import type { PlanNode } from '../metrics/plans.js'
import type { QueryRunner } from './pipeline.js'
import { explained, inPlanning, type PlannedAgain } from './planning.js'

/**
 * Plans a statement without its parameters, as if an index were there: `create index on …`, which hypopg makes for this
 * connection alone and takes away again; null for the indexes that there are. PostgreSQL runs nothing of it. Null where it can't be planned.
 *
 * It is prepared and explained with a plan for all parameters, which PostgreSQL does before version 16 too.
 */
export function planHypothetically(
  runner: QueryRunner,
  planned: PlannedAgain,
  index: string | null,
): Promise<PlanNode | null> {
  const { text } = planned
  return inPlanning(
    runner,
    planned,
    async (client) => {
      if (index !== null) await client.query({ text: 'select hypopg_create_index($1)', values: [index] })
      await client.query('set local plan_cache_mode = force_generic_plan')
      const parameters = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
      const nulls = parameters === 0 ? '' : `(${Array<string>(parameters).fill('null').join(', ')})`
      await client.query(`prepare kith_planned as ${text}`)
      return (await explained(client, `explain (format json) execute kith_planned${nulls}`)) ?? null
    },
    () => null,
    ['deallocate kith_planned', ...(index === null ? [] : ['select hypopg_reset()'])],
  )
}
