import type { Scope } from '../access/scope.js'
import { CUSTOM_VALUES } from '../concepts/custom-fields.js'
import { sql, type Sql } from '../lib/sql.js'
import { TEXT_KEY } from './custom-field-filter.js'
import { filterSql, isTextField } from './filter-sql.js'
import type { CustomFieldNode, FilterNode } from './filter-node.js'
import type { FirstRowsAtOnce } from './found-first.js'

/** A condition that a record's value of a field must fulfil. */
export type ValueNode = CustomFieldNode & { readonly node: FilterNode }

/** How the first rows of an order are held against a condition on values at once. */
export interface TriedCondition extends Pick<FirstRowsAtOnce, 'among'> {
  /** how many rows are tried before anything else is read, one chunk after the other */
  readonly sizes: readonly number[]
  /** and how many where more records match than a set holds */
  readonly laterSizes: readonly number[]
}

/** Where each value is looked up: 40 buffers for 700 that lie side by side, as those of records made one after the other do; 720 else. */
const SIZES = [130, 700, 3000]
/**
 * Where the index of texts by record says it: 7,000 take 150 buffers and 5 ms. They have a page of 50 where a third, 0.7 or
 * 0.13 % of the rows match.
 */
const SIZES_OF_INDEX = [150, 7000]
const LATER_SIZES_OF_INDEX = [40_000]
const OF_PARTS = new Set(['contains', 'endsWith', 'matches'])

/**
 * Parts of texts, whatever their case, are told by the index of texts by record, which has the first 200 characters of
 * the folded text; of a text that was cut there the value is looked up:
 *
 *     v.entity_id = any(<ids>) and case when char_length(v.text_value_key) < 200 then v.text_value_key like '%ann%'
 *       else exists (<the value of v.entity_id, whole>) end
 */
export function triedCondition(scope: Scope, custom: ValueNode): TriedCondition {
  const isAmong = (ids: Sql): Sql => sql`v.entity_id = any(${ids})`
  const ofKey = keyNode(custom.node)
  if (!ofKey) {
    return {
      sizes: [],
      laterSizes: SIZES,
      among: (ids) => sql`${valuesThat(scope, custom, [custom.node])} and ${isAmong(ids)}`,
    }
  }
  const { table, keyLength } = CUSTOM_VALUES
  const ofField = (alias: string): Sql =>
    sql`${sql.ref(`${alias}.tenant_id`)} = ${scope.tenantId} and ${sql.ref(`${alias}.definition_id`)} = ${custom.field.id}::uuid`
  const isTold = sql`case when char_length(v.text_value_key) < ${sql.lit(keyLength)} then ${filterSql(scope, ofKey, 'v')}
    else exists (select 1 from ${sql.table(table)} as w where ${ofField('w')} and w.entity_id = v.entity_id
      and ${filterSql(scope, custom.node, 'w')}) end`
  return {
    sizes: SIZES_OF_INDEX,
    laterSizes: LATER_SIZES_OF_INDEX,
    // Asked for by its key, a text is in no other index of texts: one in their order would be gone through for each record.
    among: (ids) => sql`select v.entity_id as id from ${sql.table(table)} as v
      where ${ofField('v')} and ${isAmong(ids)} and v.text_value_key is not null and ${isTold}`,
  }
}

/** A SELECT of the records, as `id`, whose value of a field fulfils some tests. */
export function valuesThat(scope: Scope, { field }: CustomFieldNode, tests: readonly FilterNode[]): Sql {
  const conditions = tests.map((test) => filterSql(scope, test, 'v'))
  const isText = isTextField(field) ? sql` and v.text_value is not null` : sql``
  return sql`select v.entity_id as id from ${sql.table(CUSTOM_VALUES.table)} as v where v.tenant_id = ${scope.tenantId}
    and v.definition_id = ${field.id}::uuid${isText} and ${sql.join(conditions, sql` and `)}`
}

/** The same test of the beginnings of texts; null where these don't tell it. */
function keyNode(node: FilterNode): FilterNode | null {
  if (node.kind === 'all') {
    const nodes = node.nodes.flatMap((each) => keyNode(each) ?? [])
    return nodes.length === node.nodes.length ? { kind: 'all', nodes } : null
  }
  if (node.kind !== 'test' || !OF_PARTS.has(node.operator) || node.isCaseSensitive) return null
  return node.field.folded === 'text_value_folded' ? { ...node, field: TEXT_KEY } : null
}
