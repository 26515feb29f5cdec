import { sql, type Sql } from '../lib/sql.js'
import type { Scope } from '../access/scope.js'
import { alternativeSelects, filterAlternatives } from './filter-alternatives.js'
import { customCandidates } from './custom-candidates.js'
import type { MatchingIds } from './found-first.js'
import type { FilterNode } from './filter-node.js'
import type { ListQuery } from './list-query.js'
import { listedRowsSql } from './listed-sql.js'

/**
 * Up to so many rows are found by the filter first and sorted then; where more match, the order's index is read
 * instead.
 */
export const MAX_MATCHING_IDS = 3000

const PART_OPERATORS = new Set(['contains', 'endsWith', 'matches'])
const PART_KINDS = new Set(['text', 'domain', 'phone'])

/**
 * The ids of the rows that match a list's filter, `MAX_MATCHING_IDS + 1` at most; null where the page needs none.
 *
 * PostgreSQL can find a page under a filter in two ways. Its planner chooses by a guess of how many rows match:
 *
 * | way                                                              | is fast where        |
 * | ---------------------------------------------------------------- | -------------------- |
 * | read the order's index, keep what matches, stop after the page   | many rows match      |
 * | find all matching rows by the filter's index, sort them          | few rows match       |
 *
 * For most filters it guesses well, and this gives null. For five lists it can't:
 *
 * - A part of a text, `lastName: { contains: "anna" }`, or the end of a number, `number: { endsWith: "2043" }`: row-level
 *   security keeps the column's statistics from it, so any four letters are guessed at 0.8 % of the rows.
 * - An `or` over relations, which is guessed at half of them.
 * - A condition on a custom field: the columns of values hold all fields of all tenants. By the guess, 4,247 contacts of
 *   one option were read and sorted for a page of 51. custom-candidates.ts says how those that all rows must fulfil are read.
 * - An order by a custom field, under any filter: how many rows have which value it can't tell either. 111 contacts called
 *   Anna, by an option of their company, were found among all contacts of companies with an option: 67,605 buffers.
 * - A search, in an order that was asked for.
 *
 * Where the rows are counted by them (`isCounted`, see countsByIds), they are read under every filter: the count has to
 * find them anyway, and is the number of these ids where they are all there.
 *
 * There the page's SQL reads these ids first. If they are at most 3,000 it takes the second way with them, else the
 * first way (see `filters` in page/page-sql.ts). By the planner's guess a page of 51 among 200,000 contacts read 59,579
 * buffers, by these ids it reads 330.
 */
export function matchingIds(scope: Scope, query: ListQuery, isCounted = false): MatchingIds | null {
  const { concept, states, filter, search, steps } = query
  const limit = MAX_MATCHING_IDS + 1
  const columns = sql`c.id, c.tenant_id`
  if (search) return counted(sql`${listedRowsSql(scope, query, columns)} limit ${sql.lit(limit)}`)
  if (!filter) return null
  const alternatives = filterAlternatives(filter)
  const isOrderGuessed = steps[0]?.custom !== undefined
  if (alternatives.length === 1 && !isCounted && !isOrderGuessed && !isGuessedBadly(filter)) return null
  // A row that fulfils two alternatives counts twice. So the limit is reached sooner, but below it no row is missing.
  const candidates = alternatives.length === 1 ? customCandidates(scope, query, isCounted) : null
  if (candidates) return candidates
  return counted(sql.join(alternativeSelects(scope, concept, states, alternatives, columns, limit), sql` union all `))
}

/**
 * Whether a list is counted by its matching ids: where they are the rows to count, each once, and are read anyway or
 * likely few. Of a filter that many rows match, page and count are read side by side: 16 ms instead of 24.
 */
export function countsByIds({ filter, search, isOrdered }: ListQuery): boolean {
  if (search) return isOrdered
  if (filter === null || filterAlternatives(filter).length > 1) return false
  return isGuessedBadly(filter) || isNarrow(filter)
}

const NARROW_KINDS = new Set(['id', ...PART_KINDS])
const NARROW_OPERATORS = new Set(['eq', 'in', 'startsWith'])

/** Whether a filter asks for a text, an address or a record; a status, a switch, a range leave many rows. */
function isNarrow(node: FilterNode): boolean {
  switch (node.kind) {
    case 'all':
      return node.nodes.some(isNarrow)
    case 'any':
      return node.nodes.every(isNarrow)
    case 'test':
      return NARROW_KINDS.has(node.field.kind) && NARROW_OPERATORS.has(node.operator)
    case 'related':
      return node.quantifier === 'some' && isNarrow(node.node)
    default:
      return false
  }
}

/** Ids that are counted themselves: of one too many not all are there. */
function counted(ids: Sql): MatchingIds {
  const count = sql`(select count(*) from matching_ids)`
  const max = sql.lit(MAX_MATCHING_IDS)
  return {
    steps: [],
    ids,
    isFew: sql`${count} <= ${max}`,
    isMany: sql`${count} > ${max}`,
    walk: () => [],
    byId: null,
    firstRows: null,
  }
}

/**
 * Whether rows are found by a part of a text, the end of a number or a custom value. `not`, `none` and `every` find rows
 * without it.
 */
function isGuessedBadly(node: FilterNode): boolean {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.nodes.some(isGuessedBadly)
    case 'not':
      return false
    case 'test':
      return PART_KINDS.has(node.field.kind) && PART_OPERATORS.has(node.operator)
    case 'options':
      return false
    case 'custom':
      return node.node !== null
    case 'related':
      return node.quantifier === 'some' && isGuessedBadly(node.node)
  }
}
