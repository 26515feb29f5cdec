import { sql, type Sql } from '../lib/sql.js'
import { byAddressIndex, byTrigramIndex, rowByRow, splitSearch } from './access-paths.js'
import { foldWords } from './folded-words.js'
import { MAX_IDS_OF_ALL_RANKS, MAX_ROWS_OF_ALL_RANKS } from './limits.js'
import { and, type Condition } from './logic.js'
import { INCOMPLETE, WORST_RANK, type RanksWanted } from './ranks.js'
import { searchedId, searchedRows, type Search } from './searched-rows.js'
import { hasAtMost, idDirection, isAmong, isBeyond, rowsUpTo, step, textColumns } from './with-steps.js'

/**
 * The rows of some of the ranks 1 to 3 as one SELECT of `tenant_id, id, rank`, in order (see rankedRows), where they are
 * few: all ranks by one scan of an index; then the rank of each row is told from its text. A condition on the worst rank
 * finds them all, because it is true of better ones too. Where the index finds more than limits.ts allows, there is one
 * row of rank INCOMPLETE instead.
 *
 *   words         what is looked for in texts, folded once
 *   address_ids   ids by the index of addresses, 101 at most, where a term can use it
 *   text_rows     rows by the trigram index, 501 at most, where a term can use it; none where address_ids are few enough
 *   ranked        the rows of the one or the other that have all other terms too, with their ranks
 *
 * Its text is the same for all searches with terms of the same kinds.
 */
export function ranksTogether(given: Search, { ranks, limit, afterId, isBackward, where }: RanksWanted): Sql {
  const { search, words } = foldWords(given)
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
  // Where address_ids are few, text_rows stay empty, which is few as well.
  const isComplete = byText ? areRowsFew : areIdsFew
  const rank = sql`case when ${rowByRow(search, 1)} then 1 when ${rowByRow(search, 2)} then 2 else 3 end`
  const union = sql.join(branches, sql` union all `)
  steps.push(step('ranked', sql`select s.tenant_id, ${searchedId(search)} as id, ${rank} as rank from (${union}) as s`))
  const isWanted: Condition = sql`rank in (${sql.join(ranks.map((wanted) => sql.lit(wanted)))})`
  const isAfter: Condition[] =
    afterId === null
      ? []
      : [sql`(rank <> ${sql.lit(ranks[0] ?? 1)} or ${isBeyond(sql.ref('id'), afterId, isBackward)})`]
  // Read last: only then every word has its place.
  return sql`with ${sql.join([...words(), ...steps])}
    select tenant_id, id, rank from ranked where ${and([isComplete, isWanted, ...isAfter])}
    union all select ${search.scope.tenantId}::uuid, null, ${sql.lit(INCOMPLETE)} where not ${isComplete}
    order by rank ${isBackward ? sql`desc` : sql`asc`}, id ${idDirection(isBackward)} limit ${limit}`
}
