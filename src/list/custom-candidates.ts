import type { Scope } from '../access/scope.js'
import { rowsSql } from '../access/row-condition.js'
import { sql, type Sql } from '../lib/sql.js'
import { commonSample, triedCondition, valuesThat, type ValueNode } from './custom-first-rows.js'
import { customSql, filterSql } from './filter-sql.js'
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
 * | the condition leaves       | what is read, in an order that is an index of its own                                |
 * | -------------------------- | ------------------------------------------------------------------------------------ |
 * | 8 % of the newest, or more | as of more than 3,000: that is told by a sample, for parts of texts                   |
 * | 200 records or fewer       | these records                                                                        |
 * | up to 3,000                | the order's index, by the set of these records                                       |
 * | more                       | the order's index, and each record is held against the filter                        |
 *
 * In the order of creation, where there is no other condition, the first rows are held against it at once before
 * (custom-first-rows.ts, page/first-chunk.ts): of more than 600 the first 1,000 rows, then 7,000, then as above, at last 40,000. In other
 * orders (by a related record's column, by several steps, of deleted records), and where the rows are counted as well, up to
 * 3,000 records are read themselves.
 *
 * Among 200,000 contacts a page of 50 under two conditions of 10 % and 90 %, ordered by a third field, takes 1,800 instead of
 * 34,500 buffers, and one under a part of a text that 1 % have 1,200 instead of 9,680.
 */
const MAX_FEW = 100
/** A set of so many takes 500 buffers and 15 ms. */
const MAX_SET = 50_000
/** Five buffers each. */
const MAX_FEW_PARTS = 200
/** 0.8 buffers each, beside those of the index of parts. */
const MAX_SET_OF_PARTS = 3000
/** Where first rows are tried for less. */
const MAX_SET_BEFORE_TRIED = 600
/** More than any of these. */
const MANY = 1_000_000
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
}

/** These as steps of the page's SQL. */
interface Named extends Candidates {
  readonly name: Sql
  /** how many there are; more than any limit where a sample says so, and they aren't read */
  readonly count: Sql
  readonly sample: { readonly name: Sql; readonly select: Sql } | null
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
  // The one condition that there is, if all of it is asked of the candidates: it needn't be asked of them again.
  const only = nodes[0] && nodes[0] === filter && isOfParts(nodes[0]) ? nodes[0] : null
  // With another condition beside it each row is held against that one first, which is cheaper than a look at its value.
  const tried = only && isWalked && isOrderOfIds(query.steps) ? triedCondition(scope, only) : null
  const isTried = tried !== null && tried.sizes.length > 0
  const found = nodes.map((node, index) => {
    const candidates = candidatesOf(scope, node, isWalked, isCounted, isTried)
    const sample = candidates.few < MAX_FEW_UNWALKED && isOfParts(node) ? commonSample(scope, node) : null
    return named(`candidates_${index}`, candidates, sample && { name: sql.ref(`sample_${index}`), select: sample })
  })
  const isFew = found.map(({ count, few }) => sql<boolean>`${count} <= ${sql.lit(few)}`)
  const isMany = found.map(({ count, few }) => sql<boolean>`${count} > ${sql.lit(few)}`)
  const ids = found.flatMap(({ name }, index) => {
    const guard = sql.join([...isMany.slice(0, index), isFew[index]], sql` and `)
    return states.map(
      (state) => sql`(select c.id, c.tenant_id from ${rowsSql(scope, concept, 'c', state)} and ${guard}
        and c.id = any(array(select id from ${name})) and ${only ? sql`true` : filterSql(scope, filter, 'c', state, true)})`,
    )
  })
  const [asked] = found
  // What wasn't asked for as large a set before is, where the first rows don't fill the page.
  const later = only && asked && isTried && asked.few < MAX_SET_OF_PARTS ? setOf(scope, only, asked.sample) : null
  const walk: MatchingIds['walk'] = (id) => found.filter(({ set }) => set > 0).map((each) => isInSet(id, [each]))
  const isEarly = asked && sql<boolean>`${asked.count} > ${sql.lit(Math.max(asked.few, asked.set))}`
  const isLate = isEarly && later ? sql<boolean>`${isEarly} and ${later.count} > ${sql.lit(later.set)}` : isEarly
  return {
    steps: [...found.flatMap(({ sample }) => sample ?? []), ...found, ...(later ? [later] : [])].map(
      ({ name, select }) => sql`${name} as materialized (${select})`,
    ),
    ids: sql.join(ids, sql` union all `),
    // What one of them decides needs no other to be counted.
    isFew: sql`(${sql.join(isFew, sql` or `)})`,
    isMany: sql.join(isMany, sql` and `) as Sql<boolean>,
    walk,
    byId: only && ((id) => customSql(scope, only, id, 'c1', true)),
    firstRows:
      tried && isEarly && isLate
        ? {
            among: tried.among,
            chunks: [
              ...tried.sizes.map((rows) => ({ rows, isDue: isEarly })),
              ...tried.laterSizes.map((rows) => ({ rows, isDue: isLate })),
            ],
            walk: later ? (id) => [isInSet(id, [asked, later])] : walk,
          }
        : null,
  }
}

/** Whether an id is in the first of some sets that isn't too large; CASE keeps the others from being made. */
function isInSet(id: Sql, sets: readonly Named[]): Sql<boolean> {
  const cases = sets.map(
    ({ name, count, set }) => sql`when ${count} <= ${sql.lit(set)} then ${id} in (select id from ${name})`,
  )
  return sql`case ${sql.join(cases, sql` `)} else true end`
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

function candidatesOf(
  scope: Scope,
  custom: CustomFieldNode,
  isWalked: boolean,
  isCounted: boolean,
  isTried: boolean,
): Candidates {
  const { node } = custom
  const tests = node ? indexedTests(node) : []
  const isIndexed = tests.length > 0
  const maxSetOfParts = isTried ? MAX_SET_BEFORE_TRIED : MAX_SET_OF_PARTS
  const [walkedFew, maxSet] = isIndexed ? [MAX_FEW, MAX_SET] : [MAX_FEW_PARTS, maxSetOfParts]
  // Counted, all parts are read, as they are where no order is walked: then there is nothing to hold against a set of them.
  const isRead = !isWalked || (isCounted && !isIndexed)
  const few = isRead ? MAX_FEW_UNWALKED : walkedFew
  const set = isRead && !isIndexed ? 0 : maxSet
  const wanted = isIndexed ? tests : node ? [node] : []
  const select = sql`${valuesThat(scope, custom, wanted)} limit ${sql.lit(Math.max(few, set) + 1)}`
  return { select, few, set }
}

/** A set of the records whose value fulfils a condition. */
function setOf(scope: Scope, custom: ValueNode, sample: Named['sample']): Named {
  const select = sql`${valuesThat(scope, custom, [custom.node])} limit ${sql.lit(MAX_SET_OF_PARTS + 1)}`
  return named('later', { select, few: 0, set: MAX_SET_OF_PARTS }, sample)
}

// CASE keeps what it doesn't come to from being read.
function named(name: string, candidates: Candidates, sample: Named['sample']): Named {
  const counted = sql`(select count(*) from ${sql.ref(name)})`
  const count = sample
    ? sql`case when (select is_common from ${sample.name}) then ${sql.lit(MANY)} else ${counted} end`
    : counted
  return { ...candidates, name: sql.ref(name), sample, count }
}

/** Whether a value has to be looked up for all of a condition: no index of values decides a part of it. */
function isOfParts(custom: CustomFieldNode): custom is ValueNode {
  return custom.node !== null && indexedTests(custom.node).length === 0
}

/** Those parts of a condition that columns of an index decide. */
function indexedTests(node: FilterNode): FilterNode[] {
  if (node.kind === 'all') return node.nodes.flatMap(indexedTests)
  return node.kind === 'test' && INDEXED.has(node.field.column) && node.operator !== 'isNull' ? [node] : []
}
