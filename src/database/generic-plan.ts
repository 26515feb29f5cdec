import { NOT_SUPPORTED } from '../metrics/plan-sampler.js'
import type { PlanNode } from '../metrics/plans.js'
import { isServerError } from './errors.js'
import { timeoutsNow, type QueryRunner } from './pipeline.js'
import { flightPrelude } from './prelude.js'
import type { StatementEvent } from './statement.js'

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: PlanNode }[]
}

const SYNTAX_ERROR = '42601'

/**
 * Plans a statement without its parameters, under the settings with which it ran. PostgreSQL runs nothing of it, also
 * where it would write. It is sent by the simple protocol: the other one asks for a value of each parameter.
 */
export async function explainGenerically(
  runner: QueryRunner,
  { role, text, tables, tenantId }: StatementEvent,
): Promise<PlanNode | { readonly why: string }> {
  const prelude = flightPrelude(role, tenantId, 'read', timeoutsNow(runner), tables)
  const { client, release } = await runner.pool.acquire()
  try {
    await client.query(prelude)
    const { rows } = await client.query<Explained>(`explain (generic_plan, format json) ${text}`)
    return rows[0]?.['QUERY PLAN'][0]?.Plan ?? { why: 'The server gave no plan.' }
  } catch (error) {
    return { why: reasonOf(error) }
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
    release()
  }
}

function reasonOf(error: unknown): string {
  const isOld = isServerError(error) && error.code === SYNTAX_ERROR && error.message.includes('generic_plan')
  return isOld ? NOT_SUPPORTED : 'The statement could not be planned.'
}
