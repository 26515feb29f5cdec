import type { Scope } from '../access/scope.js'
import { rowsSql } from '../access/row-condition.js'
import { CUSTOM_VALUES } from '../concepts/custom-fields.js'
import { sql, type Sql } from '../lib/sql.js'
import { filterSql, isTextField } from './filter-sql.js'
import type { CustomFieldNode, FilterNode } from './filter-node.js'
import type { ListQuery } from './list-query.js'
import type { MatchingIds } from './found-first.js'
import { isOrderOfIds } from './order.js'

/**
 * How a page under conditions on custom fields is found. What an index of values says of one condition is read from the index
 * alone, 100 entries a buffer, so all conditions can be asked how many records they leave:
 *
 * | the condition that leaves the fewest | what is read                                                               |
 * | ------------------------------------ | -------------------------------------------------------------------------- |
 * | 100 records or fewer                 | these records, each held against the whole filter, then sorted             |
 * | up to 50,000                         | the order's index; only records in the set of the condition are held       |
 * |                                      | against the filter, the others cost no look-up                             |
 * | more                                 | the order's index, and each record is held against the filter              |
 *
 * Parts of texts and one of several options are no matter of such an index: each value has to be looked up. Of them:
 *
 * | the condition leaves      | what is read                                                                          |
 * | ------------------------- | ------------------------------------------------------------------------------------- |
 * | 200 records or fewer      | these records; 3,000 where they are counted as well, or where the order isn't an      |
 * |                           | index of its own: by a related record's column, by several steps, of deleted records  |
 * | up to 3,000               | the order's index, by the set                                                         |
 * | more, order of creation   | the first rows of the order, held against the condition at once                       |
 * |                           | (page/first-chunk.ts), if there is no other condition                                 |
 * | more                      | the order's index, and each record is held against the filter                         |
 *
 * Among 200,000 contacts a page of 50 under two conditions of 10 % and 90 %, ordered by a third field, takes 1,800 instead of
 * 34,500 buffers, and one under a part of a text that 1 % have 2,500 instead of 9,680.
 */
const MAX_FEW = 100
/** A set of so many takes 500 buffers and 15 ms. */
const MAX_SET = 50_000
/** Five buffers each. */
const MAX_FEW_PARTS = 200
/** 0.8 buffers each, beside those of the index of parts. */
const MAX_SET_OF_PARTS = 3000
/** Where rows can't be held against a set as they come from the order's index, or all ids are wanted. */
const MAX_FEW_UNWALKED = 3000

// Columns that an index of values has.
const INDEXED = new Set(['text_value_key', 'number_value', 'boolean_value', 'date_value', 'datetime_value'])

/** What one condition leaves. */
interface Candidates {
  /** a SELECT of `id`, one more than is asked of it at most */
  readonly select: Sql
  /** so many are held against the whole filter */
  readonly few: number
  /** so many are a set that other rows are held against; 0 where they are none */
  readonly set: number
  /** whether an index of values decides a part of the condition */
  readonly isIndexed: boolean
}

/**
 * The steps by which a filter's conditions on custom fields lead to its rows; null where it has none that all rows must
 * fulfil. `isCounted` where the rows are counted by the ids that are found.
 */
export function customCandidates(scope: Scope, query: ListQuery, isCounted: boolean): MatchingIds | null {
  const { concept, states, filter } = query
  if (!filter) return null
  // Equality leaves the fewest, mostly: it is asked first.
  const nodes = requiredFields(filter).sort((a, b) => Number(isEquality(b.node)) - Number(isEquality(a.node)))
  if (nodes.length === 0) return null
  const [first, second] = query.steps
  const isWalked = first !== undefined && !second && first.relation === null && states.join() === 'live'
  const found = nodes.map((node, index) => {
    const name = sql.ref(`candidates_${index}`)
    return { ...candidatesOf(scope, node, isWalked, isCounted), name, count: sql`(select count(*) from ${name})` }
  })
  const [asked] = found
  // The one condition that there is, if all of it is asked of the candidates: it needn't be asked of them again.
  const only = nodes[0] === filter && nodes[0].node && !asked?.isIndexed ? { ...nodes[0], node: nodes[0].node } : null
  const isFew = found.map(({ count, few }) => sql<boolean>`${count} <= ${sql.lit(few)}`)
  const isMany = found.map(({ count, few }) => sql<boolean>`${count} > ${sql.lit(few)}`)
  const ids = found.flatMap(({ name }, index) => {
    const guard = sql.join([...isMany.slice(0, index), isFew[index]], sql` and `)
    return states.map(
      (state) => sql`(select c.id, c.tenant_id from ${rowsSql(scope, concept, 'c', state)} and ${guard}
        and c.id = any(array(select id from ${name})) and ${only ? sql`true` : filterSql(scope, filter, 'c', state, true)})`,
    )
  })
  return {
    steps: found.map(({ name, select }) => sql`${name} as materialized (${select})`),
    ids: sql.join(ids, sql` union all `),
    // What one of them decides needs no other to be counted.
    isFew: sql`(${sql.join(isFew, sql` or `)})`,
    isMany: sql.join(isMany, sql` and `) as Sql<boolean>,
    // CASE keeps a set from being made where there is more than it holds.
    walk: (id) =>
      found.flatMap(({ name, count, set }) =>
        set > 0
          ? [sql<boolean>`case when ${count} <= ${sql.lit(set)} then ${id} in (select id from ${name}) else true end`]
          : [],
      ),
    // With another condition beside it each row is held against that one first, which is cheaper than a look at its value.
    firstRows:
      only && asked && isOrderOfIds(query.steps)
        ? {
            isDue: sql`${asked.count} > ${sql.lit(Math.max(asked.few, asked.set))}`,
            among: (ids) => sql`${valuesThat(scope, only, [only.node])} and v.entity_id = any(${ids})`,
          }
        : null,
  }
}

/** The custom fields of which every row of a filter has a value that fulfils something. */
function requiredFields(node: FilterNode): CustomFieldNode[] {
  if (node.kind === 'all') return node.nodes.flatMap(requiredFields)
  return node.kind === 'custom' && node.node !== null ? [node] : []
}

function isEquality(node: FilterNode | null): boolean {
  if (node?.kind === 'all') return node.nodes.some(isEquality)
  return node?.kind === 'test' && (node.operator === 'eq' || node.operator === 'in')
}

function candidatesOf(scope: Scope, custom: CustomFieldNode, isWalked: boolean, isCounted: boolean): Candidates {
  const { node } = custom
  const tests = node ? indexedTests(node) : []
  const isIndexed = tests.length > 0
  const [walkedFew, maxSet] = isIndexed ? [MAX_FEW, MAX_SET] : [MAX_FEW_PARTS, MAX_SET_OF_PARTS]
  // Counted, all parts are read, as they are where no order is walked: then there is nothing to hold against a set of them.
  const isRead = !isWalked || (isCounted && !isIndexed)
  const few = isRead ? MAX_FEW_UNWALKED : walkedFew
  const set = isRead && !isIndexed ? 0 : maxSet
  const wanted = isIndexed ? tests : node ? [node] : []
  const select = sql`${valuesThat(scope, custom, wanted)} limit ${sql.lit(Math.max(few, set) + 1)}`
  return { select, few, set, isIndexed }
}

/** A SELECT of the records, as `id`, whose value of a field fulfils some tests. */
function valuesThat(scope: Scope, { field }: CustomFieldNode, tests: readonly FilterNode[]): Sql {
  const conditions = tests.map((test) => filterSql(scope, test, 'v'))
  const isText = isTextField(field) ? sql` and v.text_value is not null` : sql``
  return sql`select v.entity_id as id from ${sql.table(CUSTOM_VALUES.table)} as v where v.tenant_id = ${scope.tenantId}
    and v.definition_id = ${field.id}::uuid${isText} and ${sql.join(conditions, sql` and `)}`
}

/** Those parts of a condition that columns of an index decide. */
function indexedTests(node: FilterNode): FilterNode[] {
  if (node.kind === 'all') return node.nodes.flatMap(indexedTests)
  return node.kind === 'test' && INDEXED.has(node.field.column) && node.operator !== 'isNull' ? [node] : []
}
