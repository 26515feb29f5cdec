import { TEXT_KEY } from './custom-field-filter.js'
import type { CustomFieldNode, FilterNode } from './filter-node.js'

const OF_PARTS = new Set(['contains', 'endsWith', 'matches'])

/**
 * A condition on parts of a custom text, whatever their case, as it is asked of the beginnings of texts, which an index has
 * by record; null for other conditions. It tells texts of up to 199 characters, see `toldByKey` in filter-sql.ts. Those of
 * TEXTAREA may all be longer, and would be looked up twice.
 */
export function keyNode({ field, node }: CustomFieldNode): FilterNode | null {
  return node && field.type !== 'TEXTAREA' ? ofBeginnings(node) : null
}

function ofBeginnings(node: FilterNode): FilterNode | null {
  if (node.kind === 'all') {
    const nodes = node.nodes.flatMap((each) => ofBeginnings(each) ?? [])
    return nodes.length === node.nodes.length ? { kind: 'all', nodes } : null
  }
  if (node.kind !== 'test' || !OF_PARTS.has(node.operator) || node.isCaseSensitive) return null
  return node.field.folded === 'text_value_folded' ? { ...node, field: TEXT_KEY } : null
}
