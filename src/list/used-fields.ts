import type { Scope } from '../access/scope.js'
import type { FieldUses } from '../lib/field-uses.js'
import type { FilterNode } from './filter-node.js'
import type { ListQuery } from './list-query.js'

/** The custom fields by which a list is filtered and ordered, each once, those of related records too; undefined without one. */
export function usedFields(
  { tenantId }: Scope,
  { filter, steps }: Pick<ListQuery, 'filter' | 'steps'>,
): FieldUses | undefined {
  const filtered = new Set<string>()
  if (filter) collect(filter, filtered)
  const ordered = steps.flatMap(({ custom }) => (custom ? [custom.id] : []))
  return filtered.size + ordered.length === 0 ? undefined : { tenantId, filtered: [...filtered], ordered }
}

function collect(node: FilterNode, ids: Set<string>): void {
  switch (node.kind) {
    case 'all':
    case 'any':
      for (const inner of node.nodes) collect(inner, ids)
      return
    case 'not':
    case 'related':
      return collect(node.node, ids)
    case 'custom':
      ids.add(node.field.id)
      return
    case 'test':
    case 'options':
      return
  }
}
