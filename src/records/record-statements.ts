import { sql, type Sql } from '../lib/sql.js'
import { rowCondition, tenantRowsCondition } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import { selectList } from '../concepts/columns.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import { preparedStatement } from '../database/sql.js'
import type { Statement } from '../database/statement.js'
import type { RecordKind } from './record-kind.js'
import { listName } from './row-statements.js'

/**
 * Locks records, deleted or not, in id order, and gives their whole rows. Those that the principal may not see are
 * absent.
 */
export function lockRecords(scope: Scope, kind: RecordKind, ids: readonly string[]): Statement {
  return lockStatement(scope, kind, sql`t.id = any(${ids}::uuid[])`)
}

/** Locks the records that own some rows of contact info, and gives them whole: `table` and the ids of its rows. */
export function lockOwners(scope: Scope, kind: RecordKind, table: string, rowIds: readonly string[]): Statement {
  return lockStatement(
    scope,
    kind,
    sql`t.id in (select entity_id from ${sql.table(table)} as o where o.tenant_id = ${scope.tenantId}
      and o.id = any(${rowIds}::uuid[]) and o.entity_type = ${sql.lit(kind.type)})`,
  )
}

/**
 * Locks the records that have some values in a unique column, deleted or not, and gives their whole rows. Each of the two
 * conditions has an index of its own.
 */
export function lockRecordsByValues(
  scope: Scope,
  kind: RecordKind,
  column: string,
  values: readonly string[],
): Statement {
  const own = sql.ref(`t.${column}`)
  return lockStatement(
    scope,
    kind,
    sql`((t.deleted_at is null and ${own} = any(${values}::text[]))
      or (t.deleted_at is not null and ${own} = any(${values}::text[])))`,
  )
}

/** Takes locks by two numbers, in their order, until the change ends. */
export function lockMatchKeys(group: number, buckets: readonly number[]): Statement {
  return {
    label: 'lockMatchKeys',
    prepared: true,
    text: 'select pg_advisory_xact_lock($1::int, bucket) from unnest($2::int[]) as bucket',
    values: [group, buckets],
  }
}

/** Locks the records whose ids a query gives, deleted or not, and gives their whole rows. */
export function lockRecordsOf(scope: Scope, kind: RecordKind, ids: Sql): Statement {
  return lockStatement(scope, kind, sql`t.id in (${ids})`)
}

function lockStatement(scope: Scope, { concept, columns }: RecordKind, which: Sql): Statement {
  return preparedStatement(
    `lockRecords.${concept.list}`,
    sql`select ${selectList(columns, 't')} from ${sql.table(concept.table)} as t
      where t.tenant_id = ${scope.tenantId} and ${which} and ${rowCondition(scope, concept.name, 't')}
      order by t.id for update of t`,
  )
}

/** Which of some ids are live rows of a concept that the principal may see, as `id`. */
export function findReferenced(scope: Scope, conceptName: string, ids: readonly string[]): Statement {
  const concept = scope.registry.concept(conceptName)
  return preparedStatement(
    `findReferenced.${concept.list}`,
    sql`select t.id from ${sql.table(concept.table)} as t
      where ${tenantRowsCondition(scope, concept, 't')} and t.id = any(${ids}::uuid[])`,
  )
}

/** A live record that holds a value which only one may have. */
export interface Holder {
  readonly id: string
  readonly value: string
  /** whether the principal may be told which record it is */
  readonly isVisible: boolean
}

/** The live records that hold some values of a unique column. */
export function findHolders(
  scope: Scope,
  { concept }: RecordKind,
  column: string,
  values: readonly string[],
): Statement {
  return preparedStatement(
    `findHolders.${concept.list}`,
    sql`select t.id, ${sql.ref(`t.${column}`)} as value, ${rowCondition(scope, concept.name, 't')} as "isVisible"
      from ${sql.table(concept.table)} as t
      where t.tenant_id = ${scope.tenantId} and t.deleted_at is null and ${sql.ref(`t.${column}`)} = any(${values}::text[])
      order by t.id`,
  )
}

/**
 * Clears a unique column of some records, of which others of the same change take their values: unique indexes look at
 * each row by itself. The version isn't counted up, as the rows are written again.
 */
export function yieldUnique(scope: Scope, { concept }: RecordKind, column: string, ids: readonly string[]): Statement {
  return preparedStatement(
    `yieldUnique.${concept.list}`,
    sql`update ${sql.table(concept.table)} set ${sql.ref(column)} = null
      where tenant_id = ${scope.tenantId} and id = any(${ids}::uuid[])`,
  )
}

/** The live records that hold what some deleted ones had in a unique column. */
export function findHoldersOfStored(
  scope: Scope,
  { concept }: RecordKind,
  column: string,
  ids: readonly string[],
): Statement {
  const [held, own] = [sql.ref(`t.${column}`), sql.ref(`own.${column}`)]
  return preparedStatement(
    `findHolders.${concept.list}`,
    sql`select t.id, ${held} as value, ${rowCondition(scope, concept.name, 't')} as "isVisible"
      from ${sql.table(concept.table)} as own join ${sql.table(concept.table)} as t
        on t.tenant_id = ${scope.tenantId} and ${held} = ${own} and t.deleted_at is null and t.id <> own.id
      where own.tenant_id = ${scope.tenantId} and own.id = any(${ids}::uuid[]) order by t.id`,
  )
}

/**
 * Sets the links to some records null, in deleted rows too: `company_id` of a destroyed company's contacts. Every table
 * with a relation `one` to the concept needs a nullable link and a `version`. Rows are locked in id order, against
 * deadlocks.
 */
export function clearLinks(scope: Scope, { concept }: RecordKind, ids: readonly string[]): Statement[] {
  return linksTo(scope, concept).map(({ table, column }) =>
    linkStatement(scope, 'clearLinks', table, column, ids, null),
  )
}

/**
 * Leads the links to some rows over to another row, deleted links too: `industry_id` of the companies of a merged
 * industry.
 */
export function moveLinks(scope: Scope, concept: ConceptFields, ids: readonly string[], toId: string): Statement[] {
  return linksTo(scope, concept).map(({ table, column }) => linkStatement(scope, 'moveLinks', table, column, ids, toId))
}

/** Each column that leads to one row of a concept, once: two relations may go by one column. */
function linksTo(scope: Scope, concept: ConceptFields): { readonly table: string; readonly column: string }[] {
  const links = scope.registry.concepts.flatMap(({ table, relations }) =>
    Object.values(relations).flatMap((relation) =>
      relation.kind === 'one' && relation.to === concept.name ? [{ table, column: relation.column }] : [],
    ),
  )
  return [...new Map(links.map((link) => [`${link.table}.${link.column}`, link])).values()]
}

function linkStatement(
  scope: Scope,
  label: string,
  table: string,
  column: string,
  ids: readonly string[],
  toId: string | null,
): Statement {
  return {
    label: `${label}.${listName(table)}`,
    prepared: true,
    text: `with linked as (
        select l.id from ${table} as l where l.tenant_id = $1 and l.${column} = any($2::uuid[]) order by l.id for update
      )
      update ${table} as t set ${column} = $4::uuid, version = t.version + 1, updated_at = greatest(t.updated_at, $3::timestamptz)
      from linked where t.tenant_id = $1 and t.id = linked.id`,
    values: [scope.tenantId, ids, scope.now, toId],
  }
}
