import { sql, type Sql } from '../../lib/sql.js'
import type { FirstRowsAtOnce } from '../found-first.js'
import { tableSql } from './first-rows.js'
import { keyNames } from './order-terms.js'
import type { RangeQuery } from './range-query.js'
import { keyOrder } from './term-sql.js'

/**
 * The rows of a range under a condition that more than a few records fulfil, such as a part of a custom text. To look for the
 * value of each row takes five buffers a row: 2,770 for the 554 rows that a page takes where 10 % match. So the first rows
 * of the order are held against the condition at once, 130 for example, else 700. Where these don't fill the page, though
 * there are more rows, each is looked at by itself.
 *
 *     with chunk_130 as materialized (select … from contacts as c order by … limit 130),
 *       hits_130 as materialized (<those of the ids of chunk_130 that match>),
 *       found_130 as materialized (select * from chunk_130 where (id in (select id from hits_130)) is true order by … limit 51),
 *       ends_130 as materialized (select <guard> and <is due> and <all hits are there> and (
 *         (select count(*) from found_130) >= 51 or (select count(*) from chunk_130) < 130) as here)
 *     select … from found_130 where (select here from ends_130)
 *     union all (<the same with 700 rows> where not (select here from ends_130))
 *
 * IS TRUE makes the hits a hash table: as a join, each row of the chunk is held against each of them where there are no
 * statistics. A chunk has ids and order keys alone, which an order's own index has; links are looked up for the rows of the page.
 */
export function firstRowsAtOnce(
  query: RangeQuery,
  firstRows: FirstRowsAtOnce,
  select: (part: RangeQuery) => Sql,
  // Fewer rows than the page wants can't fill it.
  [first, ...others] = firstRows.chunks.filter(({ rows }) => rows >= query.limit),
): Sql {
  const { terms, links, guard, limit } = query
  if (!first) return select({ ...query, walk: firstRows.walk })
  const { rows: size, isDue } = first
  const named = (name: string) => sql.ref(`${name}_${size}`)
  const [chunk, hits, found, ends] = [named('chunk'), named('hits'), named('found'), named('ends')]
  const isWanted = guard ? sql<boolean>`${guard} and ${isDue}` : isDue
  const rows = select({ ...query, filter: null, walk: () => [], links: [], guard: isWanted, limit: size })
  const { steps, ids, isWhole } = firstRows.among({ name: chunk, rows: size })
  const columns = sql.join([
    ...['tenant_id', 'id', ...keyNames(terms)].map((name) => sql.ref(`f.${name}`)),
    ...linksOf(links),
  ])
  const isElsewhere = sql<boolean>`not (select here from ${ends})`
  const rest = { ...query, guard: guard ? sql<boolean>`${guard} and ${isElsewhere}` : isElsewhere }
  // Where ids don't follow each other in the order, a larger chunk finds no more.
  const larger = others.map((other) => ({ ...other, isDue: sql<boolean>`${other.isDue} and ${isWhole}` }))
  return sql`with ${sql.join([
    sql`${chunk} as materialized (${rows})`,
    ...steps,
    sql`${hits} as materialized (${ids})`,
    sql`${found} as materialized (select * from ${chunk} where (id in (select id from ${hits})) is true
      order by ${sql.join(keyOrder(terms))} limit ${sql.lit(limit)})`,
    sql`${ends} as materialized (select ${isWanted} and ${isWhole} and ((select count(*) from ${found}) >= ${sql.lit(limit)}
      or (select count(*) from ${chunk}) < ${sql.lit(size)}) as here)`,
  ])}
    select ${columns} from ${found} as f${linkedRows(query)} where (select here from ${ends})
    union all (${firstRowsAtOnce(rest, firstRows, select, larger)})`
}

function linksOf(links: readonly string[]): Sql[] {
  return links.map((link) => sql.ref(`c.${link}`))
}

/** What joins the rows `f` to their own, for their links; nothing where there are none. */
function linkedRows({ scope, concept, links }: RangeQuery): Sql {
  if (links.length === 0) return sql``
  return sql` cross join lateral (select ${sql.join(linksOf(links))} from ${tableSql(concept, 'c')}
    where ${sql.ref('c.tenant_id')} = ${scope.tenantId} and ${sql.ref('c.id')} = f.id limit 1) as ${sql.ref('c')}`
}
