import type { RawBuilder } from 'kysely'
import type { Scope } from '../access/scope.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import type { Database } from '../database/database.js'
import type { CursorPlace } from '../lib/cursor.js'

type Condition = RawBuilder<boolean>

/** The part of what a search finds that is wanted. */
export interface SearchWanted {
  readonly limit: number
  /** the place beyond which it lies, in the direction in which it is read */
  readonly after: CursorPlace | null
  /** read from its end */
  readonly isBackward: boolean
  /** what the records, as `c`, must fulfil beside; null for all of them */
  readonly where: Condition | null
}

/** What a search found. */
export interface FoundPlaces {
  /** in the direction in which they were read */
  readonly places: readonly CursorPlace[]
  /** whether time ran out for spelling mistakes: then they are missing, and nothing else is */
  readonly isPartial: boolean
}

/** A search that narrows a list. Full-text search (src/search/) makes it; lists know no more of it than this. */
export interface ListSearch {
  /** Whether a record under `alias` is found: for lists in an order of their own. */
  condition(scope: Scope, alias: string): Condition
  /** The records that are found, best first. @throws TIMEOUT where nothing could be read in time */
  page(scope: Scope, database: Database, wanted: SearchWanted): Promise<FoundPlaces>
  /** How many are found, `max + 1` at most. @throws TIMEOUT */
  count(scope: Scope, database: Database, max: number, where: Condition | null): Promise<number>
}

/** Reads what was searched for among a concept's records; `country` is the one whose phone numbers need no country code. */
export type ReadListSearch = (concept: ConceptFields, text: string, country: string | null) => ListSearch
