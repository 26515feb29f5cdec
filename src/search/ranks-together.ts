import { sql, type Sql } from '../lib/sql.js'
import { byAddressIndex, byTrigramIndex, rowByRow, splitSearch } from './access-paths.js'
import { MAX_IDS_OF_ALL_RANKS, MAX_ROWS_OF_ALL_RANKS } from './limits.js'
import { and, type Condition } from './logic.js'
import { WORST_RANK, type RanksWanted } from './ranks.js'
import { searchedId, searchedRows, type Search } from './searched-rows.js'
import { hasAtMost, isAmong, isBeyond, rowsUpTo, step, textColumns } from './with-steps.js'

/** The rows of all ranks, where they are few. */
export interface RanksTogether {
  readonly steps: readonly Sql[]
  /** whether `rows` has everything; else it is empty */
  readonly isComplete: Condition
  /** a SELECT of `tenant_id, id, rank` */
  readonly rows: Sql
}

/**
 * All ranks by one scan of an index, where it finds no more than limits.ts allows; then the rank of each row is told
 * from its text. A condition on the worst rank finds them all, because it is true of better ones too.
 *
 *   address_ids   ids by the index of addresses, 101 at most, where a term can use it
 *   text_rows     rows by the trigram index, 501 at most, where a term can use it; none where address_ids are few enough
 *   ranked        the rows of the one or the other that have all other terms too, with their ranks
 */
export function ranksTogether(search: Search, { ranks, afterId, isBackward, where }: RanksWanted): RanksTogether {
  const { texts, addresses } = splitSearch(search)
  const steps: Sql[] = []
  const branches: Sql[] = []
  const conditions = where ? [where] : []
  const byAddress = byAddressIndex(search, WORST_RANK)
  const byText = byTrigramIndex(texts, WORST_RANK)
  const areIdsFew = hasAtMost('address_ids', MAX_IDS_OF_ALL_RANKS)
  const areRowsFew = hasAtMost('text_rows', MAX_ROWS_OF_ALL_RANKS)
  if (byAddress) {
    const ids = sql`select id from (${byAddress.ids}) as by_address limit ${sql.lit(MAX_IDS_OF_ALL_RANKS + 1)}`
    steps.push(step('address_ids', ids))
    const found = [areIdsFew, isAmong(search, 'address_ids'), rowByRow(byAddress.rest, WORST_RANK), ...conditions]
    branches.push(sql`select ${textColumns(search)} from ${searchedRows(search)} and ${and(found)}`)
  }
  if (byText) {
    const due = byAddress ? [sql<boolean>`not ${areIdsFew}`, byText] : [byText]
    steps.push(step('text_rows', rowsUpTo(search, due, MAX_ROWS_OF_ALL_RANKS)))
    const found = and([areRowsFew, rowByRow(addresses, WORST_RANK), ...conditions])
    branches.push(sql`select ${textColumns(search)} from ${sql.ref('text_rows')} as s where ${found}`)
  }
  const rank = sql`case when ${rowByRow(search, 1)} then 1 when ${rowByRow(search, 2)} then 2 else 3 end`
  const union = sql.join(branches, sql` union all `)
  steps.push(step('ranked', sql`select s.tenant_id, ${searchedId(search)} as id, ${rank} as rank from (${union}) as s`))
  // Where address_ids are few, text_rows stay empty, which is few as well.
  const isComplete = byText ? areRowsFew : areIdsFew
  const isWanted = sql`rank in (${sql.join(ranks.map((wanted) => sql.lit(wanted)))})`
  const beyond =
    afterId === null
      ? sql``
      : sql` and (rank <> ${sql.lit(ranks[0] ?? null)} or ${isBeyond(sql.ref('id'), afterId, isBackward)})`
  return {
    steps,
    isComplete,
    rows: sql`select tenant_id, id, rank from ranked where ${isComplete} and ${isWanted}${beyond}`,
  }
}
