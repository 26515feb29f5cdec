import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'
import { OWNERS, type CustomFieldDefinitionRow } from './custom-field.columns.js'

/** How a field was used since the last time that it was written down. */
export interface UsageCounts {
  readonly filters: number
  readonly filteredAt: Date | null
  readonly orders: number
  readonly orderedAt: Date | null
  readonly reads: number
  readonly readAt: Date | null
  readonly writtenAt: Date | null
  /** statements that went by it, and how long they took together */
  readonly statements: number
  readonly ms: number
}

/** A field as statements name it: by its id, or by its key where values are read by key. */
export interface UsedField extends UsageCounts {
  readonly id: string | null
  readonly entityType: string | null
  readonly key: string | null
}

/** Adds counts to those of a tenant's fields; fields that are gone are left out. In the order of their ids, against deadlocks. */
export function addUsage(tenantId: string, fields: readonly UsedField[]): Statement {
  const column = <Name extends keyof UsedField>(name: Name) => fields.map((field) => field[name])
  return {
    label: 'addCustomFieldUsage',
    prepared: true,
    text: `insert into custom_field_usage as u (tenant_id, definition_id, filter_count, filtered_at, order_count, ordered_at,
        read_count, read_at, written_at, statement_count, statement_ms)
      select $1::uuid, d.id, sum(r.filters), max(r.filtered_at), sum(r.orders), max(r.ordered_at), sum(r.reads), max(r.read_at),
        max(r.written_at), sum(r.statements), sum(r.ms)
      from unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::bigint[], $8::timestamptz[], $9::bigint[],
        $10::timestamptz[], $11::timestamptz[], $12::bigint[], $13::float8[]) as r (id, entity_type, key, filters, filtered_at, orders,
        ordered_at, reads, read_at, written_at, statements, ms)
      join custom_field_definitions as d on d.tenant_id = $1
        and (d.id = r.id or (r.id is null and d.entity_type = r.entity_type and d.key = r.key and d.archived_at is null))
      group by d.id order by d.id
      on conflict (tenant_id, definition_id) do update set filter_count = u.filter_count + excluded.filter_count,
        filtered_at = greatest(u.filtered_at, excluded.filtered_at), order_count = u.order_count + excluded.order_count,
        ordered_at = greatest(u.ordered_at, excluded.ordered_at), read_count = u.read_count + excluded.read_count,
        read_at = greatest(u.read_at, excluded.read_at), written_at = greatest(u.written_at, excluded.written_at),
        statement_count = u.statement_count + excluded.statement_count, statement_ms = u.statement_ms + excluded.statement_ms`,
    values: [
      ...[tenantId, column('id'), column('entityType'), column('key'), column('filters'), column('filteredAt')],
      ...[column('orders'), column('orderedAt'), column('reads'), column('readAt'), column('writtenAt')],
      ...[column('statements'), column('ms')],
    ],
  }
}

/** The counts of a field that are written down. */
export interface StoredUsage {
  readonly definitionId: string
  readonly filters: number
  readonly filteredAt: string | null
  readonly orders: number
  readonly orderedAt: string | null
  readonly reads: number
  readonly readAt: string | null
  readonly writtenAt: string | null
  readonly statements: number
  readonly ms: number
}

/** The counts of a tenant's fields that are written down, in no order. */
export function findUsage({ tenantId }: Scope): Statement {
  return {
    label: 'findCustomFieldUsage',
    prepared: true,
    text: `select u.definition_id as "definitionId", u.filter_count::float8 as filters, u.filtered_at as "filteredAt",
        u.order_count::float8 as orders, u.ordered_at as "orderedAt", u.read_count::float8 as reads, u.read_at as "readAt",
        u.written_at as "writtenAt", u.statement_count::float8 as statements, u.statement_ms as ms
      from custom_field_usage as u where u.tenant_id = $1`,
    values: [tenantId],
  }
}

/** What the values of a field are like. */
export interface ValueFigures {
  /** live records that have one */
  readonly records: number
  /** null where the field has more values than are looked at */
  readonly distinctValues: number | null
  readonly lastWrittenAt: string | null
}

/** More values than these are counted, but not compared: 100,000 take 0.2 s. */
const MAX_COMPARED = 100_000

/** How many live records have a value of a field, how many values differ, and when one was last written. */
export function findValueFigures(scope: Scope, { id, entityType }: CustomFieldDefinitionRow): Statement {
  return {
    label: `findValueFigures.${OWNERS[entityType].table}`,
    prepared: true,
    text: `select (select count(*) from custom_field_values as v join ${OWNERS[entityType].table} as c
          on c.tenant_id = $1 and c.id = v.entity_id and c.deleted_at is null
          where v.tenant_id = $1 and v.definition_id = $2)::int as records,
        case when count(*) <= ${MAX_COMPARED} then count(distinct value)::int end as "distinctValues",
        case when count(*) <= ${MAX_COMPARED} then max(updated_at) end as "lastWrittenAt"
      from (select v.updated_at, concat_ws(' ', v.text_value, trim_scale(v.number_value), v.currency_code, v.boolean_value, v.date_value,
          v.datetime_value, v.option_values::text) as value
        from custom_field_values as v where v.tenant_id = $1 and v.definition_id = $2 limit ${MAX_COMPARED + 1}) as looked_at`,
    values: [scope.tenantId, id],
  }
}
