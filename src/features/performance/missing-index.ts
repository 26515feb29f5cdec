import { formatCount } from '../../lib/value/checked.js'
import type { PlanNode } from '../../metrics/plans.js'
import type { SlowStatement } from '../../metrics/slow-statements.js'
import type { IndexRow, TableRow } from './performance.repository.js'

/** A column that a slow statement looks for without an index. */
export interface MissingIndex {
  readonly table: string
  /** what it looks for, behind the tenant where the statement names it */
  readonly columns: readonly string[]
  readonly evidence: string
  /** how many indexes the table has: each write keeps them all up */
  readonly others: number
}

/** From how many rows on a table is large. */
export const LARGE_TABLE_ROWS = 100_000
// So many times as many rows are looked at as come back.
const MIN_RATIO = 100
const SCANS = new Set(['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan'])
// `(department = $2)`, `(c.department = $2)`, `((department)::text = $2)`; not `(lower(department) = $2)`.
const TEST = /\(\(?(?:"?(\w+)"?\.)?"?(\w+)"?\)?(?:::[a-z ]+)? (=|<=?|>=?) /g

/**
 * What a plan of a slow statement gives reason for: it goes through a large table, or a tenant's part of one, and keeps the few rows
 * that have a value, or one of a range, in a column which no index begins with. One for each such scan.
 */
export function findMissingIndexes(
  slow: Pick<SlowStatement, 'label' | 'durationMs' | 'rows'>,
  plan: PlanNode,
  tables: readonly TableRow[],
  indexes: readonly IndexRow[],
  minRows = LARGE_TABLE_ROWS,
): MissingIndex[] {
  const below = (plan.Plans ?? []).flatMap((each) => findMissingIndexes(slow, each, tables, indexes, minRows))
  const table = tables.find(({ name }) => name === plan['Relation Name'])
  if (!table || !SCANS.has(plan['Node Type'])) return below
  const found = testsOf(plan, conditionsOf(plan))
  // An index that leads to the rows by more than their tenant is one.
  const isNarrow = found.some(({ column }) => column !== 'tenant_id')
  const isWide = table.rows >= minRows && table.rows >= MIN_RATIO * Math.max(1, slow.rows)
  if (isNarrow || !isWide) return below
  const tests = testsOf(plan, plan['Filter'])
  const own = indexes.filter((index) => index.table === table.name)
  const wanted = tests.filter(({ column }) => column !== 'tenant_id' && !own.some((index) => beginsWith(index, column)))
  const best = wanted.find(({ operator }) => operator === '=') ?? wanted[0]
  if (!best) return below
  const isOfTenant = [...found, ...tests].some(({ column }) => column === 'tenant_id')
  const evidence = `${slow.label} took ${Math.round(slow.durationMs)} ms for ${formatCount(slow.rows)} rows: it looks for ${best.column} among the ${formatCount(Math.round(table.rows))} rows of ${table.name}, and no index begins with that.`
  const columns = isOfTenant ? ['tenant_id', best.column] : [best.column]
  return [...below, { table: table.name, columns, evidence, others: own.length }]
}

/** The conditions by which a scan finds its rows in an index; a bitmap's stand below it. */
function conditionsOf(plan: PlanNode): string {
  const own = typeof plan['Index Cond'] === 'string' ? plan['Index Cond'] : ''
  return plan['Node Type'].startsWith('Bitmap') ? [own, ...(plan.Plans ?? []).map(conditionsOf)].join(' ') : own
}

function testsOf(plan: PlanNode, condition: unknown): { readonly column: string; readonly operator: string }[] {
  if (typeof condition !== 'string') return []
  return [...condition.matchAll(TEST)].flatMap(([, alias, column = '', operator = '']) =>
    alias === undefined || alias === plan['Alias'] ? [{ column, operator }] : [],
  )
}

function beginsWith({ definition, isValid }: IndexRow, column: string): boolean {
  return isValid && new RegExp(`\\((?:tenant_id, )?"?${column}"?[ ,)]`).test(definition)
}
