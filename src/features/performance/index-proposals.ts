import type { Database } from '../../database/database.js'
import type { DatabaseRole } from '../../database/statement.js'
import type { PlanNode } from '../../metrics/plans.js'
import type { SlowStatement } from '../../metrics/slow-statements.js'
import { findMissingIndexes } from './missing-index.js'
import type { IndexRow, TableRow } from './performance.repository.js'
import { quoted, type Recommendation } from './recommendations.js'

/** What is known of the database. */
interface Known {
  readonly tables: readonly TableRow[]
  readonly indexes: readonly IndexRow[]
  readonly hasHypopg: boolean
  /** from how many rows on a table is large */
  readonly minRows: number
}

// Each is planned, and once more for each index that it lacks.
const MAX_STATEMENTS = 20

/**
 * The indexes that slow statements lack, those of the slowest first. Where hypopg is, each statement is planned once more as if its index
 * were there: `verified` says whether the plan takes it and costs less.
 */
export async function proposeIndexes(
  database: Database,
  slow: readonly SlowStatement[],
  { tables, indexes, hasHypopg, minRows }: Known,
): Promise<Recommendation[]> {
  const proposals = new Map<string, Recommendation>()
  for (const statement of slowest(slow)) {
    const planned = { ...statement, role: statement.role as DatabaseRole }
    const plan = await database.hypotheticalPlan(planned, null)
    if (!plan) continue
    for (const { table, columns, evidence, others } of findMissingIndexes(statement, plan, tables, indexes, minRows)) {
      const on = `${quoted(table)} (${columns.map(quoted).join(', ')})`
      if (proposals.has(on)) continue
      const then = hasHypopg ? await database.hypotheticalPlan(planned, `CREATE INDEX ON ${on}`) : null
      proposals.set(on, {
        kind: 'MISSING_INDEX',
        about: table,
        evidence,
        ddl: `CREATE INDEX CONCURRENTLY ON ${on};`,
        cost: `Each write of ${table} keeps it up, beside ${others} others.`,
        verified: then && isBetter(plan, then),
        unverified: whyUnverified(hasHypopg, then),
      })
    }
  }
  return [...proposals.values()]
}

function whyUnverified(hasHypopg: boolean, then: PlanNode | null): string | null {
  if (!hasHypopg) return 'hypopg is not in this database.'
  return then ? null : 'hypopg could not make the index, or the statement could not be planned with it.'
}

/** The slowest run of each text. */
function slowest(slow: readonly SlowStatement[]): SlowStatement[] {
  const byKey = new Map<string, SlowStatement>()
  const byDuration = [...slow].sort((a, b) => b.durationMs - a.durationMs)
  for (const statement of byDuration) {
    if (!statement.failed && !byKey.has(statement.planKey)) byKey.set(statement.planKey, statement)
  }
  return [...byKey.values()].slice(0, MAX_STATEMENTS)
}

/** Whether a plan takes an index of hypopg, whose names are `<13542>btree_contacts_…`, and costs less. */
function isBetter(before: PlanNode, after: PlanNode): boolean {
  const takesOne = ({ 'Index Name': name, Plans = [] }: PlanNode): boolean =>
    (typeof name === 'string' && /^<\d+>/.test(name)) || Plans.some(takesOne)
  return takesOne(after) && Number(after['Total Cost']) < Number(before['Total Cost'])
}
