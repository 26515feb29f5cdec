import pg from 'pg'
import { flightPrelude } from '../../../src/database/prelude.js'
import type { DatabaseRole, Statement } from '../../../src/database/statement.js'
import { testDatabaseOptions } from '../../support/api.js'
import type { PlanNode } from './plan.js'

/** Plans and blocks are looked at: how fast this machine is decides nothing. */
export const PLANS_TIMEOUTS = { ...testDatabaseOptions('').timeouts, statementTimeoutMs: 60_000 }

/** A statement that the API sent, with its parameters. */
export interface Sent {
  readonly statement: Statement
  readonly role: DatabaseRole
  readonly tenantId: string
}

/**
 * Runs a statement once more as it was sent, in the same role and settings, and gives its plan.
 *
 * By way of PREPARE, so that the flight's own plan_cache_mode decides between a plan for these values and one for all,
 * as it does for what the API sends.
 */
export async function explain(client: pg.Client, { statement, role, tenantId }: Sent): Promise<PlanNode> {
  await client.query(flightPrelude(role, tenantId, 'read', PLANS_TIMEOUTS, statement.tables))
  try {
    const values = statement.values.map(literal).join(', ')
    await client.query(`prepare explained as ${statement.text}`)
    const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
      `explain (analyze, buffers, timing off, format json) execute explained${values === '' ? '' : `(${values})`}`,
    )
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
    if (!plan) throw new Error(`no plan of ${statement.label}`)
    return plan
  } finally {
    await client.query('rollback')
    await client.query('deallocate all')
  }
}

/** A parameter as the driver would send it, as a literal of whatever type is wanted. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return pg.escapeLiteral(Array.isArray(value) ? `{${value.map(element).join(',')}}` : plainText(value))
}

function element(value: unknown): string {
  return value === null ? 'NULL' : `"${plainText(value).replace(/["\\]/g, '\\$&')}"`
}

function plainText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}
