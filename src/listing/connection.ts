import type { CursorList, CursorPlace } from '../lib/cursor.js'
import type { Scope } from '../lib/scope.js'
import type { ConceptFields } from '../lib/concept-fields.js'
import { countRows, cursorList, DEFAULT_PAGE_SIZE, listIds, type Lister, type PageArguments } from './lister.js'

/** A Relay connection whose parts are read when they are selected; page and count run side by side. */
export interface Connection<Row> {
  page(): Promise<Page<Row>>
  totalCount(max: number): Promise<number>
}

export interface Page<Row> {
  readonly edges: { readonly node: Row; cursor(): string }[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  startCursor(): string | null
  endCursor(): string | null
}

/**
 * A concept's root list: ids first, then rows by id. A row that is gone between the two steps is left out of the edges;
 * the page's cursors stay.
 * @throws INVALID_CURSOR at once, before any SQL
 */
export function listConnection<Row>(
  scope: Scope,
  lister: Lister,
  fields: ConceptFields,
  { first, after }: PageArguments,
  loadRow: (id: string) => Promise<Row | null>,
): Connection<Row> {
  const list = cursorList(scope, fields)
  const start = after ? lister.cursors.decode(list, after) : null
  const read = async (): Promise<Page<Row>> => {
    const { places, hasNextPage } = await listIds(scope, lister, fields, first ?? DEFAULT_PAGE_SIZE, start)
    const rows = await Promise.all(places.map((place) => loadRow(place.id)))
    return toPage(lister, list, places, rows, hasNextPage, start !== null)
  }
  return { page: once(read), totalCount: (max) => countRows(scope, lister, fields, max) }
}

/** A page from rows and their places; a null row is left out. */
export function toPage<Row>(
  lister: Lister,
  list: CursorList,
  places: readonly CursorPlace[],
  rows: readonly (Row | null)[],
  hasNextPage: boolean,
  hasPreviousPage: boolean,
): Page<Row> {
  const cursorAt = (place: CursorPlace | undefined): string | null =>
    place ? lister.cursors.encode(list, place) : null
  return {
    edges: places.flatMap((place, index) => {
      const node = rows[index] ?? null
      return node === null ? [] : [{ node, cursor: () => lister.cursors.encode(list, place) }]
    }),
    hasNextPage,
    hasPreviousPage,
    startCursor: () => cursorAt(places[0]),
    endCursor: () => cursorAt(places.at(-1)),
  }
}

/** The same promise at every call: several selected parts of a connection share one read. */
export function once<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let reading: Promise<Result> | undefined
  return () => (reading ??= read())
}
