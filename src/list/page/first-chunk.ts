import { sql, type Sql } from '../../lib/sql.js'
import type { FirstRowsAtOnce } from '../found-first.js'
import { keyNames } from './order-terms.js'
import type { RangeQuery } from './range-query.js'

/** So many rows are tried, one after the other: they have a page of 50 where half of the rows match, 10 or 2 %. */
const CHUNK_SIZES = [130, 700, 3000]

/**
 * The rows of a range under a condition that more than a few records fulfil, such as a part of a custom text. To look for the
 * value of each row takes five buffers a row: 2,770 for the 554 rows that a page takes where 10 % match. So the first 130
 * rows of the order are held against the condition at once, else 700 or 3,000: values of ids that are near each other stand
 * side by side in their index, 40 buffers for 700, and 720 where the values lie apart. Where these don't fill the page, though
 * there are more rows, each is looked at by itself.
 *
 *     with chunk_130 as materialized (select … from contacts as c order by … limit 130),
 *       hits_130 as materialized (<those of the ids of chunk_130 that match>),
 *       found_130 as materialized (select * from chunk_130 where id in (select id from hits_130)),
 *       ends_130 as materialized (select <is due> and ((select count(*) from found_130) >= 51
 *         or (select count(*) from chunk_130) < 130) as here)
 *     select … from found_130 where (select here from ends_130)
 *     union all (<the same with 700 rows> where not (select here from ends_130))
 */
export function firstRowsAtOnce(
  query: RangeQuery,
  { isDue, among }: FirstRowsAtOnce,
  select: (part: RangeQuery) => Sql,
  // Fewer rows than the page wants can't fill it.
  [size, ...sizes] = CHUNK_SIZES.filter((rows) => rows >= query.limit),
): Sql {
  if (size === undefined) return select(query)
  const { terms, links, guard, limit } = query
  const named = (name: string) => sql.ref(`${name}_${size}`)
  const [chunk, hits, found, ends] = [named('chunk'), named('hits'), named('found'), named('ends')]
  const isWanted = guard ? sql<boolean>`${guard} and ${isDue}` : isDue
  const rows = select({ ...query, filter: null, walk: () => [], guard: isWanted, limit: size })
  const columns = sql.join(['tenant_id', 'id', ...keyNames(terms), ...links].map((name) => sql.ref(name)))
  const isElsewhere = sql<boolean>`not (select here from ${ends})`
  const rest = { ...query, guard: guard ? sql<boolean>`${guard} and ${isElsewhere}` : isElsewhere }
  return sql`with ${chunk} as materialized (${rows}),
      ${hits} as materialized (${among(sql`array(select id from ${chunk})`)}),
      ${found} as materialized (select * from ${chunk} where id in (select id from ${hits})),
      ${ends} as materialized (select ${isDue} and ((select count(*) from ${found}) >= ${sql.lit(limit)}
        or (select count(*) from ${chunk}) < ${sql.lit(size)}) as here)
    select ${columns} from ${found} where (select here from ${ends}) union all (${firstRowsAtOnce(rest, { isDue, among }, select, sizes)})`
}
