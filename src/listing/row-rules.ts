import { sql, type RawBuilder } from 'kysely'
import type { ConceptFields } from '../lib/concept-fields.js'
import type { RowRule, Scope } from '../lib/scope.js'

/** The row rule as SQL. Every rule is "all" today; where roles get rules of their own, they become predicates here. */
export function rowRuleSql(_rule: RowRule): RawBuilder<boolean> {
  return sql<boolean>`true`
}

/** A concept's table and the conditions that hold in every list, count and relation: `contacts as c where …`. */
export function rowsSql(scope: Scope, concept: ConceptFields, alias: string): RawBuilder<unknown> {
  return sql`${sql.table(concept.table)} as ${sql.ref(alias)} where ${rowsCondition(scope, concept, alias)}`
}

/** The same conditions alone: the tenant's rows, live ones, that the row rule shows. */
export function rowsCondition(scope: Scope, concept: ConceptFields, alias: string): RawBuilder<boolean> {
  const live = concept.isLive ? sql` and ${sql.ref(`${alias}.deleted_at`)} is null` : sql``
  const rule = rowRuleSql(scope.rowRule(concept.type))
  return sql`${sql.ref(`${alias}.tenant_id`)} = ${scope.tenantId}${live} and ${rule}`
}
