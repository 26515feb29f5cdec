import { sql, type RawBuilder } from 'kysely'
import type { CursorPlace } from '../lib/cursor.js'
import type { Scope } from '../lib/scope.js'
import { statement } from '../database/sql.js'
import { filterSql } from './filter-sql.js'
import { alternativeRowsSql, hitsSql } from './hits.js'
import type { ListQuery } from './list-query.js'
import type { Lister } from './lister.js'
import { keyNames } from './page-query.js'
import { pageSql } from './page-sql.js'
import { listRanges, orderTerms, type Key } from './ranges.js'
import { rowsSql } from './row-rules.js'

/** A page of ids with their places, in the list's order; the rows are read afterwards, by id, under row-level security. */
export interface IdPage {
  readonly places: readonly CursorPlace[]
  /** whether there are more rows in the direction in which the page was read */
  readonly hasMore: boolean
}

/** One page of ids in the order asked for, as kith_search: one statement. */
export async function listIds(scope: Scope, { database }: Lister, query: ListQuery): Promise<IdPage> {
  const { sql: page, names } = idPageSql(scope, query, null)
  const rows = await database.search<PageRow>(scope.tenantId, statement(`list.${query.concept.list}`, page))
  return toIdPage(
    query,
    rows.map((row) => toPlace(names, row)),
  )
}

/** A row of a page of ids: its id, and its keys under the names of the page's columns. */
export interface PageRow {
  readonly id: string
  readonly [key: string]: unknown
}

/** The SELECT of a page, one row longer than it, with the names of its key columns. `parent` keeps it to one parent's rows. */
export function idPageSql(
  scope: Scope,
  { concept, steps, filter, page }: ListQuery,
  parent: RawBuilder<boolean> | null,
): { readonly sql: RawBuilder<unknown>; readonly names: readonly string[] } {
  const terms = orderTerms(steps, page.isBackward)
  const select = pageSql({
    scope,
    concept,
    terms,
    ranges: listRanges(terms, page.from),
    filter: filter ? filterSql(scope, filter, 'c') : null,
    // One parent's rows are few: whatever the planner thinks of the filter is good enough.
    hits: filter && !parent ? hitsSql(scope, concept, filter) : null,
    parent,
    limit: page.size + 1,
    offset: page.offset,
  })
  return { sql: select, names: keyNames(terms) }
}

/** The place of a row of a page of ids. */
export function toPlace(names: readonly string[], row: PageRow): CursorPlace {
  const keys = names.map((name) => {
    const value = row[name]
    return (value instanceof Date ? value.toISOString() : value) as Key
  })
  return { keys, id: row.id }
}

/** A page from places as they were read: the one too many says that there is more, and backward pages are turned round. */
export function toIdPage({ page }: Pick<ListQuery, 'page'>, read: readonly CursorPlace[]): IdPage {
  const places = read.slice(0, page.size)
  return { places: page.isBackward ? places.reverse() : places, hasMore: read.length > page.size }
}

/** How many rows a list has, `max + 1` at most, as kith_search: one statement. */
export async function countRows(scope: Scope, { database }: Lister, query: ListQuery, max: number): Promise<number> {
  const { concept, filter } = query
  const rows =
    (filter && alternativeRowsSql(scope, concept, filter, max + 1)) ??
    sql`select c.tenant_id from ${listedSql(scope, query)}`
  const counted = sql`select count(*)::int as total, count(*) filter (where tenant_id <> app_tenant())::int as foreign_rows
    from (select tenant_id from (${rows}) as listed limit ${sql.lit(max + 1)}) as counted`
  const label = `count.${concept.list}`
  const [row] = await database.search<{ total: number }>(scope.tenantId, statement(label, counted))
  return row?.total ?? 0
}

/** About how many rows a list has, as the planner guesses: one EXPLAIN, which runs nothing. */
export function estimateRows(scope: Scope, { database }: Lister, query: ListQuery): Promise<number> {
  const listed = sql`select c.tenant_id from ${listedSql(scope, query)}`
  return database.estimate(scope.tenantId, statement(`estimate.${query.concept.list}`, listed))
}

/** The rows of a list as `c`, of all its pages: `contacts as c where …`. */
export function listedSql(scope: Scope, { concept, filter }: ListQuery): RawBuilder<unknown> {
  const condition = filter ? sql` and ${filterSql(scope, filter, 'c')}` : sql``
  return sql`${rowsSql(scope, concept, 'c')}${condition}`
}
