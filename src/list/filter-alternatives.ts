import { sql, type Sql } from '../lib/sql.js'
import { rowsSql, type RowState } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import { filterSql } from './filter-sql.js'
import type { FilterNode } from './filter-node.js'

/**
 * A filter as alternatives, of which a row must fulfil at least one. They are more than one where an `or` asks for a
 * related record, else the filter alone. For example, with A = `{ lastName: { eq: "Smith" } }` and B = `{ company: {
 * name: { eq: "Acme" } } }`:
 *
 * | filter                                   | alternatives                 |
 * | ---------------------------------------- | ---------------------------- |
 * | `{ or: [A, B] }`                         | A; B                         |
 * | `{ emailOptIn: …, or: [A, B] }`          | A and opted in; B and opted in |
 * | `{ or: [A, { jobTitle: … }] }`           | itself                       |
 *
 * As one condition, `last_name = 'smith' OR EXISTS (SELECT … FROM companies …)`, no index serves the two: every row is
 * read. As a SELECT each, A is read by the index on names and B by the index on companies.
 */
export function filterAlternatives(node: FilterNode): readonly FilterNode[] {
  if (node.kind === 'any' && node.nodes.length > 1 && node.nodes.some(needsRelated)) return node.nodes
  if (node.kind !== 'all') return [node]
  const choice = node.nodes.find((part) => filterAlternatives(part).length > 1)
  if (!choice) return [node]
  const others = node.nodes.filter((part) => part !== choice)
  return filterAlternatives(choice).map((part): FilterNode => ({ kind: 'all', nodes: [part, ...others] }))
}

/** A SELECT of `columns` for each alternative and state, of at most `limit` rows each. The rows have the alias `c`. */
export function alternativeSelects(
  scope: Scope,
  concept: ConceptFields,
  states: readonly RowState[],
  alternatives: readonly FilterNode[],
  columns: Sql,
  limit: number,
): Sql[] {
  return states.flatMap((state) =>
    alternatives.map(
      (filter) =>
        sql`(select ${columns} from ${rowsSql(scope, concept, 'c', state)} and ${filterSql(scope, filter, 'c', state)} limit ${sql.lit(limit)})`,
    ),
  )
}

/** Whether a filter asks for a related record that fulfils something. */
function needsRelated(node: FilterNode): boolean {
  if (node.kind === 'related') return node.quantifier === 'some'
  if (node.kind === 'custom') return true
  return node.kind === 'all' && node.nodes.some(needsRelated)
}
