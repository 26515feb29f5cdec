import type { CustomFieldType } from '../../concepts/custom-fields.js'
import type { Scope } from '../../access/scope.js'
import { preparedStatement } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import { sql, type Sql } from '../../lib/sql.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import type { CustomValueColumns } from './custom-value.input.js'

type Field = Pick<CustomFieldDefinitionRow, 'id' | 'type'>

// How values that may be the same are found by an index; whether they are is then asked of their keys. The values of
// deleted records have no unique key that could be looked up.
const CANDIDATES: Partial<Record<CustomFieldType, string>> = {
  NUMBER: 'v.number_value = r.number_value',
  DECIMAL: 'v.number_value = r.number_value',
  DATE: 'v.date_value = r.date_value',
  DATETIME: 'v.datetime_value = r.datetime_value',
}
const TEXT_CANDIDATES = 'v.text_value_key = "left"(kith_fold(r.text_value), 200)'

/** The ids of the records, live or deleted, that have one of some values in a unique field. */
export function ownersOfValuesSql(
  scope: Scope,
  { id, type }: Field,
  values: readonly CustomValueColumns[],
  columns = sql`v.entity_id`,
): Sql {
  const column = <Name extends keyof CustomValueColumns>(name: Name) => values.map((value) => value[name])
  const keyOf = (row: string): Sql =>
    sql.raw(
      `kith_custom_field_key('${type}', ${row}.text_value, ${row}.number_value, ${row}.date_value, ${row}.datetime_value)`,
    )
  return sql`select ${columns} from unnest(${column('textValue')}::text[], ${column('numberValue')}::numeric[],
      ${column('dateValue')}::date[], ${column('datetimeValue')}::timestamptz[])
      with ordinality as r (text_value, number_value, date_value, datetime_value, index)
    join custom_field_values as v on v.tenant_id = ${scope.tenantId} and v.definition_id = ${id}::uuid
      and ${sql.raw(CANDIDATES[type] ?? TEXT_CANDIDATES)} and ${keyOf('v')} = ${keyOf('r')}`
}

/** The same with the place of each value among those that were given, from 1 on, as `id` and `index`. */
export function findOwnersOfValues(scope: Scope, field: Field, values: readonly CustomValueColumns[]): Statement {
  const columns = sql`v.entity_id as id, r.index::int`
  return preparedStatement('findOwnersOfValues', ownersOfValuesSql(scope, field, values, columns))
}
