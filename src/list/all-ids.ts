import type { Scope } from '../access/scope.js'
import { statement } from '../database/sql.js'
import type { Statement } from '../database/statement.js'
import { idPageSql } from './id-page.js'
import type { ListQuery } from './list-query.js'
import { listedTables } from './listed-tables.js'
import { usedFields } from './used-fields.js'

// One less than the largest integer, as a page asks for one row more than it has.
const ALL_ROWS = 2_147_483_646

/**
 * All rows of a list in its order, as `tenant_id`, `id` and its keys: one statement of kith_keys for a cursor, whatever
 * page the query asks for. A search narrows the list; it doesn't rank it.
 */
export function allIds(scope: Scope, query: ListQuery, label: string): Statement {
  const page = { size: ALL_ROWS, isBackward: false, from: null, offset: 0 }
  const { sql } = idPageSql(scope, { ...query, page }, null)
  return { ...statement(label, sql), tables: listedTables(query), uses: usedFields(scope, query) }
}
