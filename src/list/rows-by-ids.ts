import { sql } from '../lib/sql.js'
import { rowCondition } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import { selectList, type Columns } from '../concepts/columns.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import { selectedColumns, type SelectedFields } from '../concepts/selected-columns.js'
import { preparedStatement } from '../database/sql.js'
import type { Statement } from '../database/statement.js'
import type { TickFlight } from '../database/tick-flight.js'
import { oneByKey } from '../lib/batch.js'
import { Loader } from '../lib/loader.js'

/** Rows of a concept by their ids, deleted ones too; its label is `findContactsByIds` where the list is `contacts`. */
export function findRowsByIds(
  scope: Scope,
  { name, list, table }: ConceptFields,
  columns: Columns,
  ids: readonly string[],
): Statement {
  return preparedStatement(
    `find${list.charAt(0).toUpperCase()}${list.slice(1)}ByIds`,
    sql`select ${selectList(columns, 't')} from ${sql.table(table)} as t
      where t.tenant_id = ${scope.tenantId} and t.id = any(${ids}::uuid[]) and ${rowCondition(scope, name, 't')}`,
  )
}

/**
 * The loader of a concept's rows by id for one request, deleted ones too: one statement for all ids of a tick, with the
 * columns that the request needs.
 */
export function rowByIdLoader<Row extends { readonly id: string }>(
  scope: Scope,
  flight: TickFlight,
  concept: ConceptFields,
  columns: Columns,
  selected: SelectedFields,
): Loader<string, Row | null> {
  return new Loader(
    async (ids) => {
      const read = selectedColumns(columns, selected(concept.name))
      return oneByKey(ids, await flight.read<Row>(findRowsByIds(scope, concept, read, ids)), ({ id }) => id)
    },
    { batchScheduleFn: flight.schedule },
  )
}
