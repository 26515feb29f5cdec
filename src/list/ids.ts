import { sql, type RawBuilder } from 'kysely'
import type { CursorPlace } from '../lib/cursor.js'
import { AppError } from '../lib/errors.js'
import type { Scope } from '../access/scope.js'
import { statement } from '../database/sql.js'
import { filterSql } from './filter-sql.js'
import { alternativeRowsSql, hitsSql, MAX_HITS } from './hits.js'
import type { ListQuery } from './list-query.js'
import type { ListSearch } from './list-search.js'
import type { Lister } from './lister.js'
import { keyNames } from './page-query.js'
import { pageSql } from './page-sql.js'
import { listRanges, orderTerms, type Key } from './ranges.js'
import { rowsSql } from '../access/row-condition.js'

/** A page of ids with their places, in the list's order; the rows are read afterwards, by id, under row-level security. */
export interface IdPage {
  readonly places: readonly CursorPlace[]
  /** whether there are more rows in the direction in which the page was read */
  readonly hasMore: boolean
  /** whether time ran out for what is spelt alike; what is here is right */
  readonly isPartial: boolean
}

/**
 * One page of ids as kith_keys, in the order asked for: one statement. A search without an order gives its best first, and
 * may take a second statement for what is spelt alike.
 * @throws TIMEOUT
 */
export async function listIds(scope: Scope, lister: Lister, query: ListQuery): Promise<IdPage> {
  const { database } = lister
  if (query.search && !query.isOrdered) return searchIds(scope, lister, query, query.search)
  const { sql: page, names } = idPageSql(scope, query, null)
  const rows = await database.keys<PageRow>(scope.tenantId, statement(`list.${query.concept.list}`, page))
  return toIdPage(
    query,
    rows.map((row) => toPlace(names, row)),
  )
}

async function searchIds(scope: Scope, { database }: Lister, query: ListQuery, search: ListSearch): Promise<IdPage> {
  const { size, from, isBackward, offset } = query.page
  const where = query.filter && filterSql(scope, query.filter, 'c')
  const wanted = { limit: offset + size + 1, after: from, isBackward, where }
  const { places, isPartial } = await search.page(scope, database, wanted)
  // Where nothing was found in time, nobody is told that there is nothing.
  if (isPartial && places.length === 0)
    throw new AppError('TIMEOUT', 'The search took too long; search for more of the word.')
  return { ...toIdPage(query, places.slice(offset)), isPartial }
}

/** A row of a page of ids: its id, and its keys under the names of the page's columns. */
export interface PageRow {
  readonly id: string
  readonly [key: string]: unknown
}

/** The SELECT of a page, one row longer than it, with the names of its key columns. `parent` keeps it to one parent's rows. */
export function idPageSql(
  scope: Scope,
  query: ListQuery,
  parent: RawBuilder<boolean> | null,
): { readonly sql: RawBuilder<unknown>; readonly names: readonly string[] } {
  const { concept, steps, page } = query
  const terms = orderTerms(steps, page.isBackward)
  const select = pageSql({
    scope,
    concept,
    terms,
    ranges: listRanges(terms, page.from),
    filter: conditionSql(scope, query),
    // One parent's rows are few: whatever the planner thinks of the filter is good enough.
    hits: parent ? null : hitsOf(scope, query),
    parent,
    limit: page.size + 1,
    offset: page.offset,
  })
  return { sql: select, names: keyNames(terms) }
}

/** What rows must fulfil beside being listed at all: the filter and the search; null for all rows. */
function conditionSql(scope: Scope, { filter, search }: ListQuery): RawBuilder<boolean> | null {
  const filtered = filter && filterSql(scope, filter, 'c')
  const searched = search && search.condition(scope, 'c')
  return filtered && searched ? sql<boolean>`${searched} and ${filtered}` : (filtered ?? searched)
}

function hitsOf(scope: Scope, query: ListQuery): RawBuilder<unknown> | null {
  const { concept, filter, search } = query
  if (!search) return filter && hitsSql(scope, concept, filter)
  return sql`select c.id from ${listedSql(scope, query)} limit ${sql.lit(MAX_HITS + 1)}`
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
  return { places: page.isBackward ? places.reverse() : places, hasMore: read.length > page.size, isPartial: false }
}

/** How many rows a list has, `max + 1` at most, as kith_keys: one statement. @throws TIMEOUT */
export async function countRows(scope: Scope, lister: Lister, query: ListQuery, max: number): Promise<number> {
  const { concept, filter, search } = query
  if (search && !query.isOrdered) {
    const where = filter && filterSql(scope, filter, 'c')
    return search.count(scope, lister.database, max, where)
  }
  const alternatives = filter && !search ? alternativeRowsSql(scope, concept, filter, max + 1) : null
  const rows = alternatives ?? sql`select c.tenant_id from ${listedSql(scope, query)}`
  const counted = sql`select count(*)::int as total, count(*) filter (where tenant_id <> app_tenant())::int as foreign_rows
    from (select tenant_id from (${rows}) as listed limit ${sql.lit(max + 1)}) as counted`
  const label = `count.${concept.list}`
  const [row] = await lister.database.keys<{ total: number }>(scope.tenantId, statement(label, counted))
  return row?.total ?? 0
}

/** About how many rows a list has, as the planner guesses: one EXPLAIN, which runs nothing. */
export function estimateRows(scope: Scope, { database }: Lister, query: ListQuery): Promise<number> {
  const listed = sql`select c.tenant_id from ${listedSql(scope, query)}`
  return database.estimate(scope.tenantId, statement(`estimate.${query.concept.list}`, listed))
}

/** The rows of a list as `c`, of all its pages: `contacts as c where …`. */
export function listedSql(scope: Scope, query: ListQuery): RawBuilder<unknown> {
  const condition = conditionSql(scope, query)
  const rows = rowsSql(scope, query.concept, 'c')
  return condition ? sql`${rows} and ${condition}` : rows
}
