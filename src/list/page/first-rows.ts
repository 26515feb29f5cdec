import { sql, type Sql } from '../../lib/sql.js'
import { rowCondition, tenantRowsCondition } from '../../access/row-condition.js'
import type { Scope } from '../../access/scope.js'
import { CUSTOM_VALUES } from '../../concepts/custom-fields.js'
import type { ConceptFields } from '../../concepts/concept-fields.js'
import type { OrderTerm } from './order-terms.js'
import type { RowSource } from './row-source.js'
import { columnSql } from './term-sql.js'

type Condition = Sql<boolean>

/** The related records by which an order's first step goes, as `o0`: the companies of contacts, or the values that these have. */
export interface FirstRows {
  /** what stands in FROM */
  readonly from: Sql
  /** the same, so that the planner can't but begin at `o0` */
  readonly walked: Sql
  readonly conditions: readonly Condition[]
  /** the columns of `o0` that keys and bounds name */
  readonly columns: readonly Sql[]
  /** the id of the related record */
  readonly id: Sql
}

/**
 * The rows `o0` of a source that goes through related records (see row-source.ts), of `relatedCustom` for example:
 *
 *     from custom_field_values as o0 cross join lateral (
 *       select r0.id from companies as r0 where r0.id = o0.entity_id limit 1) as r0
 */
export function relatedRows(
  scope: Scope,
  terms: readonly OrderTerm[],
  source: RowSource,
  to: ConceptFields,
): FirstRows {
  if (source === 'relatedCustom') return rowsOfValues(scope, terms, to)
  const from = tableSql(to, 'o0')
  const id = sql.ref('o0.id')
  const isShown = tenantRowsCondition(scope, to, 'o0')
  switch (source) {
    case 'hidden':
      return { from, walked: from, conditions: [isHidden(scope, to)], columns: [id], id }
    case 'relatedWithout':
      return { from, walked: from, conditions: [isShown, hasNoValue(scope, terms, id)], columns: [id], id }
    default:
      return { from, walked: from, conditions: [isShown], columns: [columnSql(terms, 0, source), id], id }
  }
}

function rowsOfValues(scope: Scope, terms: readonly OrderTerm[], to: ConceptFields): FirstRows {
  const id = sql.ref('o0.entity_id')
  const isOfValue = sql<boolean>`${sql.ref('r0.id')} = ${id}`
  const isShown = tenantRowsCondition(scope, to, 'r0')
  const record = sql`select ${sql.ref('r0.id')} from ${tableSql(to, 'r0')} where ${isShown} and ${isOfValue}`
  return {
    from: sql`${valuesSql('o0')} join ${tableSql(to, 'r0')} on ${isShown} and ${isOfValue}`,
    walked: sql`${valuesSql('o0')} cross join lateral (${record} limit 1) as ${sql.ref('r0')}`,
    conditions: [valueCondition(scope, terms, 0)],
    columns: valueColumns(terms),
    id,
  }
}

/** A concept's table under an alias. */
export function tableSql(concept: ConceptFields, alias: string): Sql {
  return sql`${sql.table(concept.table)} as ${sql.ref(alias)}`
}

/** The table of custom values under an alias. */
export function valuesSql(alias: string): Sql {
  return sql`${sql.table(CUSTOM_VALUES.table)} as ${sql.ref(alias)}`
}

/** The columns of `o0`, a value of the first step's custom field, that keys and bounds name. */
export function valueColumns([first]: readonly OrderTerm[]): Sql[] {
  const column = first?.step.field.column ?? ''
  const read = column === 'text_value' ? ['text_value', 'text_value_key'] : [column]
  return ['entity_id', ...read].map((name) => sql.ref(`o0.${name}`))
}

/** Whether `o0`, or that of a later step, is a value of the custom field of the step. */
export function valueCondition(
  scope: Scope,
  terms: readonly OrderTerm[],
  index: number,
  alias = `o${index}`,
): Condition {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  const { custom, field } = (terms[index] as OrderTerm).step
  const isOfField = sql<boolean>`${column('tenant_id')} = ${scope.tenantId} and ${column('definition_id')} = ${custom?.id ?? null}::uuid`
  // The index of texts holds rows with texts alone.
  return field.column === 'text_value' ? sql`${isOfField} and ${column('text_value')} is not null` : isOfField
}

/** Whether the record of an id has no value of the first step's custom field. */
export function hasNoValue(scope: Scope, terms: readonly OrderTerm[], id: Sql): Condition {
  const isOfRecord = sql`${sql.ref('v0.entity_id')} = ${id}`
  return sql`not exists (select 1 from ${valuesSql('v0')} where ${valueCondition(scope, terms, 0, 'v0')} and ${isOfRecord})`
}

/** Whether `o0` is the tenant's, and deleted or hidden by a rule. */
function isHidden(scope: Scope, concept: ConceptFields): Condition {
  const isVisible = rowCondition(scope, concept.name, 'o0')
  const isShown = concept.hasDeletedAt ? sql`${sql.ref('o0.deleted_at')} is null and ${isVisible}` : isVisible
  return sql<boolean>`${sql.ref('o0.tenant_id')} = ${scope.tenantId} and (${isShown}) is not true`
}

/**
 * LEFT JOINs of the related records and values that steps are ordered by, from the step at index `from` on; hidden records
 * give null. A related record's value has its record beside it: `companies as r1`, then `custom_field_values as o1`.
 */
export function relatedJoins(scope: Scope, terms: readonly OrderTerm[], from: number): Sql {
  const joins = terms.flatMap(({ kind, step: { relation, custom } }, index) => {
    if (kind !== 'step' || index < from) return []
    const alias = custom ? `r${index}` : `o${index}`
    const record = relation
      ? [
          sql` left join ${tableSql(relation.to, alias)}
        on ${tenantRowsCondition(scope, relation.to, alias)} and ${sql.ref(`${alias}.id`)} = ${sql.ref(`c.${relation.column.column}`)}`,
        ]
      : []
    if (!custom) return record
    const isOfRecord = sql`${sql.ref(`o${index}.entity_id`)} = ${sql.ref(relation ? `r${index}.id` : 'c.id')}`
    return [
      ...record,
      sql` left join ${valuesSql(`o${index}`)} on ${valueCondition(scope, terms, index)} and ${isOfRecord}`,
    ]
  })
  return joins.length === 0 ? sql`` : sql.join(joins, sql``)
}
