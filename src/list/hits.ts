import { sql, type RawBuilder } from 'kysely'
import type { ConceptFields } from '../concepts/concept-fields.js'
import type { Scope } from '../access/scope.js'
import { filterSql } from './filter-sql.js'
import type { FilterNode } from './filter.js'
import { rowsSql } from '../access/row-condition.js'

type Sql = RawBuilder<unknown>

/** Up to so many rows are found by the filter's own index and then ordered; beyond, the order's index is walked. */
export const MAX_HITS = 3000

/**
 * The ids that a filter finds, `MAX_HITS + 1` at most, where nobody can foresee how many: parts of texts, whose statistics
 * row-level security keeps from the planner (four letters are guessed at 0.8 % of the rows, whichever they are), and `or`
 * over relations (guessed at half). By such a guess it walks the order's index and reads 59,579 buffers for a page of 51
 * rows among 200,000; over the hits it reads 330. Null for all other filters, where the planner is right.
 */
export function hitsSql(scope: Scope, concept: ConceptFields, filter: FilterNode): Sql | null {
  const parts = alternatives(filter)
  if (!isGuessed(filter) && parts.length === 1) return null
  return union(
    parts.map((part) => foundSql(scope, concept, part, sql.ref('c.id'), MAX_HITS + 1)),
    sql` union all `,
  )
}

/**
 * The rows that a filter finds as `tenant_id, id`, `limit` at most of each alternative; null where it has none. Each is found
 * by an index of its own, which an OR over relations would forbid.
 */
export function alternativeRowsSql(
  scope: Scope,
  concept: ConceptFields,
  filter: FilterNode,
  limit: number,
): Sql | null {
  const parts = alternatives(filter)
  if (parts.length === 1) return null
  const columns = sql.join([sql.ref('c.tenant_id'), sql.ref('c.id')])
  return union(
    parts.map((part) => foundSql(scope, concept, part, columns, limit)),
    sql` union `,
  )
}

function foundSql(scope: Scope, concept: ConceptFields, filter: FilterNode, columns: Sql, limit: number): Sql {
  return sql`(select ${columns} from ${rowsSql(scope, concept, 'c')} and ${filterSql(scope, filter, 'c')} limit ${sql.lit(limit)})`
}

function union(parts: readonly Sql[], separator: Sql): Sql {
  return sql.join(parts, separator)
}

const PARTS = new Set(['contains', 'endsWith', 'matches'])

function isGuessed(node: FilterNode): boolean {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.nodes.some(isGuessed)
    case 'not':
      return false
    case 'test':
      return (node.field.kind === 'text' || node.field.kind === 'domain') && PARTS.has(node.operator)
    case 'related':
      return node.quantifier === 'some' && isGuessed(node.node)
  }
}

/** A filter as alternatives of which one must hold, where one `or` of it reaches into relations; else the filter alone. */
function alternatives(node: FilterNode): readonly FilterNode[] {
  if (node.kind === 'any' && node.nodes.length > 1 && node.nodes.some(reachesOut)) return node.nodes
  if (node.kind !== 'all') return [node]
  const choice = node.nodes.find((part) => alternatives(part).length > 1)
  if (!choice) return [node]
  const others = node.nodes.filter((part) => part !== choice)
  return alternatives(choice).map((part): FilterNode => ({ kind: 'all', nodes: [part, ...others] }))
}

function reachesOut(node: FilterNode): boolean {
  if (node.kind === 'related') return node.quantifier === 'some'
  return node.kind === 'all' && node.nodes.some(reachesOut)
}
