import { sql, type Sql } from '../../lib/sql.js'
import type { MatchingIds } from '../found-first.js'
import { keyNames, type OrderTerm } from './order-terms.js'
import type { RowState } from '../../access/row-condition.js'
import type { RangeQuery } from './range-query.js'
import { rangeSelects } from './range-sql.js'
import type { Range } from './ranges.js'
import { keyOrder } from './term-sql.js'

/** A page of ids that is to be written as SQL. */
export interface PageQuery extends Omit<
  RangeQuery,
  'state' | 'filter' | 'guard' | 'matches' | 'walk' | 'byId' | 'firstRows'
> {
  /** which rows are listed, live ones, deleted ones or both, each with what the filter asks of them */
  readonly states: readonly {
    readonly state: RowState
    /** with matching ids, as it is asked of rows that are walked through (see filterSql) */
    readonly filter: Sql<boolean> | null
  }[]
  /** the ranges of the list, from the cursor on */
  readonly ranges: readonly Range[]
  /**
   * how the rows that the filter matches are found first, where the planner can't tell how many; see matching-ids.ts.
   * `many` where they were looked for already, and there are more
   */
  readonly matching: MatchingIds | 'many' | null
  /** whether each row also says how many matching ids there are, as `matches`; null where not all are there */
  readonly countsMatches: boolean
  /** how many rows are wanted, without those that are skipped */
  readonly limit: number
  /** how many rows are skipped before it */
  readonly offset: number
}

/**
 * A page as one SELECT of `tenant_id, id, k0, k1 …, range`, in the list's order. A page of 50 contacts (LIMIT 51: the
 * last one says that there are more) whose list has two ranges from its cursor on:
 *
 *     with
 *       r0 as materialized (select tenant_id, id, k0 from (select … limit 51) as r0_rows),
 *       r1 as materialized (select tenant_id, id, k0 from (select … limit 51) as r1_rows
 *         limit 51 - (select count(*) from r0))
 *     select tenant_id, id, k0, range from (
 *       select tenant_id, id, k0, 0 as range from r0 union all
 *       select tenant_id, id, k0, 1 as range from r1) as page
 *     order by range, k0, id
 *
 * `r1` is read only as far as `r0` left rows of the page to be found: with LIMIT 0 PostgreSQL doesn't run it. One UNION
 * ALL of the ranges under one ORDER BY would read a page of each.
 *
 * A list with deleted records has two SELECTs a range, of the live rows and of the deleted ones, sorted together: each
 * have indexes of their own.
 *
 * With matching ids the WITH begins with them: `matching_ids as materialized (select c.id, c.tenant_id from …)`. A single range
 * needs no WITH of its own: `select tenant_id, id, k0, 0 as range from (select … limit 51) as page`.
 */
export function pageSql(query: PageQuery): Sql {
  const { terms, links, states, ranges, limit, offset, countsMatches } = query
  const matching = query.matching === 'many' ? null : query.matching
  const rows = offset + limit
  const pieces = ranges
    .map((range) =>
      states.flatMap(({ state, filter }) =>
        filters(filter, query.matching).flatMap((each) =>
          rangeSelects({ ...query, ...each, state, limit: rows }, range),
        ),
      ),
    )
    .filter((selects) => selects.length > 0)
    .map((selects, index) => sortedTogether(terms, selects, index, rows))
  const [only] = pieces
  if (!only) throw new Error('a page has a range')
  const columns = sql.join(['tenant_id', 'id', ...keyNames(terms), ...links].map((name) => sql.ref(name)))
  // `database.keys` compares the tenant of each row with its own; rows that OFFSET skips don't reach it, so a window
  // counts them, and matching ids that are counted don't either.
  const counted = countsMatches ? matching : null
  const isForeign = sql`filter (where tenant_id <> app_tenant())`
  const foreign = [
    ...(offset > 0 ? [sql`count(*) ${isForeign} over ()`] : []),
    ...(counted ? [sql`(select count(*) ${isForeign} from matching_ids)`] : []),
  ]
  const foreignRows = foreign.length > 0 ? sql`, (${sql.join(foreign, sql` + `)})::int as foreign_rows` : sql``
  const matches = counted
    ? sql`, case when ${counted.isFew} then (select count(*) from matching_ids)::int end as matches`
    : sql``
  const skip = offset > 0 ? sql` offset ${sql.lit(offset)}` : sql``
  const found = matching ? [...matching.steps, sql`matching_ids as materialized (${matching.ids})`] : []
  if (pieces.length === 1) {
    const start = matching ? sql`with ${sql.join(found)} ` : sql``
    return sql`${start}select ${columns}, 0 as range${foreignRows}${matches} from ${only} as page${skip}`
  }
  const named = pieces.map(
    (piece, index) =>
      sql`${name(index)} as materialized (select ${columns} from ${piece} as ${sql.ref(`r${index}_rows`)}${remainingLimit(index, rows)})`,
  )
  const union = pieces.map((_, index) => sql`select ${columns}, ${sql.lit(index)} as range from ${name(index)}`)
  return sql`with ${sql.join([...found, ...named])} select ${columns}, range${foreignRows}${matches} from (${sql.join(union, sql` union all `)}) as page
    order by ${sql.join([sql.ref('range'), ...keyOrder(terms)])}${skip}`
}

/**
 * The filter as each range applies it: itself, or, with matching ids, in both of two ways. Which one gives rows is
 * known once PostgreSQL has counted the ids; it doesn't run the other.
 *
 * - all ids are there: `(select count(*) from matching_ids) <= 3000 and c.id = any(array(select id from matching_ids))`
 * - there are more: `(select count(*) from matching_ids) > 3000 and c.last_name_folded like '%anna%'`
 *
 * The ids are an array and no table to join, so that the planner has nothing to guess: the rows are read by their key.
 */
function filters(
  filter: Sql<boolean> | null,
  matching: PageQuery['matching'],
): Pick<RangeQuery, 'filter' | 'guard' | 'matches' | 'walk' | 'byId' | 'firstRows'>[] {
  const unwalked = { walk: () => [], byId: null, firstRows: null }
  if (!matching || !filter) return [{ filter, guard: null, matches: 'unknown', ...unwalked }]
  if (matching === 'many') return [{ filter, guard: null, matches: 'many', ...unwalked }]
  const ids = sql<boolean>`c.id = any(array(select id from matching_ids))`
  return [
    { filter: ids, guard: matching.isFew, matches: 'few', ...unwalked },
    {
      filter,
      guard: matching.isMany,
      matches: 'many',
      walk: matching.walk,
      byId: matching.byId,
      firstRows: matching.firstRows,
    },
  ]
}

/** The rows of a range from its SELECTs: of one as they come, of several sorted together. */
function sortedTogether(terms: readonly OrderTerm[], selects: readonly Sql[], index: number, rows: number): Sql {
  const [only] = selects
  if (selects.length === 1 && only) return sql`(${only})`
  const union = sql.join(
    selects.map((select) => sql`(${select})`),
    sql` union all `,
  )
  const order = sql.join(keyOrder(terms))
  return sql`(select * from (${union}) as ${sql.ref(`r${index}_union`)} order by ${order} limit ${sql.lit(rows)})`
}

/** ` limit 51 - (select count(*) from r0) - (select count(*) from r1)` for the third range; nothing for the first. */
function remainingLimit(index: number, rows: number): Sql {
  if (index === 0) return sql``
  const found = Array.from({ length: index }, (_, earlier) => sql`(select count(*) from ${name(earlier)})`)
  return sql` limit ${sql.lit(rows)} - ${sql.join(found, sql` - `)}`
}

/** The name of a range in the WITH: `r0`, `r1` … */
function name(index: number): Sql {
  return sql.ref(`r${index}`)
}
