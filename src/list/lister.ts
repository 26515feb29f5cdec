import type { Database } from '../database/database.js'
import type { CursorCodec } from '../lib/cursor.js'
import type { ReadListSearch } from './list-search.js'

/** What lists need beside a scope: made once, in server.ts. */
export interface Lister {
  readonly database: Database
  readonly cursors: CursorCodec
  /** makes a search from the `search` argument of a list */
  readonly readSearch: ReadListSearch
}
