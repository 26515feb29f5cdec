import { sql, type Sql } from '../../lib/sql.js'
import { tenantRowsCondition } from '../../access/row-condition.js'
import { tableSql, valueCondition, valuesSql } from './first-rows.js'
import type { RangeQuery } from './range-query.js'
import type { Range } from './ranges.js'

/** So many ids are held against the values at once: ten buffers of each index. */
const CHUNK_SIZE = 1000

const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000'
const BEHIND_ALL_IDS = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/**
 * The ids of the records without a value of the first step's custom field, as `w`, in the order of the ids, as many as a page
 * has. Where most have one, looking for the value of each takes four buffers a record: 166,804 for 41,637 of them. So 1,000 ids
 * at a time are held against all values between the first and the last of them, which stand side by side in their index: 100
 * entries a buffer. Each row of `walk` is such a chunk; the next one is read while the page isn't full.
 *
 *     with recursive walk (last_id, ids, found) as (
 *       select <cursor>, '{}', 0
 *       union all
 *       select <last of chunk>, <chunk except values>, found + <so many>
 *       from walk, <the next 1,000 ids behind walk.last_id> as chunk where found < 51 and <chunk isn't empty>)
 *     select unnest(ids) from walk
 */
export function idsWithoutValue(
  { scope, concept, state, terms, guard, walk, limit }: RangeQuery,
  range: Range,
  filter: readonly Sql<boolean>[],
): Sql {
  const isDescending = terms.at(-1)?.isDescending ?? false
  const bound = range.at(-1)
  const from = bound?.is === 'after' ? String(bound.key) : isDescending ? BEHIND_ALL_IDS : BEFORE_ALL_IDS
  const [isBehind, direction] = isDescending ? [sql.raw('<'), sql.raw('desc')] : [sql.raw('>'), sql.raw('asc')]
  const listed = tenantRowsCondition(scope, concept, 'c', state)
  // What a set says of an id costs nothing: ids that aren't in it take no place in a chunk.
  const walked = sql.join([listed, ...walk(sql.ref('c.id'))], sql` and `)
  const next = sql`select ${sql.ref('c.id')} from ${tableSql(concept, 'c')} where ${walked} and ${sql.ref('c.id')} ${isBehind} walk.last_id
      order by ${sql.ref('c.id')} ${direction} limit ${sql.lit(CHUNK_SIZE)}`
  const values = sql`select ${sql.ref('v0.entity_id')} from ${valuesSql('v0')} where ${valueCondition(scope, terms, 0, 'v0')}
      and ${sql.ref('v0.entity_id')} between least(chunk.ids[1], chunk.last_id) and greatest(chunk.ids[1], chunk.last_id)`
  // A SELECT of one value, which PostgreSQL asks row by row in their order. EXISTS it may turn into a join, which gives the rows in
  // any order, or is sorted whole before the first one is given.
  const isWanted = sql`(select true from ${tableSql(concept, 'c')} where ${listed} and ${sql.ref('c.id')} = others.id
      and ${sql.join(filter, sql` and `)})`
  return sql`(with recursive walk (last_id, ids, found) as (
      select ${from}::uuid, '{}'::uuid[], 0${guard ? sql` where ${guard}` : sql``}
      union all
      select chunk.last_id, wanted.ids, walk.found + cardinality(wanted.ids) from walk
      cross join lateral (select ids, ids[cardinality(ids)] as last_id from (
        select array(${next}) as ids offset 0) as read) as chunk
      cross join lateral (select array(
        select id from (select id from (select unnest(chunk.ids) as id except ${values}) as other order by id ${direction} offset 0) as others
        ${filter.length > 0 ? sql`where ${isWanted}` : sql``} order by id ${direction} limit ${sql.lit(limit)}) as ids offset 0) as wanted
      where walk.found < ${sql.lit(limit)} and chunk.last_id is not null
    ) select unnest(ids) as id from walk order by id ${direction} limit ${sql.lit(limit)}) as w`
}
