import { sql, type Sql } from '../lib/sql.js'

export type Condition = Sql<boolean>

/** Conditions joined by AND; of none, `true`. */
export function and(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` and `)})`
}

/** Conditions joined by OR; there must be one at least. */
export function or(conditions: readonly Condition[]): Condition {
  return sql`(${sql.join(conditions, sql` or `)})`
}
