import { sql, type Sql } from '../lib/sql.js'
import {
  byAddressIndex,
  byTrigramIndex,
  inRecordOrder,
  rowByRow,
  splitSearch,
  type AccessPath,
} from './access-paths.js'
import { MAX_IDS_OF_ONE_RANK, MAX_IDS_OF_ONE_RANK_BESIDE_WORDS, MAX_ROWS_OF_ONE_RANK } from './limits.js'
import { and, type Condition } from './logic.js'
import type { Rank, RanksWanted } from './ranks.js'
import { searchedId, searchedRows, type Search } from './searched-rows.js'
import { hasAtMost, idColumns, idDirection, isAmong, isBeyond, rowsUpTo, step } from './with-steps.js'

/** The name of the step that has the rows of a rank, as `tenant_id, id`. */
export function rankStep(rank: Rank): string {
  return `rank_${rank}`
}

function addressIdsStep(rank: Rank): string {
  return `address_ids_${rank}`
}

/**
 * The steps that find one rank by itself, the `index`-th of those wanted. They are due only where the earlier ranks
 * leave something of the page. For rank 2:
 *
 *   address_ids_2   ids by the index of addresses, where a term can use it
 *   text_rows_2     rows by the trigram index, where a term can use it
 *   rank_2          a union of three branches: text_rows_2, the rows of address_ids_2, all rows in the order of the list;
 *                   only one of them is due, by the limits, and gives rows
 */
export function rankSteps(search: Search, wanted: RanksWanted, rank: Rank, index: number): Sql[] {
  const { ranks, limit, isBackward } = wanted
  const earlier = ranks.slice(0, index).map((other) => sql` - (select count(*) from ${sql.ref(rankStep(other))})`)
  const left = sql`${sql.lit(limit)}${sql.join(earlier, sql``)}`
  const direction = idDirection(isBackward)
  const conditions = otherConditions(search, wanted, index)
  const isDue = index === 0 ? [] : [sql<boolean>`${left} > 0`]
  const inRank = (path: AccessPath): Condition => inRankAlone(search, rank, ranks[index - 1], path)
  const [steps, branches]: [Sql[], Sql[]] = [[], []]
  let due = isDue

  // Not only the branch below needs these ids, but every branch that looks for the address (see byReadIds).
  const byAddress = byAddressIndex(search, rank)
  const addressIds = addressIdsStep(rank)
  if (byAddress) {
    const ids = sql`select id from (${byAddress.ids}) as by_address where ${and(isDue)} limit ${sql.lit(MAX_IDS_OF_ONE_RANK + 1)}`
    steps.push(step(addressIds, ids))
  }

  const byText = byTrigramIndex(splitSearch(search).texts, rank)
  if (byText) {
    const textRows = `text_rows_${rank}`
    const areRowsFew = hasAtMost(textRows, MAX_ROWS_OF_ONE_RANK)
    steps.push(step(textRows, rowsUpTo(search, [...due, byText], MAX_ROWS_OF_ONE_RANK)))
    branches.push(sql`select ${idColumns(search)} from ${sql.ref(textRows)} as s
      where ${and([...due, areRowsFew, inRank(rowByRow), ...conditions])}`)
    due = [...due, sql`not ${areRowsFew}`]
  }

  if (byAddress) {
    const areIdsFew = hasAtMost(addressIds, byText ? MAX_IDS_OF_ONE_RANK_BESIDE_WORDS : MAX_IDS_OF_ONE_RANK)
    // One after another in their order, so no more are looked up than fill the page.
    branches.push(sql`select found.tenant_id, found.id
      from (select distinct id from ${sql.ref(addressIds)} where ${and([...due, areIdsFew])} order by id ${direction} offset 0) as given
      cross join lateral (select ${idColumns(search)} from ${searchedRows(search)} and ${searchedId(search)} = given.id
        and ${and([inRank(rowByRow), ...conditions])} limit 1) as found
      order by given.id ${direction} limit ${sql.lit(limit)}`)
    due = [...due, sql`not ${areIdsFew}`]
  }

  branches.push(sql`select ${idColumns(search)} from ${searchedRows(search)}
    and ${and([...due, inRank(inRecordOrder), ...conditions])} order by id ${direction} limit ${sql.lit(limit)}`)
  const union = sql.join(
    branches.map((branch) => sql`(${branch})`),
    sql` union all `,
  )
  const rows = sql`select tenant_id, id from (${union}) as found order by id ${direction} limit ${left}`
  return [...steps, step(rankStep(rank), rows)]
}

/**
 * Whether a row is in a rank and in no better one. It is enough to look at the next better one: what has terms as whole
 * words (1) has them as starts of words (2) as well. `previous` is the rank that was read before this one, if any.
 */
function inRankAlone(search: Search, rank: Rank, previous: Rank | undefined, path: AccessPath): Condition {
  const inThis = byReadIds(search, rank, path)
  if (rank === 1) return inThis
  const better = rank === 2 ? 1 : 2
  const inBetter = previous === better ? byReadIds(search, better, path) : path(search, better)
  return and([inThis, sql`not ${inBetter}`])
}

/**
 * Whether a row is in a rank or a better one; the address is looked for among the ids that a step has read, unless they
 * are too many. CASE keeps the planner from starting with the ids, and from looking for an address where the words
 * aren't there.
 */
function byReadIds(search: Search, rank: Rank, path: AccessPath): Condition {
  const byAddress = byAddressIndex(search, rank)
  if (!byAddress) return path(search, rank)
  const ids = addressIdsStep(rank)
  return sql`case when ${path(byAddress.rest, rank)}
    then case when ${hasAtMost(ids, MAX_IDS_OF_ONE_RANK)} then ${isAmong(search, ids)} else ${path(byAddress.own, rank)} end else false end`
}

/** What else the rows of a rank must fulfil; those of the first one wanted lie beyond the pages before. */
function otherConditions(search: Search, { afterId, isBackward, where }: RanksWanted, index: number): Condition[] {
  const conditions: Condition[] = where ? [where] : []
  if (index === 0 && afterId !== null) conditions.push(isBeyond(searchedId(search), afterId, isBackward))
  return conditions
}
