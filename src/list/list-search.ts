import type { Sql } from '../lib/sql.js'
import type { Scope } from '../access/scope.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import type { Database } from '../database/database.js'
import type { CursorPlace } from '../lib/cursor.js'
import type { FieldUses } from '../lib/field-uses.js'

type Condition = Sql<boolean>

/** Which of the records that a search finds are wanted. */
export interface SearchWanted {
  /** how many at most */
  readonly limit: number
  /** the place behind which they are; with `isBackward` the place before which they are; null for all */
  readonly after: CursorPlace | null
  /** whether they are read from the last one on */
  readonly isBackward: boolean
  /** the list's filter, as a condition on the record under the alias `c`; null without one */
  readonly where: Condition | null
  /** the custom fields in that filter */
  readonly uses?: FieldUses | undefined
}

/** What of a search is counted. */
export interface SearchCounted extends Pick<SearchWanted, 'where' | 'uses'> {
  /** counting stops at one more */
  readonly max: number
}

/** What a search found. */
export interface FoundPlaces {
  /** in the direction in which they were read */
  readonly places: readonly CursorPlace[]
  /** whether the search ran out of time before it looked for spelling mistakes: those alone are missing then */
  readonly isPartial: boolean
}

/**
 * A search that narrows a list: `contacts(search: "anna")`. src/search/ makes it; lists know no more of it than this.
 */
export interface ListSearch {
  /** A condition on the record under `alias`, true where the search finds it: for lists with an `orderBy`. */
  condition(scope: Scope, alias: string): Condition
  /**
   * The places of the records that are found, best first: for lists without an `orderBy`.
   * @throws TIMEOUT where nothing could be read in time
   */
  page(scope: Scope, database: Database, wanted: SearchWanted): Promise<FoundPlaces>
  /** How many are found, `max + 1` at most. @throws TIMEOUT */
  count(scope: Scope, database: Database, counted: SearchCounted): Promise<number>
}

/**
 * Makes the search for a text among a concept's records. A phone number in it without a country code is read as one of
 * `country`.
 */
export type ReadListSearch = (concept: ConceptFields, text: string, country: string | null) => ListSearch
