import { sql } from '../lib/sql.js'
import type { Scope } from '../access/scope.js'
import { statement } from '../database/sql.js'
import { alternativeSelects, filterAlternatives } from './filter-alternatives.js'
import { filterSql } from './filter-sql.js'
import type { ListQuery } from './list-query.js'
import { listedRowsSql } from './listed-sql.js'
import { listedTables } from './listed-tables.js'
import type { Lister } from './lister.js'
import { usedFields } from './used-fields.js'

/**
 * How many rows a list has: the number itself up to `max`, and `max + 1` where there are more. One statement, as
 * kith_keys.
 * @throws TIMEOUT
 */
export async function countRows(scope: Scope, { database }: Lister, query: ListQuery, max: number): Promise<number> {
  const { concept, filter, search } = query
  const uses = usedFields(scope, { filter, steps: [] })
  if (search && !query.isOrdered) {
    return search.count(scope, database, { max, where: filter && filterSql(scope, filter, 'c'), uses })
  }
  const rows = alternativeRowsSql(scope, query, max + 1) ?? listedRowsSql(scope, query, sql`c.tenant_id`)
  const counted = sql`select count(*)::int as total, count(*) filter (where tenant_id <> app_tenant())::int as foreign_rows
    from (select tenant_id from (${rows}) as listed limit ${sql.lit(max + 1)}) as counted`
  const read = {
    ...statement(`count.${concept.list}`, counted),
    tables: listedTables(query, true),
    uses,
  }
  const [row] = await database.keys<{ total: number }>(scope.tenantId, read)
  return row?.total ?? 0
}

/**
 * The rows of a list that has a filter of several alternatives, at most `limit` of each; null for other lists. UNION
 * leaves out what an earlier alternative gave already.
 */
function alternativeRowsSql(scope: Scope, { concept, states, filter, search }: ListQuery, limit: number) {
  const alternatives = filter && !search ? filterAlternatives(filter) : []
  if (alternatives.length < 2) return null
  const columns = sql.join([sql.ref('c.tenant_id'), sql.ref('c.id')])
  return sql.join(alternativeSelects(scope, concept, states, alternatives, columns, limit), sql` union `)
}

/** About how many rows a list has, as the planner guesses: one EXPLAIN, which runs nothing. */
export function estimateRows(scope: Scope, { database }: Lister, query: ListQuery): Promise<number> {
  const listed = listedRowsSql(scope, query, sql`c.tenant_id`)
  return database.estimate(scope.tenantId, statement(`estimate.${query.concept.list}`, listed))
}
