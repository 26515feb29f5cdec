import { sql, type Sql } from '../lib/sql.js'
import { statement } from '../database/sql.js'
import type { Database } from '../database/database.js'
import type { SearchCounted } from '../list/list-search.js'
import { byAddressIndex, byTrigramIndex, rowByRow } from './access-paths.js'
import { and, type Condition } from './logic.js'
import { misspeltRows } from './misspelt-rows.js'
import { misspeltWords } from './misspelt-words.js'
import { WORST_RANK } from './ranks.js'
import { recordCondition, SEARCHED, searchedId, searchedRows, type Search } from './searched-rows.js'
import { idColumns } from './with-steps.js'

/**
 * Whether a record is found as written (ranks 1 to 3), for lists in an order of their own, which forgive no spelling
 * mistakes: a condition on the records as `alias`, `c.id in (select …)`. Never true without terms.
 */
export function searchCondition(search: Search, alias: string): Condition {
  if (search.terms.length === 0) return sql`false`
  return sql`${sql.ref(`${alias}.id`)} in (select id from (${foundAsWritten(search, null)}) as as_written)`
}

/** What is counted, and how. */
interface Counted extends SearchCounted {
  /** whether rank 4 counts, as a list in the search's own order has it: only where there is nothing as written */
  readonly isMisspelt: boolean
}

/** How many records a search finds, `max + 1` at most: one statement, none without terms. @throws TIMEOUT */
export async function countSearch(
  search: Search,
  database: Database,
  { max, where, uses, isMisspelt }: Counted,
): Promise<number> {
  const { scope, type, terms } = search
  if (terms.length === 0) return 0
  const records = recordCondition(search, where)
  const words = isMisspelt ? misspeltWords(terms) : null
  const limit = sql`limit ${sql.lit(max + 1)}`
  const steps = [sql`as_written as materialized (${foundAsWritten(search, records)})`]
  const rows = [sql`(select tenant_id from as_written ${limit})`]
  if (words !== null) {
    const isDue = sql<boolean>`not exists (select 1 from as_written)`
    const misspelt = misspeltRows(search, words, and([isDue, ...(records ? [records] : [])]))
    steps.push(misspelt.steps)
    rows.push(sql`(select tenant_id from (${misspelt.rows}) as misspelt ${limit})`)
  }
  const counted = sql`with ${sql.join(steps)}
    select count(*)::int as total, count(*) filter (where tenant_id <> app_tenant())::int as foreign_rows
    from (select tenant_id from (${sql.join(rows, sql` union all `)}) as found ${limit}) as counted`
  const label = `countSearch.${SEARCHED[type].list}`
  const [row] = await database.keys<{ total: number }>(scope.tenantId, { ...statement(label, counted), uses })
  return row?.total ?? 0
}

/**
 * The records of ranks 1 to 3 as a SELECT of `tenant_id, id`: in no order, each only once. By the index of addresses
 * and, for what the other terms say of the text, by the trigram index; all of them are read, however many.
 */
function foundAsWritten(search: Search, where: Condition | null): Sql {
  const byAddress = byAddressIndex(search, WORST_RANK)
  const rest = byAddress?.rest ?? search
  const ids = byAddress ? [sql<boolean>`${searchedId(search)} in (${byAddress.ids})`] : []
  const others = byTrigramIndex(rest, WORST_RANK) ?? rowByRow(rest, WORST_RANK)
  return sql`select ${idColumns(search)} from ${searchedRows(search)} and ${and([...ids, others, ...(where ? [where] : [])])}`
}
