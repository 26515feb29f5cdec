import { sql, type RawBuilder } from 'kysely'
import { statement } from '../database/sql.js'
import type { Scope } from '../access/scope.js'
import type { Database } from '../database/database.js'
import { and, recordFits, SEARCHED, type Search, type SearchedType } from './conditions.js'
import { misspeltRows } from './misspelt.js'
import { misspeltWords, type SearchTerm } from './terms.js'
import { exactSql } from './tiers.js'

type Condition = RawBuilder<boolean>

/**
 * Whether a record has all terms of a search, each anywhere; spelling mistakes are none here. A condition on the records
 * as `alias`, for lists in an order of their own. Never true without terms.
 */
export function searchPredicate(
  scope: Scope,
  type: SearchedType,
  terms: readonly SearchTerm[],
  alias: string,
): Condition {
  if (terms.length === 0) return sql`false`
  const search: Search = { scope, type, terms }
  return sql`${sql.ref(`${alias}.id`)} in (select id from (${exactSql(search, null)}) as exact)`
}

/** What is counted. */
export interface SearchCounted {
  /** where counting stops */
  readonly max: number
  /** what the records, as `c`, must fulfil beside; null for all of them */
  readonly where: Condition | null
  /** whether those of the fourth tier count, as a list has them that is in the search's own order */
  readonly isMisspelt: boolean
}

/** How many records a search finds, `max + 1` at most: one statement. @throws TIMEOUT */
export async function countSearch(
  search: Search,
  database: Database,
  { max, where, isMisspelt }: SearchCounted,
): Promise<number> {
  const { scope, type, terms } = search
  if (terms.length === 0) return 0
  const records = recordFits(search, where)
  const words = isMisspelt ? misspeltWords(terms) : null
  const limit = sql`limit ${sql.lit(max + 1)}`
  const steps = [sql`exact as materialized (${exactSql(search, records)})`]
  const rows = [sql`(select tenant_id from exact ${limit})`]
  if (words !== null) {
    const misspelt = misspeltRows(
      search,
      words,
      and([sql`not exists (select 1 from exact)`, ...(records ? [records] : [])]),
    )
    steps.push(misspelt.steps)
    rows.push(sql`(select tenant_id from (${misspelt.rows}) as misspelt ${limit})`)
  }
  const counted = sql`with ${sql.join(steps)}
    select count(*)::int as total, count(*) filter (where tenant_id <> app_tenant())::int as foreign_rows
    from (select tenant_id from (${sql.join(rows, sql` union all `)}) as found ${limit}) as counted`
  const label = `count.search.${SEARCHED[type].list}`
  const [row] = await database.keys<{ total: number }>(scope.tenantId, statement(label, counted))
  return row?.total ?? 0
}
