import { sql, type RawBuilder } from 'kysely'
import { rowsSql } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import { filterSql } from './filter-sql.js'
import type { ListQuery } from './list-query.js'

/**
 * All rows of a list under the alias `c`, to stand behind FROM:
 * `contacts as c where c.tenant_id = $1 and c.deleted_at is null and <search> and <filter>`.
 */
export function listedSql(scope: Scope, query: ListQuery): RawBuilder<unknown> {
  const condition = conditionSql(scope, query)
  const rows = rowsSql(scope, query.concept, 'c')
  return condition ? sql`${rows} and ${condition}` : rows
}

/** What a list's arguments ask of its rows, under the alias `c`: its search and its filter; null where it has neither. */
export function conditionSql(scope: Scope, { filter, search }: ListQuery): RawBuilder<boolean> | null {
  const filtered = filter && filterSql(scope, filter, 'c')
  const searched = search && search.condition(scope, 'c')
  return filtered && searched ? sql<boolean>`${searched} and ${filtered}` : (filtered ?? searched)
}
