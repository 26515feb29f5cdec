import type { Sql } from '../lib/sql.js'

/** How the rows that match a filter are found first, where they are few; as parts of a page's SQL. */
export interface MatchingIds {
  /** what the WITH begins with: `name as materialized (…)` */
  readonly steps: readonly Sql[]
  /** a SELECT of `id` and `tenant_id`; not all of them where there are more than is found first */
  readonly ids: Sql
  /** whether all ids are there, and whether there are more */
  readonly isFew: Sql<boolean>
  readonly isMany: Sql<boolean>
  /** where there are more: what is asked of each row's id, before anything is looked up for the row */
  readonly walk: (id: Sql) => readonly Sql<boolean>[]
  /** where there are more: the whole filter as it is asked of a row's id, before the row is looked up; null where it needs the row */
  readonly byId: ((id: Sql) => Sql<boolean>) | null
  /** where there are more: how the first rows of the order are held against the filter before; null where each is looked at by itself */
  readonly firstRows: FirstRowsAtOnce | null
}

/** How the first rows of an order are held against a filter at once, before rows are looked at one by one. */
export interface FirstRowsAtOnce {
  /** so many rows are tried, one chunk after the other; ascending */
  readonly chunks: readonly FirstChunk[]
  /** how a chunk, a step of the SQL that has `id`, is held against the filter */
  readonly among: (chunk: ChunkName) => HitsOfChunk
  /** what is asked of each row's id where these rows don't fill the page */
  readonly walk: MatchingIds['walk']
}

/** Rows from the beginning of an order. */
export interface FirstChunk {
  readonly rows: number
  /** whether they are tried: there may be a quicker way, which is known once rows are counted */
  readonly isDue: Sql<boolean>
}

/** The name of a chunk, and how many rows it has at most. */
export interface ChunkName {
  readonly name: Sql
  readonly rows: number
}

/** Those rows of a chunk that the filter matches. */
export interface HitsOfChunk {
  /** what the WITH has before: `name as materialized (…)` */
  readonly steps: readonly Sql[]
  /** a SELECT of `id`; others may be among them */
  readonly ids: Sql
  /** whether all are there */
  readonly isWhole: Sql<boolean>
}
