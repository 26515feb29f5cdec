import { sql, type Sql } from '../lib/sql.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import type { Scope } from './scope.js'

type Condition = Sql<boolean>

/** Whether a record lives or is deleted. Rows of concepts that can't be deleted are live. */
export type RowState = 'live' | 'deleted'

/**
 * The rule of `access` on a row of a concept's table under `alias`; `tenantRowsCondition` adds the tenant and
 * `deleted_at`. Lists, counts, loaders, search, locks and look-ups inside writes ask it. Contact info is seen where its
 * owner is. clearLinks alone reads rows without it; findHolders gives it as a column, `isVisible`.
 */
export function rowCondition(scope: Scope, concept: string, alias: string): Condition {
  const { owners } = scope.registry.concept(concept)
  if (!owners) return scope.access.rows(concept, alias) ?? sql`true`
  const rules = Object.entries(owners).flatMap(([entityType, owner]) => {
    if (scope.access.rows(owner, 'owner') === null) return []
    const isOther = sql`${sql.ref(`${alias}.entity_type`)} <> ${sql.lit(entityType)}`
    return [sql`(${isOther} or ${rowConditionById(scope, owner, sql.ref(`${alias}.entity_id`))})`]
  })
  return rules.length === 0 ? sql`true` : sql`${sql.join(rules, sql` and `)}`
}

/** The same for tables that carry only the id of the row: `contact_search.contact_id`. */
export function rowConditionById(scope: Scope, concept: string, id: Sql): Condition {
  const rule = scope.access.rows(concept, 'owner')
  if (rule === null) return sql`true`
  const { table } = scope.registry.concept(concept)
  return sql`exists (select 1 from ${sql.table(table)} as owner
    where owner.tenant_id = ${scope.tenantId} and owner.id = ${id} and ${rule})`
}

/** A concept's table and the conditions that hold in every list, count and relation: `contacts as c where …`. */
export function rowsSql(scope: Scope, concept: ConceptFields, alias: string, state: RowState = 'live'): Sql {
  return sql`${sql.table(concept.table)} as ${sql.ref(alias)} where ${tenantRowsCondition(scope, concept, alias, state)}`
}

/** The same conditions alone: the tenant's rows, live ones unless said, that the principal may see. */
export function tenantRowsCondition(
  scope: Scope,
  concept: ConceptFields,
  alias: string,
  state: RowState = 'live',
): Condition {
  const isInState = sql.raw(state === 'live' ? 'is null' : 'is not null')
  const live = concept.hasDeletedAt ? sql` and ${sql.ref(`${alias}.deleted_at`)} ${isInState}` : sql``
  return sql`${sql.ref(`${alias}.tenant_id`)} = ${scope.tenantId}${live} and ${rowCondition(scope, concept.name, alias)}`
}
