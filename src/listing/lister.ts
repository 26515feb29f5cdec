import type { Database } from '../database/database.js'
import type { CursorCodec } from '../lib/cursor.js'
import type { Registry } from './registry.js'

/** What lists run on. */
export interface Lister {
  readonly database: Database
  readonly cursors: CursorCodec
  readonly registry: Registry
}
