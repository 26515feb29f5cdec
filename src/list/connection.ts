import type { ConceptFields } from '../concepts/concept-fields.js'
import type { CursorList, CursorPlace } from '../lib/cursor.js'
import type { Scope } from '../access/scope.js'
import { once } from '../lib/once.js'
import { allValues } from '../lib/promise.js'
import { countRows, estimateRows } from './count.js'
import { listIds, type IdPage } from './id-page.js'
import { readListQuery, type ListArguments, type ListQuery } from './list-query.js'
import type { Lister } from './lister.js'
import { linksOf, readAllAhead, type SelectedRelation } from './read-ahead.js'

/**
 * A list as Relay's connection. Each part is read when a client selects it, and once however many of its fields are
 * selected: `{ contacts { nodes { id } pageInfo { hasNextPage } totalCount } }` reads one page and one count, side by
 * side.
 */
export interface Connection<Row> {
  /** for `edges`, `nodes`, `pageInfo`; at once where its rows are there already */
  page(): Page<Row> | Promise<Page<Row>>
  /** for `totalCount` and `totalCountIsExact` */
  count(max: number): Promise<Count>
  estimatedCount(): Promise<number>
}

/**
 * A count that stops at a number. A list of 70 rows counted up to 50 is `{ total: 50, isExact: false }`, counted up to
 * 100 it is `{ total: 70, isExact: true }`.
 */
export interface Count {
  readonly total: number
  readonly isExact: boolean
}

/** A row on its place in a list. */
export interface Edge<Row> {
  readonly node: Row
  cursor(): string
}

/** Gives rows by their ids, those of a page at once; null where there is none. */
export interface RowsById<Row> {
  loadAll(ids: readonly string[]): Promise<unknown> | undefined
  get(id: string): Row | null | Promise<Row | null>
}

/** A page of rows. Cursors are functions, as encrypting them is only worth it where they are selected. */
export interface Page<Row> {
  readonly nodes: Row[]
  edges(): Edge<Row>[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** whether a search ran out of time before it looked for spelling mistakes: then there may be more */
  readonly isPartial: boolean
  startCursor(): string | null
  endCursor(): string | null
}

/**
 * A root list: `contacts`, `companies`, `users` … A page takes two steps: one statement gives the ids, `rows` gives
 * the rows. A row that was deleted between the two is left out of the edges, as is one that `pick` makes null;
 * `startCursor` and `endCursor` stay, so that the next page goes on behind it. `ahead` is read in one flight with the
 * rows. Under a filter, rows and count come of one statement where both are selected and at most 3,000 rows match.
 * @throws BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR at once, before any SQL
 */
export function listConnection<Row>(
  scope: Scope,
  lister: Lister,
  concept: ConceptFields,
  args: ListArguments,
  rows: RowsById<Row>,
  { ahead = [], isCounted = false, pick = (row) => row }: ListOptions<Row> = {},
): Connection<Row> {
  const query = readListQuery(scope, lister, concept, args)
  const idPage = once(() => listIds(scope, lister, query, { links: linksOf(ahead), isCounted }))
  const count = countOnce(async (max) => {
    const total = isCounted ? (await idPage()).total : null
    return total ?? countRows(scope, lister, query, max)
  })
  // The planner's statistics are of all tenants' rows. Under a filter its guess would tell how many rows of other
  // tenants match; so only a list without filter and search is guessed, and others are counted. A rule on rows is a
  // filter too.
  const isFiltered = query.filter !== null && !(query.filter.kind === 'all' && query.filter.nodes.length === 0)
  const isNarrowed = isFiltered || query.search !== null || scope.access.rows(concept.name, 'c') !== null
  return {
    page: once(async () => {
      const found = await idPage()
      const ids = found.places.map(({ id }) => id)
      await Promise.all([rows.loadAll(ids), readAllAhead(ahead, found.places)])
      const loaded = await allValues(ids.map((id) => rows.get(id)))
      return toPage(lister, query, found, loaded.map(pick))
    }),
    count,
    estimatedCount: isNarrowed
      ? async () => (await count(MAX_ESTIMATE)).total
      : once(() => estimateRows(scope, lister, query)),
  }
}

interface ListOptions<Row> {
  readonly ahead?: readonly SelectedRelation[]
  /** whether rows and a count are both selected */
  readonly isCounted?: boolean
  /** null where a row isn't listed */
  readonly pick?: (row: Row | null) => Row | null
}

/**
 * Where a count stops that names no `max`. Of a million contacts, counting 100,000 takes 35 ms without a filter, but
 * 180 ms by a column that no index has; 10,000 take 6 and 14 ms.
 */
export const DEFAULT_MAX_COUNT = 10_000

/** Where counting stops for the estimate of a list that is filtered or searched. */
export const MAX_ESTIMATE = 10_000

/**
 * A page from the places of its rows and the rows themselves, one for each place in the same order; null where a row is
 * gone, which is left out.
 */
export function toPage<Row>(
  { cursors }: Lister,
  { cursorList, page }: Pick<ListQuery, 'cursorList' | 'page'>,
  { places, hasMore, isPartial }: IdPage,
  rows: readonly (Row | null)[],
): Page<Row> {
  const cursorAt = cursorsOf(cursors, cursorList)
  // Whether there are rows on the other side isn't read: where a cursor was given there is at least the cursor's own.
  const isInside = page.from !== null || page.offset > 0
  return {
    nodes: rows.filter((row) => row !== null),
    edges: () =>
      places.flatMap((place, index) => {
        const node = rows[index] ?? null
        return node === null ? [] : [{ node, cursor: () => cursors.encode(cursorList, place) }]
      }),
    hasNextPage: page.isBackward ? isInside : hasMore,
    hasPreviousPage: page.isBackward ? hasMore : isInside,
    isPartial,
    startCursor: () => cursorAt(places[0]),
    endCursor: () => cursorAt(places.at(-1)),
  }
}

function cursorsOf(cursors: Lister['cursors'], list: CursorList) {
  return (place: CursorPlace | undefined): string | null => (place ? cursors.encode(list, place) : null)
}

/**
 * `count` as a connection offers it: `{ total, isExact }`, read once for each `max`, so that `totalCount(max: 100)` and
 * `totalCountIsExact(max: 100)` share one statement. `count` must give `max + 1` where there are more than `max`.
 */
export function countOnce(count: (max: number) => Promise<number>): (max: number) => Promise<Count> {
  const counts = new Map<number, Promise<Count>>()
  return (max) => {
    const known = counts.get(max)
    if (known) return known
    const counting = count(max).then((rows) => ({ total: Math.min(rows, max), isExact: rows <= max }))
    counts.set(max, counting)
    return counting
  }
}
