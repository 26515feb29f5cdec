import { sql, type Sql } from '../lib/sql.js'
import { rankStep, rankSteps } from './rank-alone.js'
import type { RanksWanted } from './ranks.js'
import type { Search } from './searched-rows.js'
import { idDirection } from './with-steps.js'

/**
 * The rows of some of the ranks 1 to 3 as one SELECT of `tenant_id, id, rank`, in order: by rank, and within a rank the
 * newest record first; all of it turned round where it is read backward. Each rank is read by itself, so that many rows
 * of the others cost nothing:
 *
 *   with
 *     address_ids_1, text_rows_1, rank_1   the first rank, up to a page
 *     address_ids_2, text_rows_2, rank_2   the second, up to what the first leaves of the page
 *     …
 *   select … from rank_1 union all rank_2 … order by rank, id desc limit …
 *
 * Steps that aren't due are not run.
 */
export function rankedRows(search: Search, wanted: RanksWanted): Sql {
  const { ranks, limit, isBackward } = wanted
  const steps = ranks.flatMap((rank, index) => rankSteps(search, wanted, rank, index))
  const parts = ranks.map((rank) => sql`select tenant_id, id, ${sql.lit(rank)} from ${sql.ref(rankStep(rank))}`)
  const rankDirection = isBackward ? sql`desc` : sql`asc`
  return sql`with ${sql.join(steps)}
    select tenant_id, id, rank from (${sql.join(parts, sql` union all `)}) as page (tenant_id, id, rank)
    order by rank ${rankDirection}, id ${idDirection(isBackward)} limit ${sql.lit(limit)}`
}
