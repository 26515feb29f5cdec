import { rowConditionById } from '../../access/row-condition.js'
import type { Scope } from '../../access/scope.js'
import { preparedStatement } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import { sql } from '../../lib/sql.js'
import { BEFORE_ALL_IDS, DEFINITION_COLUMNS, OWNERS, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import { VALUE_COLUMNS, type CustomValueRow } from './custom-value.repository.js'
import type { Writer } from './definition.repository.js'

/** The digest of a field's values, those of deleted records too: 0.3 s for 200,000. */
export function digestValues(scope: Scope, definitionId: string): Statement {
  return {
    label: 'digestCustomFieldValues',
    prepared: true,
    text: `select count(*)::int as total, coalesce(sum(hashtextextended(concat_ws(' ', v.entity_id, v.text_value, v.number_value,
        v.boolean_value, v.date_value, v.datetime_value, v.option_values::text, v.currency_code), 0)), 0)::text as digest
      from custom_field_values as v where v.tenant_id = $1 and v.definition_id = $2`,
    values: [scope.tenantId, definitionId],
  }
}

/** A value with whether the principal may see its record. */
export interface PlannedValue extends CustomValueRow {
  readonly isVisible: boolean
}

/** Values of a field in the order of their records' ids, behind one of them; `limit` at most. */
export function findValuesBehind(
  scope: Scope,
  { id, entityType }: CustomFieldDefinitionRow,
  after: string | null,
  limit: number,
): Statement {
  const { concept, table } = OWNERS[entityType]
  return preparedStatement(
    `findValuesBehind.${table}`,
    sql`select ${sql.raw(VALUE_COLUMNS)}, ${rowConditionById(scope, concept, sql.ref('v.entity_id'))} as "isVisible"
      from custom_field_values as v where v.tenant_id = ${scope.tenantId} and v.definition_id = ${id}::uuid
        and v.entity_id > ${after ?? BEFORE_ALL_IDS}::uuid
      order by v.entity_id limit ${limit}`,
  )
}

/**
 * The next values that a running change has to copy, in the order of their records' ids, locked: who writes one of them waits,
 * and of one that is being written the copy waits for what becomes of it. The cursor is a parameter: one that the statement looks up
 * itself is no condition of the index under row-level security, and batch for batch all values before it were read again, 84,000 of them in 600 ms.
 */
export function findNextBatch(
  { tenantId }: Writer,
  { id, change }: CustomFieldDefinitionRow,
  limit: number,
): Statement {
  return {
    label: 'findNextBatch',
    prepared: true,
    text: `select ${VALUE_COLUMNS} from custom_field_values as v where v.tenant_id = $1 and v.definition_id = $2
        and v.entity_id > $3::uuid order by v.entity_id limit $4 for no key update of v`,
    values: [tenantId, id, change?.cursor ?? BEFORE_ALL_IDS, limit],
  }
}

/**
 * Reads the values of the next batch and their records, as `total` values: what isn't in memory is read from the disk before
 * anybody can wait for a lock of the batch. 200 records stand on some 350 pages.
 */
export function readNextBatch(
  { tenantId }: Writer,
  { id, entityType, change }: CustomFieldDefinitionRow,
  limit: number,
): Statement {
  const { table } = OWNERS[entityType]
  return {
    label: `readNextBatch.${table}`,
    prepared: true,
    text: `select count(v.updated_at)::int as total, count(c.updated_at)::int as records from (
        select o.entity_id, o.updated_at from custom_field_values as o where o.tenant_id = $1 and o.definition_id = $2
          and o.entity_id > $3::uuid order by o.entity_id limit $4) as v
      left join ${table} as c on c.tenant_id = $1 and c.id = v.entity_id`,
    values: [tenantId, id, change?.cursor ?? BEFORE_ALL_IDS, limit],
  }
}

/**
 * Locks the records of the next batch, before their values: who writes a record's values holds the record, and the copies refer to
 * it. The other way round the two would wait for each other.
 */
export function lockNextOwners(
  { tenantId }: Writer,
  { id, entityType, change }: CustomFieldDefinitionRow,
  limit: number,
): Statement {
  const { table } = OWNERS[entityType]
  return {
    label: `lockNextOwners.${table}`,
    prepared: true,
    text: `select c.id from ${table} as c where c.tenant_id = $1 and c.id = any(array(
        select v.entity_id from custom_field_values as v where v.tenant_id = $1 and v.definition_id = $2 and v.entity_id > $3::uuid
        order by v.entity_id limit $4)) order by c.id for share of c`,
    values: [tenantId, id, change?.cursor ?? BEFORE_ALL_IDS, limit],
  }
}

/** The field that a running change fills, or that a finished one replaced; hidden or not, until it has expired. */
export function findOther({ tenantId, now }: Writer, definitionId: string): Statement {
  return {
    label: 'findOtherDefinition',
    prepared: true,
    text: `select ${DEFINITION_COLUMNS} from custom_field_definitions as d where d.tenant_id = $1 and d.id = (
        select (o.change->>'otherId')::uuid from custom_field_definitions as o where o.tenant_id = $1 and o.id = $2)
        and (d.expires_at is null or d.expires_at > $3::timestamptz)`,
    values: [tenantId, definitionId, now],
  }
}

/** The same, locked. */
export function lockOther(writer: Writer, definitionId: string): Statement {
  const statement = findOther(writer, definitionId)
  return { ...statement, label: 'lockOtherDefinition', text: `${statement.text} for update of d` }
}

/** Notes how far a running change came. It is no new version of the field. */
export function noteProgress({ tenantId }: Writer, { id, change }: CustomFieldDefinitionRow): Statement {
  return {
    label: 'noteChangeProgress',
    prepared: true,
    text: 'update custom_field_definitions set change = $3 where tenant_id = $1 and id = $2',
    values: [tenantId, id, JSON.stringify(change)],
  }
}

/** How many values of a field were written after a moment, as `total`. */
export function countWrittenSince(scope: Scope, definitionId: string): Statement {
  return {
    label: 'countWrittenSince',
    prepared: true,
    text: `select count(*)::int as total from custom_field_values as v join custom_field_definitions as d
        on d.tenant_id = $1 and d.id = $2 and v.updated_at > (d.change->>'finishedAt')::timestamptz
      where v.tenant_id = $1 and v.definition_id = $2`,
    values: [scope.tenantId, definitionId],
  }
}

/** Removes the values that some records have in some fields. */
export function deleteValuesOf(
  scope: Writer,
  definitionIds: readonly string[],
  entityIds: readonly string[],
): Statement {
  return {
    label: 'deleteValuesOf',
    prepared: true,
    text: `delete from custom_field_values as v using unnest($2::uuid[], $3::uuid[]) as r (definition_id, entity_id)
      where v.tenant_id = $1 and v.definition_id = r.definition_id and v.entity_id = r.entity_id`,
    values: [scope.tenantId, definitionIds, entityIds],
  }
}

/** A definition with work to be done: values to copy, search rows to bring up to date, or all of it to be removed. */
export interface FieldChore {
  readonly tenantId: string
  readonly id: string
}

/** The definitions of all tenants with work to be done, 100 at most, as kith_system. */
export function findChores(now: Date): Statement {
  return {
    label: 'findFieldChores',
    prepared: true,
    text: `select tenant_id as "tenantId", id from custom_field_definitions where change_state = 'RUNNING' or search_cursor is not null
        or (expires_at is not null and expires_at <= $1::timestamptz) order by tenant_id, id limit 100`,
    values: [now],
  }
}

/** A definition with what is to be done to its values, hidden or not. */
export function findChoresOf({ tenantId }: Writer, definitionId: string): Statement {
  return {
    label: 'findChoresOfDefinition',
    prepared: true,
    text: `select ${DEFINITION_COLUMNS} from custom_field_definitions as d where d.tenant_id = $1 and d.id = $2`,
    values: [tenantId, definitionId],
  }
}

/** The same, locked against other processes that do it; who writes values of the field doesn't wait. */
export function lockChores(writer: Writer, definitionId: string): Statement {
  const statement = findChoresOf(writer, definitionId)
  return { ...statement, label: 'lockChoresOfDefinition', text: `${statement.text} for no key update of d` }
}

/** The next records whose search rows are to be brought up to date: those with a value, in the order of their ids. */
export function findNextSearched({ tenantId }: Writer, definitionId: string, limit: number): Statement {
  return {
    label: 'findNextSearched',
    prepared: true,
    text: `select v.entity_id as "entityId" from custom_field_values as v where v.tenant_id = $1 and v.definition_id = $2
        and v.entity_id > (select d.search_cursor from custom_field_definitions as d where d.tenant_id = $1 and d.id = $2)
      order by v.entity_id limit $3`,
    values: [tenantId, definitionId, limit],
  }
}

/** Notes how far the search rows of a field's records are; null when all are. It is no new version of the field. */
export function noteSearched({ tenantId }: Writer, definitionId: string, cursor: string | null): Statement {
  return {
    label: 'noteSearched',
    prepared: true,
    text: 'update custom_field_definitions set search_cursor = $3 where tenant_id = $1 and id = $2',
    values: [tenantId, definitionId, cursor],
  }
}

/** Removes some values of a definition that has expired; gives their records. */
export function deleteExpiredValues({ tenantId, now }: Writer, definitionId: string, limit: number): Statement {
  return {
    label: 'deleteExpiredValues',
    prepared: true,
    text: `delete from custom_field_values as v where v.tenant_id = $1 and v.id = any(array(
        select o.id from custom_field_values as o join custom_field_definitions as d
          on d.tenant_id = $1 and d.id = $2 and d.expires_at <= $3::timestamptz
        where o.tenant_id = $1 and o.definition_id = $2 limit $4)) returning v.entity_id as "entityId"`,
    values: [tenantId, definitionId, now, limit],
  }
}

/** Removes a definition that has expired, whose values are gone. */
export function deleteExpired({ tenantId, now }: Writer, definitionId: string): Statement {
  return {
    label: 'deleteExpiredDefinition',
    prepared: true,
    text: 'delete from custom_field_definitions where tenant_id = $1 and id = $2 and expires_at <= $3::timestamptz',
    values: [tenantId, definitionId, now],
  }
}
