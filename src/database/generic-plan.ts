import { NOT_SUPPORTED } from '../metrics/plan-sampler.js'
import type { PlanNode } from '../metrics/plans.js'
import { isServerError } from './errors.js'
import type { QueryRunner } from './pipeline.js'
import { explained, inPlanning } from './planning.js'
import type { StatementEvent } from './statement.js'

const SYNTAX_ERROR = '42601'

/**
 * Plans a statement without its parameters, under the settings with which it ran. PostgreSQL runs nothing of it, also
 * where it would write. It is sent by the simple protocol: the other one asks for a value of each parameter.
 */
export function explainGenerically(
  runner: QueryRunner,
  event: StatementEvent,
): Promise<PlanNode | { readonly why: string }> {
  return inPlanning<PlanNode | { readonly why: string }>(
    runner,
    event,
    async (client) =>
      (await explained(client, `explain (generic_plan, format json) ${event.text}`)) ?? {
        why: 'The server gave no plan.',
      },
    (error) => ({ why: reasonOf(error) }),
  )
}

function reasonOf(error: unknown): string {
  const isOld = isServerError(error) && error.code === SYNTAX_ERROR && error.message.includes('generic_plan')
  return isOld ? NOT_SUPPORTED : 'The statement could not be planned.'
}
