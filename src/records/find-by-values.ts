import { tenantRowsCondition } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import { preparedStatement } from '../database/sql.js'
import type { Statement } from '../database/statement.js'
import { sql } from '../lib/sql.js'

/** A record that has one of some values. */
export interface FoundByValue {
  /** the place of the value among those that were asked for, 1 for the first */
  readonly place: number
  readonly id: string
}

/**
 * The live records of a concept that have some texts in a field and that the principal may see: names whatever their case and
 * accents, e-mail addresses apart from case, other identifiers letter for letter. Users are active ones alone.
 */
export function findByValues(
  scope: Scope,
  conceptName: string,
  fieldName: string,
  values: readonly string[],
): Statement {
  const concept = scope.registry.concept(conceptName)
  const field = concept.fields[fieldName]
  if (!field) throw new Error(`no field ${fieldName} in ${conceptName}`)
  const own = sql.ref(`t.${field.column}`)
  const isExact = field.folded === undefined || field.identifier === 'exact' || field.kind === 'domain'
  const isFolded = sql`${sql.ref(`t.${field.folded ?? field.column}`)} = "left"(kith_fold(k.value), ${sql.lit(field.foldedLength ?? 255)})`
  const isSame = isExact ? sql`${own} = k.value` : isFolded
  const isSameEmail = field.identifier === 'email' ? sql` and lower(${own}) = lower(k.value)` : sql``
  const isActive = concept.fields['deactivatedAt'] ? sql` and t.deactivated_at is null` : sql``
  return preparedStatement(
    `findByValues.${concept.list}.${fieldName}`,
    sql`select k.place::int as place, t.id from unnest(${values}::text[]) with ordinality as k (value, place)
      join ${sql.table(concept.table)} as t on ${tenantRowsCondition(scope, concept, 't')} and ${isSame}${isSameEmail}${isActive}
      order by k.place, t.id`,
  )
}

/** Texts as names are compared, apart from case and accents, each as `folded`, in their order. */
export function foldTexts(texts: readonly string[]): Statement {
  return preparedStatement(
    'foldTexts',
    sql`select kith_fold(k.value) as folded from unnest(${texts}::text[]) with ordinality as k (value, place) order by k.place`,
  )
}
