import { sql, type Sql } from '../lib/sql.js'
import type { ConceptRelation } from '../concepts/concept-fields.js'
import { CUSTOM_VALUES, type CustomFieldType } from '../concepts/custom-fields.js'
import type { Scope } from '../access/scope.js'
import { keyNode } from './custom-parts.js'
import type { CustomFieldNode, FilterNode, OptionsNode } from './filter-node.js'
import { testSql } from './operators.js'
import { rowsSql, type RowState } from '../access/row-condition.js'

type Condition = Sql<boolean>

/**
 * A filter as a condition on the rows of `alias`. Filters know two values, SQL three: of a contact without a last name
 * `last_name = 'Smith'` is neither true nor false, nor is `NOT (last_name = 'Smith')`, so that both would leave it out.
 * Here a row without a value fails every operator but `ne`, `notIn` and `isNull`, and `not` is the exact opposite of
 * what it stands before: `(last_name = 'Smith') IS NOT TRUE` finds the contact. The rows are live unless `state` says
 * otherwise. `isWalked` is of rows that come in the order of an index until a page is full: values of custom fields are
 * looked up for each then, where the planner might read all values first.
 */
export function filterSql(
  scope: Scope,
  node: FilterNode,
  alias: string,
  state: RowState = 'live',
  isWalked = false,
): Condition {
  switch (node.kind) {
    case 'all':
      return node.nodes.length === 0 ? sql`true` : joined(scope, node.nodes, alias, state, sql` and `, isWalked)
    case 'any':
      return node.nodes.length === 0 ? sql`false` : joined(scope, node.nodes, alias, state, sql` or `, isWalked)
    case 'not':
      return notSql(scope, node.node, alias, state, isWalked)
    case 'test':
      return testSql(scope, node, alias, state)
    case 'related':
      return relatedSql(scope, node, alias)
    case 'custom':
      return customSql(scope, node, sql.ref(`${alias}.id`), nextAlias(alias), isWalked)
    case 'options':
      return optionsSql(node, alias)
  }
}

function joined(
  scope: Scope,
  nodes: readonly FilterNode[],
  alias: string,
  state: RowState,
  separator: Sql,
  isWalked: boolean,
): Condition {
  return sql`(${sql.join(
    nodes.map((node) => filterSql(scope, node, alias, state, isWalked)),
    separator,
  )})`
}

// `NOT EXISTS (…)` is run as one anti-join, `(EXISTS (…)) IS NOT TRUE` as a sub-query for each row. EXISTS is never
// NULL.
function notSql(scope: Scope, node: FilterNode, alias: string, state: RowState, isWalked = false): Condition {
  if (node.kind === 'not') return filterSql(scope, node.node, alias, state, isWalked)
  if (node.kind === 'related') return sql`not ${relatedSql(scope, node, alias)}`
  if (node.kind === 'custom') return sql`not ${filterSql(scope, node, alias, state, isWalked)}`
  return sql`(${filterSql(scope, node, alias, state, isWalked)}) is not true`
}

/**
 * A condition on the related rows that are live and that the principal may see. With the contacts of a company, `c1`,
 * and F as the filter on them:
 *
 * | quantifier | condition                                                         |
 * | ---------- | ----------------------------------------------------------------- |
 * | some       | `EXISTS (SELECT 1 FROM contacts c1 WHERE <linked> AND F)`         |
 * | none       | `NOT EXISTS (… AND F)`                                            |
 * | every      | `NOT EXISTS (… AND F IS NOT TRUE)`: there is none that fails F    |
 */
function relatedSql(scope: Scope, node: Extract<FilterNode, { kind: 'related' }>, alias: string): Condition {
  const { relation, to, quantifier } = node
  const other = nextAlias(alias)
  const link = linkSql(relation, other, alias)
  const wanted = quantifier === 'every' ? notSql(scope, node.node, other, 'live') : filterSql(scope, node.node, other)
  const rows = sql`exists (select 1 from ${rowsSql(scope, to, other)} and ${link} and ${wanted})`
  return quantifier === 'some' ? sql`${rows}` : sql`not ${rows}`
}

/**
 * A condition on the value that a record, whose id is given, has in a custom field. Whose record it is is said by the record's
 * own conditions:
 *
 *     EXISTS (SELECT 1 FROM custom_field_values c1 WHERE c1.tenant_id = $1 AND c1.definition_id = $2 AND c1.entity_id = c.id
 *       AND c1.number_value >= $3)
 *
 * Of rows that are walked through it can't become a join, by OFFSET 0, and parts of texts are asked of the index of texts by
 * record.
 */
export function customSql(scope: Scope, custom: CustomFieldNode, id: Sql, alias: string, isWalked: boolean): Condition {
  const { field, node } = custom
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  const ofKey = isWalked ? keyNode(custom) : null
  const wanted = ofKey ? toldByKey(scope, ofKey, custom, alias) : node && filterSql(scope, node, alias)
  // The indexes of texts hold rows with texts alone.
  const isText = node && !ofKey && isTextField(field) ? sql` and ${column('text_value')} is not null` : sql``
  return sql`exists (select 1 from ${sql.table(CUSTOM_VALUES.table)} as ${sql.ref(alias)}
    where ${column('tenant_id')} = ${scope.tenantId} and ${column('definition_id')} = ${field.id}::uuid
      and ${column('entity_id')} = ${id}${isText}${wanted ? sql` and ${wanted}` : sql``}${isWalked ? sql` offset 0` : sql``})`
}

/**
 * A condition on the texts of a field, rows of `alias`, as the index of texts by record tells it. It has the first 200
 * characters of the folded text; a text that may have been cut there is looked up:
 *
 *     v.text_value_key is not null and case when char_length(v.text_value_key) < 200 then v.text_value_key like '%ann%'
 *       else exists (<the value of v.entity_id, whole>) end
 *
 * Texts that are asked for by their key are in no other index: one in the order of texts would be gone through for each record.
 */
export function toldByKey(scope: Scope, ofKey: FilterNode, custom: CustomFieldNode, alias: string): Condition {
  const key = sql.ref(`${alias}.text_value_key`)
  const whole = customSql(scope, custom, sql.ref(`${alias}.entity_id`), nextAlias(alias), false)
  return sql`${key} is not null and case when char_length(${key}) < ${sql.lit(CUSTOM_VALUES.keyLength)}
    then ${filterSql(scope, ofKey, alias)} else ${whole} end`
}

/** Whether a field's values are texts, options too. */
export function isTextField({ type }: CustomFieldNode['field']): boolean {
  return TEXT_TYPES.has(type)
}

const TEXT_TYPES = new Set<CustomFieldType>([
  ...(['TEXT', 'TEXTAREA', 'URL', 'EMAIL', 'PHONE', 'DROPDOWN', 'RADIO'] as const),
])

function optionsSql({ operator, values }: OptionsNode, alias: string): Condition {
  const compare = sql.raw(operator === 'any' ? '&&' : '@>')
  return sql`${sql.ref(`${alias}.option_values`)} ${compare} ${values}::text[]`
}

/** What makes a row of `other` related to the row of `alias`: the link column of one of them, or the owner it names. */
function linkSql(relation: ConceptRelation, other: string, alias: string): Sql {
  const ownId = sql.ref(`${alias}.id`)
  if (relation.kind === 'info') {
    const isOwner = sql`${sql.ref(`${other}.entity_type`)} = ${sql.lit(relation.entityType)}`
    return sql`${isOwner} and ${sql.ref(`${other}.entity_id`)} = ${ownId}`
  }
  return relation.kind === 'one'
    ? sql`${sql.ref(`${other}.id`)} = ${sql.ref(`${alias}.${relation.column}`)}`
    : sql`${sql.ref(`${other}.${relation.column}`)} = ${ownId}`
}

/** The alias of the related rows of `alias`: `c` → `c1` → `c2`. */
function nextAlias(alias: string): string {
  const level = Number(/[0-9]+$/.exec(alias)?.[0] ?? 0)
  return `${alias.replace(/[0-9]+$/, '')}${level + 1}`
}
