import { compileSql, type Sql } from '../lib/sql.js'
import type { Scope } from '../access/scope.js'
import { statement } from '../database/sql.js'
import { walkSql } from './walk-sql.js'
import type { CursorPlace } from '../lib/cursor.js'
import { AppError } from '../lib/errors.js'
import { filterSql } from './filter-sql.js'
import type { ListQuery } from './list-query.js'
import type { ListSearch } from './list-search.js'
import { conditionSql } from './listed-sql.js'
import { listedTables } from './listed-tables.js'
import type { MatchingIds } from './found-first.js'
import type { Lister } from './lister.js'
import type { LinkedPlace } from './read-ahead.js'
import { countsByIds, matchingIds } from './matching-ids.js'
import { keyNames, orderTerms } from './page/order-terms.js'
import { foundPageSql } from './page/found-sql.js'
import { pageSql, type PageQuery } from './page/page-sql.js'
import { usedFields } from './used-fields.js'
import { listRanges, type Key } from './page/ranges.js'

/**
 * A page of a list before its rows are read: where each row stands, in the list's order. The rows are read afterwards,
 * by id, under row-level security.
 */
export interface IdPage {
  readonly places: readonly (CursorPlace & LinkedPlace)[]
  /** whether there are more rows in the direction in which the page was read */
  readonly hasMore: boolean
  /** whether a search ran out of time before it looked for spelling mistakes; the places that are here are right */
  readonly isPartial: boolean
  /** how many rows the list has; null where it takes a statement of its own to tell */
  readonly total: number | null
}

// The size of a page stands in its text, so that a plan made once knows it; the server keeps plans of the usual ones.
const USUAL_SIZES = new Set([10, 20, 25, 50, 100, 200])
const USUAL_PAGES = 10

/** Whether it is one of the first pages of a usual size. */
function isUsual({ size, offset }: ListQuery['page']): boolean {
  return USUAL_SIZES.has(size) && offset % size === 0 && offset < size * USUAL_PAGES
}

/**
 * Reads one page of ids, as kith_keys, in the order asked for: one statement. A search without an order gives its best
 * first, and may take a second statement for spelling mistakes. Where few rows may match a filter these are found first, and
 * a second statement reads the page where they aren't few. `links` are columns whose values come with each place,
 * except in the order of a search. Where the rows are counted too (`isCounted`), a filter is asked once for both.
 * @throws TIMEOUT
 */
export async function listIds(
  scope: Scope,
  lister: Lister,
  query: ListQuery,
  { links = [], isCounted = false }: { readonly links?: readonly string[]; readonly isCounted?: boolean } = {},
): Promise<IdPage> {
  if (query.search && !query.isOrdered) return searchIds(scope, lister, query, query.search)
  const countsMatches = isCounted && countsByIds(query)
  const matching = matchingIds(scope, query, countsMatches)
  // What an index of custom values leaves serves both few and many rows: it is read once.
  const isFoundFirst = matching !== null && matching.steps.length === 0
  if (isFoundFirst) {
    const found = await foundIds(scope, lister, query, matching, links)
    if (found) return countsMatches ? found : { ...found, total: null }
  }
  const options = {
    links,
    countsMatches: countsMatches && !isFoundFirst,
    matching: isFoundFirst ? 'many' : matching,
  } as const
  const names = keyNames(orderTerms(query.steps, query.page.isBackward))
  const tables = listedTables(query)
  // Without a filter, and in an order of its own, a list is a walk along an index.
  const isWalk = query.filter === null && query.search === null && tables.length === 1 && query.steps.length <= 1
  const write = () => compileSql(idPageSql(scope, query, null, options).sql)
  const { text, values } = isWalk ? walkSql(scope, query, links, write) : write()
  const read = {
    label: `list.${query.concept.list}`,
    text,
    values,
    tables,
    uses: usedFields(scope, query),
    sharesFlight: isWalk,
    prepared: isWalk && isUsual(query.page),
  }
  const rows = await lister.database.keys<PageRow>(scope.tenantId, read)
  const total = options.countsMatches ? totalOf(query, rows) : null
  return toIdPage(query, toPlaces(names, rows), total)
}

/** A page of the few rows that match a filter; null where more match than are found first. */
async function foundIds(
  scope: Scope,
  { database }: Lister,
  query: ListQuery,
  matching: MatchingIds,
  links: readonly string[],
): Promise<IdPage | null> {
  const { concept, steps, page } = query
  const terms = orderTerms(steps, page.isBackward)
  const select = foundPageSql({
    scope,
    concept,
    links,
    terms,
    ranges: page.from && listRanges(terms, page.from),
    matching,
    limit: page.size + 1,
    offset: page.offset,
  })
  const { label, text, values } = statement(`list.${concept.list}`, select)
  const read = { label, text, values, tables: listedTables(query), uses: usedFields(scope, query) }
  const rows = await database.keys<PageRow | ManyMatch>(scope.tenantId, read)
  if (!areFew(rows)) return null
  return toIdPage(query, toPlaces(keyNames(terms), rows), totalOf(query, rows))
}

/** What comes back instead of rows where too many match. */
interface ManyMatch {
  readonly id: null
}

function areFew(rows: readonly (PageRow | ManyMatch)[]): rows is readonly PageRow[] {
  return rows[0]?.id !== null
}

function toPlaces(names: readonly string[], rows: readonly PageRow[]): (CursorPlace & LinkedPlace)[] {
  return rows.map((row) => toPlace(names, row))
}

/** The number of the matching ids, if they are all there. An empty page says nothing unless it is the first one. */
function totalOf({ page }: ListQuery, [row]: readonly PageRow[]): number | null {
  if (!row) return page.from === null && page.offset === 0 ? 0 : null
  const matches = row['matches'] ?? null
  return matches === null ? null : Number(matches)
}

async function searchIds(scope: Scope, { database }: Lister, query: ListQuery, search: ListSearch): Promise<IdPage> {
  const { size, from, isBackward, offset } = query.page
  const where = query.filter && filterSql(scope, query.filter, 'c')
  const uses = usedFields(scope, { filter: query.filter, steps: [] })
  const wanted = { limit: offset + size + 1, after: from, isBackward, where, uses }
  const { places, isPartial } = await search.page(scope, database, wanted)
  // An empty page would say that there is nothing, which a search without time can't know.
  if (isPartial && places.length === 0)
    throw new AppError('TIMEOUT', 'The search took too long; search for more of the word.')
  return toIdPage(query, places.slice(offset), null, isPartial)
}

/** A row of the statement: an id, and the row's keys under the names `k0`, `k1` … */
export interface PageRow {
  readonly id: string
  readonly [key: string]: unknown
}

/**
 * The SELECT of a page and the names of its key columns. It gives one row more than the page has, which says that there
 * are more. `parent` keeps it to the rows of one parent: `c.company_id = parent.id`; `links` are columns that it gives
 * beside: `company_id`; `matching` is known to who has looked for it already.
 * @see page/README.md
 */
export function idPageSql(
  scope: Scope,
  query: ListQuery,
  parent: Sql<boolean> | null,
  {
    links = [],
    countsMatches = false,
    // One parent's rows are few: whatever the planner guesses of the filter is good enough.
    matching = parent ? null : matchingIds(scope, query),
  }: Partial<Pick<PageQuery, 'links' | 'countsMatches' | 'matching'>> = {},
): { readonly sql: Sql; readonly names: readonly string[] } {
  const { concept, states, steps, page } = query
  const terms = orderTerms(steps, page.isBackward)
  const select = pageSql({
    scope,
    concept,
    links,
    terms,
    ranges: listRanges(terms, page.from),
    states: states.map((state) => ({ state, filter: conditionSql(scope, query, state, matching !== null) })),
    matching,
    countsMatches,
    parent,
    limit: page.size + 1,
    offset: page.offset,
  })
  return { sql: select, names: keyNames(terms) }
}

/** Where a row of the statement stands in the list. `names` are those of its key columns. */
export function toPlace(names: readonly string[], row: PageRow): CursorPlace & LinkedPlace {
  return new RowPlace(names, row)
}

/** Its keys are read from the row when a cursor is made of them: most clients ask for one or two of a page. */
class RowPlace implements CursorPlace, LinkedPlace {
  readonly id: string
  readonly links: PageRow
  readonly #names: readonly string[]

  constructor(names: readonly string[], row: PageRow) {
    this.id = row.id
    this.links = row
    this.#names = names
  }

  get keys(): readonly Key[] {
    return this.#names.map((name) => this.links[name] as Key)
  }
}

/**
 * A page from the places that were read: without the one too many, and in the list's order if it was read backwards.
 */
export function toIdPage(
  { page }: Pick<ListQuery, 'page'>,
  read: readonly (CursorPlace & LinkedPlace)[],
  total: number | null = null,
  isPartial = false,
): IdPage {
  const places = read.slice(0, page.size)
  return {
    places: page.isBackward ? places.reverse() : places,
    hasMore: read.length > page.size,
    isPartial,
    total,
  }
}
