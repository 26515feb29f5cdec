import { sql, type Sql } from '../../lib/sql.js'
import { tenantRowsCondition, type RowState } from '../../access/row-condition.js'
import { isNeverSet } from '../operators.js'
import {
  hasNoValue,
  relatedJoins,
  relatedRows,
  tableSql,
  valueColumns,
  valueCondition,
  valuesSql,
} from './first-rows.js'
import { firstRowsAtOnce } from './first-chunk.js'
import type { OrderTerm } from './order-terms.js'
import type { RangeQuery } from './range-query.js'
import type { Range } from './ranges.js'
import { ignoresFirstTerm, isThroughRelated, rowSources, type RowSource } from './row-source.js'
import { idsWithoutValue } from './without-value.js'
import { boundSql, columnSql, directionSql, keySql, keyType, nullsSql } from './term-sql.js'

type Condition = Sql<boolean>

/**
 * A range as SQL: one SELECT for each source of its rows (the table in row-source.ts says which there are). Each has
 * the order of the list and a LIMIT. The range `last_name = 'brown' and id > 11` of the contacts, for example:
 *
 *     select c.tenant_id, c.id, c.last_name_folded as k0 from contacts as c
 *     where c.tenant_id = $1 and c.deleted_at is null        -- live and visible
 *       and …                                                -- filter and parent
 *       and c.last_name_folded = 'brown' and c.id > 11       -- bounds
 *     order by c.id asc limit 51
 */
export function rangeSelects(query: RangeQuery, range: Range): Sql[] {
  if (hasNoRows(query, range)) return []
  return rowSources(query.scope, query.terms, range).map((source) => {
    if (source === 'without' && isWalkOfAll(query)) return selectWithoutValue(query, range)
    if (source === 'custom') return selectThroughValues(query, range)
    return isThroughRelated(source) ? selectThroughRelated(query, range, source) : selectListed(query, range, source)
  })
}

/** Whether no row can be in a range, by its state: no live record has a `deletedAt`, every deleted one has. */
function hasNoRows({ terms, state }: RangeQuery, range: Range): boolean {
  return range.some((bound, index) => isDeletedAt(terms[index]) && (bound.is === 'null') !== (state === 'live'))
}

function isDeletedAt(term: OrderTerm | undefined): boolean {
  return term?.kind === 'step' && term.step.relation === null && term.step.field.column === 'deleted_at'
}

/** Sources `plain` and `unlinked`: the listed table, with the related records that steps are ordered by. */
function selectListed(query: RangeQuery, range: Range, source: RowSource): Sql {
  const { scope, concept, state, terms } = query
  const from = sql`${tableSql(concept, 'c')}${source === 'unlinked' ? sql`` : relatedJoins(scope, terms, source === 'without' ? 1 : 0)}`
  const conditions = [tenantRowsCondition(scope, concept, 'c', state), ...boundConditions(terms, range, source)]
  if (source === 'without') conditions.push(hasNoValue(scope, terms, sql.ref('c.id')))
  const select = (part: RangeQuery) => selectSql(part, range, source, from, [...conditions, ...filterAndParent(part)])
  return query.firstRows ? firstRowsAtOnce(query, query.firstRows, select) : select(query)
}

/**
 * Sources `value`, `empty`, `hidden`, `relatedCustom` and `relatedWithout`: the related records `o0`, or their values, in
 * the order of their index, and the rows that link to each. Without a filter, or with one that many rows match, a record's rows are read by LATERAL, no more than a page
 * of each:
 *
 *     from companies as o0 cross join lateral (
 *       select … from contacts as c where c.company_id = o0.id order by c.id limit 51) as c
 *
 * With another filter it is a plain join, as LATERAL would keep the planner from beginning at the contacts: a filter
 * that few contacts match takes 1,444 instead of 2 ms that way. It is one too where a second step follows, which sorts
 * the rows of all records that have one value, and for deleted contacts, which most companies have none of.
 *
 * Where the filter names the contacts by their ids it is LATERAL the other way: each contact looks for its company.
 * OFFSET 0 keeps it so: as a join, a planner that knows nothing of the tenant begins at the companies, or at all pairs
 * of both.
 *
 *     from contacts as c cross join lateral (select … from companies as o0 where o0.id = c.company_id offset 0) as o0
 */
function selectThroughRelated(query: RangeQuery, range: Range, source: RowSource): Sql {
  const { scope, concept, links, state, terms, limit, filter, matches } = query
  const { to, column } = relationOf(terms)
  const related = relatedRows(scope, terms, source, to)
  const listed = tableSql(concept, 'c')
  const isLinked = sql<boolean>`${sql.ref(`c.${column.column}`)} = ${related.id}`
  const isListed = [tenantRowsCondition(scope, concept, 'c', state), isLinked, ...filterAndParent(query)]
  const bounds = boundConditions(terms, range, source)
  if (matches === 'few') {
    const isRelated = allOf([...related.conditions, isLinked])
    const from = sql`${listed} cross join lateral (select ${sql.join(related.columns)} from ${related.from} where ${isRelated} offset 0)
      as ${sql.ref('o0')}${relatedJoins(scope, terms, 1)}`
    return selectSql(query, range, source, from, [
      tenantRowsCondition(scope, concept, 'c', state),
      ...filterAndParent(query),
      ...bounds,
    ])
  }
  const isSparse = filter !== null && matches !== 'many'
  if (isSparse || state === 'deleted' || terms[1]?.kind !== 'link') {
    // `c.tenant_id = o0.tenant_id` beside both tenants would count their selectivity twice, where values aren't known.
    const from = sql`${related.from} join ${listed} on ${isLinked}${relatedJoins(scope, terms, 1)}`
    return selectSql(query, range, source, from, [...related.conditions, ...isListed, ...bounds])
  }
  // The terms are the related column, the link and the id. Bounds of the first two are on the company, of the id on the
  // contact: outside and inside of LATERAL.
  const last = terms.length - 1
  const outer = boundConditions(terms, range.slice(0, last), source)
  const lateral = sql`${related.walked} cross join lateral (
    select ${sql.join([sql.ref('c.tenant_id'), sql.ref('c.id'), ...linkColumns(links)])} from ${listed} where ${allOf([...isListed, ...bounds.slice(outer.length)])}
    order by ${sql.ref('c.id')} ${directionSql(terms[last] as OrderTerm)} limit ${sql.lit(limit)}) as ${sql.ref('c')}`
  return selectSql(query, range, source, lateral, [...related.conditions, ...outer])
}

function linkColumns(links: readonly string[]): Sql[] {
  return links.map((link) => sql.ref(`c.${link}`))
}

/**
 * Source `custom`: the values `o0` of a custom field in the order of their index, and the record of each. Without a filter,
 * or with one that many rows match, each record is looked up by LATERAL, so that the planner can't but go through the index:
 *
 *     from custom_field_values as o0 cross join lateral (select … from contacts as c where c.id = o0.entity_id limit 1) as c
 *
 * Otherwise it is a plain join, as through related records; and where the filter names the records by their ids, each
 * looks for its value.
 */
function selectThroughValues(query: RangeQuery, range: Range): Sql {
  const { scope, concept, links, state, terms, filter, parent, matches, walk, byId } = query
  const listed = tableSql(concept, 'c')
  const isListed = [tenantRowsCondition(scope, concept, 'c', state), ...filterAndParent(query)]
  const isLinked = sql<boolean>`${sql.ref('c.id')} = ${sql.ref('o0.entity_id')}`
  const isValue = valueCondition(scope, terms, 0)
  const bounds = boundConditions(terms, range, 'custom')
  const select = (from: Sql, conditions: readonly Condition[]): Sql =>
    selectSql(query, range, 'custom', sql`${from}${relatedJoins(scope, terms, 1)}`, conditions)
  if (matches === 'few') {
    const value = sql`select ${sql.join(valueColumns(terms))} from ${valuesSql('o0')} where ${isValue} and ${isLinked} offset 0`
    return select(sql`${listed} cross join lateral (${value}) as ${sql.ref('o0')}`, [...isListed, ...bounds])
  }
  const isSparse = filter !== null && matches !== 'many'
  if (isSparse || parent !== null || state === 'deleted' || terms[1]?.kind !== 'id') {
    return select(sql`${valuesSql('o0')} join ${listed} on ${isLinked}`, [isValue, ...isListed, ...bounds])
  }
  // By what the index itself says: no record is looked up for the others.
  const id = sql.ref('o0.entity_id')
  const walked = [...walk(id), ...(byId ? [byId(id)] : [])]
  const isWanted = [
    tenantRowsCondition(scope, concept, 'c', state),
    ...filterAndParent({ ...query, walk: () => [], filter: byId ? null : filter }),
  ]
  const columns = sql.join([sql.ref('c.tenant_id'), sql.ref('c.id'), ...linkColumns(links)])
  const record = sql`select ${columns} from ${listed} where ${allOf([...isWanted, isLinked])} limit 1`
  return select(sql`${valuesSql('o0')} cross join lateral (${record}) as ${sql.ref('c')}`, [
    isValue,
    ...bounds,
    ...walked,
  ])
}

/** Whether all records, or most, may have to be looked at: the order goes by the value alone, and no filter names the records. */
function isWalkOfAll({ terms, state, parent, filter, matches }: RangeQuery): boolean {
  return terms[1]?.kind === 'id' && state === 'live' && parent === null && (filter === null || matches === 'many')
}

/** Source `without` of such a list: the ids first (see without-value.ts), and the record of each. */
function selectWithoutValue(query: RangeQuery, range: Range): Sql {
  const { scope, concept, links, state, terms } = query
  const columns = sql.join([sql.ref('c.tenant_id'), sql.ref('c.id'), ...linkColumns(links)])
  const isRecord = sql`${tenantRowsCondition(scope, concept, 'c', state)} and ${sql.ref('c.id')} = ${sql.ref('w.id')}`
  const ids = idsWithoutValue(query, range, filterAndParent({ ...query, walk: () => [] }))
  const record = sql`select ${columns} from ${tableSql(concept, 'c')} where ${isRecord} limit 1`
  const from = sql`${ids} cross join lateral (${record}) as ${sql.ref('c')}`
  // The ids are behind the bound already; beside it the guard would be asked twice.
  const bounds = boundConditions(terms, range, 'without')
  return selectSql({ ...query, guard: null }, range, 'without', from, bounds.length > 0 ? bounds : [sql`true`])
}

/** The SELECT around a FROM: the ids and keys of the rows, in the list's order. */
function selectSql(
  { terms, links, state, guard, limit }: RangeQuery,
  range: Range,
  source: RowSource,
  from: Sql,
  conditions: readonly Condition[],
): Sql {
  const all = guard ? [guard, ...conditions] : conditions
  const keys = terms.slice(0, -1).map((term, index) => {
    const isKeyNull = index === 0 && (source === 'empty' || ignoresFirstTerm(source))
    const key = isKeyNull ? sql`null::${keyType(term)}` : rangeKeySql(terms, index, source, range)
    return sql`${key} as ${sql.ref(`k${index}`)}`
  })
  const columns = sql.join([sql.ref('c.tenant_id'), sql.ref('c.id'), ...keys, ...linkColumns(links)])
  const order = sql.join(orderExpressions(terms, range, source, state))
  return sql`select ${columns} from ${from} where ${allOf(all)} order by ${order} limit ${sql.lit(limit)}`
}

/** The key of a term. Of an enum that a range has one value of it is the same for all rows, whose index needn't have it. */
function rangeKeySql(terms: readonly OrderTerm[], index: number, source: RowSource, range: Range): Sql {
  const bound = range[index]
  const isOneOption = index === 0 && bound?.is === 'equal' && terms[0]?.step.custom && terms[0].step.field.values
  return isOneOption ? sql.lit(Number(bound.key)) : keySql(terms, index, source)
}

/**
 * The ORDER BY of a range, without what is the same for all of its rows: so the planner sees which index has the order.
 */
function orderExpressions(terms: readonly OrderTerm[], range: Range, source: RowSource, state: RowState): Sql[] {
  return terms.flatMap((term, index) => {
    const bound = range[index]
    // All rows have one value here.
    if (isDeletedAt(term) && isNeverSet(term.step.field, state)) return []
    if (bound?.is === 'equal' || (index === 0 && ignoresFirstTerm(source))) return []
    // All rows are null here too, but the planner takes an index on (column, id) only if the order names the column.
    if (bound?.is === 'null') return [sql`${columnSql(terms, index, source)} ${directionSql(term)}`]
    const isNeverNull = bound !== undefined || (term.kind === 'link' && index === 1 && isThroughRelated(source))
    return [sql`${keySql(terms, index, source)} ${directionSql(term)}${isNeverNull ? sql`` : nullsSql(term)}`]
  })
}

function boundConditions(terms: readonly OrderTerm[], range: Range, source: RowSource): Condition[] {
  return range.flatMap((bound, index) =>
    index === 0 && ignoresFirstTerm(source) ? [] : [boundSql(terms, index, source, bound)],
  )
}

function relationOf(terms: readonly OrderTerm[]): NonNullable<OrderTerm['step']['relation']> {
  const relation = terms[0]?.step.relation
  if (!relation) throw new Error('the first step has no relation')
  return relation
}

function filterAndParent({ filter, parent, walk }: RangeQuery): Condition[] {
  return [...walk(sql.ref('c.id')), filter, parent].filter((condition) => condition !== null)
}

function allOf(conditions: readonly Condition[]): Condition {
  return sql`${sql.join(conditions, sql` and `)}`
}
