import type { Database } from '../database/database.js'
import type { CursorCodec } from '../lib/cursor.js'
import type { ReadListSearch } from './list-search.js'

/** What lists run on. */
export interface Lister {
  readonly database: Database
  readonly cursors: CursorCodec
  readonly readSearch: ReadListSearch
}
