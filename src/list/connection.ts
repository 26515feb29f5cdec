import type { ConceptFields } from '../concepts/concept-fields.js'
import type { CursorList, CursorPlace } from '../lib/cursor.js'
import type { Scope } from '../access/scope.js'
import { countRows, estimateRows } from './count.js'
import { listIds, type IdPage } from './id-page.js'
import { readListQuery, type ListArguments, type ListQuery } from './list-query.js'
import type { Lister } from './lister.js'

/** A Relay connection whose parts are read when they are selected; page and counts run side by side. */
export interface Connection<Row> {
  page(): Promise<Page<Row>>
  count(max: number): Promise<Count>
  estimatedCount(): Promise<number>
}

/** The smaller of the number of rows and where counting stopped, and whether it is the number itself. */
export interface Count {
  readonly total: number
  readonly isExact: boolean
}

export interface Page<Row> {
  readonly edges: { readonly node: Row; cursor(): string }[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** whether time ran out for a part of a search: then there may be more */
  readonly isPartial: boolean
  startCursor(): string | null
  endCursor(): string | null
}

/**
 * A concept's root list: ids first, then rows by id. A row that is gone between the two steps is left out of the edges;
 * the page's cursors stay.
 * @throws BAD_USER_INPUT, INVALID_CURSOR at once, before any SQL
 */
export function listConnection<Row>(
  scope: Scope,
  lister: Lister,
  concept: ConceptFields,
  args: ListArguments,
  loadRow: (id: string) => Promise<Row | null>,
): Connection<Row> {
  const query = readListQuery(scope, lister, concept, args)
  const count = countOnce((max) => countRows(scope, lister, query, max))
  // Statistics are of all tenants' rows: by them a filter would tell how many of the others' fit it.
  const isNarrowed = query.filter !== null || query.search !== null
  return {
    page: once(async () => {
      const found = await listIds(scope, lister, query)
      const rows = await Promise.all(found.places.map((place) => loadRow(place.id)))
      return toPage(lister, query, found, rows)
    }),
    count,
    estimatedCount: isNarrowed
      ? async () => (await count(MAX_ESTIMATE)).total
      : once(() => estimateRows(scope, lister, query)),
  }
}

/** Where counting stops for an estimate of rows that statistics know nothing of. */
const MAX_ESTIMATE = 10_000

/** A page from places and their rows; a null row is left out. */
export function toPage<Row>(
  { cursors }: Lister,
  { cursorList, page }: Pick<ListQuery, 'cursorList' | 'page'>,
  { places, hasMore, isPartial }: IdPage,
  rows: readonly (Row | null)[],
): Page<Row> {
  const cursorAt = cursorsOf(cursors, cursorList)
  const isInside = page.from !== null || page.offset > 0
  return {
    edges: places.flatMap((place, index) => {
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

/** Counts that stop at `max`, read once for each: `count` gives `max + 1` where there are more. */
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

/** The same promise at every call: several selected parts of a connection share one read. */
export function once<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let reading: Promise<Result> | undefined
  return () => (reading ??= read())
}
