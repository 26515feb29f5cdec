import { CUSTOM_VALUES } from '../concepts/custom-fields.js'
import type { FilterNode } from './filter-node.js'
import type { ListQuery } from './list-query.js'

/**
 * The tables that a page or a count of a list reads, without doubles: the list's own, those of the relations in its
 * filter and, of a page, those of its order. The database floor sees to it that joins of them are planned well for
 * tenants that their statistics don't know (see `tables` of Statement).
 */
export function listedTables({ concept, filter, steps }: Omit<ListQuery, 'page'>, isCount = false): string[] {
  const ordered = isCount
    ? []
    : steps.flatMap(({ relation, custom }) => [
        ...(relation ? [relation.to.table] : []),
        ...(custom ? [CUSTOM_VALUES.table] : []),
      ])
  return [...new Set([concept.table, ...(filter ? relatedTables(filter) : []), ...ordered])]
}

function relatedTables(node: FilterNode): string[] {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.nodes.flatMap(relatedTables)
    case 'not':
      return relatedTables(node.node)
    case 'test':
    case 'options':
      return []
    case 'custom':
      return [CUSTOM_VALUES.table]
    case 'related':
      return [node.to.table, ...relatedTables(node.node)]
  }
}
