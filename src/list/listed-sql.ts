import { sql, type Sql } from '../lib/sql.js'
import { rowsSql, type RowState } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import { filterSql } from './filter-sql.js'
import type { ListQuery } from './list-query.js'

/**
 * A SELECT of all rows of a list, under the alias `c`: live ones, deleted ones, or, as UNION ALL, both, since each have
 * indexes of their own. `parent` keeps it to the rows of one parent: `c.company_id = parent.id`.
 */
export function listedRowsSql(scope: Scope, query: ListQuery, columns: Sql, parent: Sql<boolean> | null = null): Sql {
  const selects = query.states.map((state) => {
    const select = sql`select ${columns} from ${listedSql(scope, query, state)}`
    return parent ? sql`${select} and ${parent}` : select
  })
  return sql.join(selects, sql` union all `)
}

/**
 * The rows of a list in one state, to stand behind FROM:
 * `contacts as c where c.tenant_id = $1 and c.deleted_at is null and <search> and <filter>`.
 */
function listedSql(scope: Scope, query: ListQuery, state: RowState): Sql {
  const condition = conditionSql(scope, query, state)
  const rows = rowsSql(scope, query.concept, 'c', state)
  return condition ? sql`${rows} and ${condition}` : rows
}

/**
 * What a list's arguments ask of its rows in one state, under the alias `c`: its search and its filter; null without
 * either.
 */
export function conditionSql(
  scope: Scope,
  { filter, search }: ListQuery,
  state: RowState,
  isWalked = false,
): Sql<boolean> | null {
  const filtered = filter && filterSql(scope, filter, 'c', state, isWalked)
  const searched = search && search.condition(scope, 'c')
  return filtered && searched ? sql<boolean>`${searched} and ${filtered}` : (filtered ?? searched)
}
