import { statesOf, type DeletedRecords } from '../access/deleted-records.js'
import type { RowState } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import { mapValue } from '../lib/promise.js'
import { listConnection, type Connection, type RowsById } from './connection.js'
import type { ListArguments } from './list-query.js'
import type { Lister } from './lister.js'
import { readAhead, readRecordAhead, type RelationsOf } from './read-ahead.js'
import { selectsRowsAndCount, type FieldInfo } from './selected-fields.js'

/** What may be deleted. */
export interface Deletable {
  readonly deletedAt: string | null
}

/** The row; null where it is deleted: relations lead to live records alone. */
export function liveRow<Row extends Deletable>(row: Row | null): Row | null {
  return rowInState(row, ['live'])
}

/** The row; null where it is in none of some states. What can't be deleted is live. */
export function rowInState<Row extends Partial<Deletable>>(row: Row | null, states: readonly RowState[]): Row | null {
  return row && states.includes((row.deletedAt ?? null) === null ? 'live' : 'deleted') ? row : null
}

/**
 * One record by its id; null where there is none, or it is deleted and `deleted` doesn't ask for such. What `info` says is
 * selected of it is read in one flight with it. @throws FORBIDDEN
 */
export function findRecord<Row extends Deletable>(
  context: { readonly scope: Scope; readonly relationsOf: RelationsOf },
  concept: ConceptFields,
  { id, deleted }: { readonly id: string; readonly deleted?: DeletedRecords | null },
  rows: Pick<RowsById<Row>, 'get'>,
  info: FieldInfo,
): Row | null | Promise<Row | null> {
  const states = statesOf(context.scope, deleted)
  const found = rows.get(id)
  const ahead = readRecordAhead(context, concept, id, info)
  const pick = (row: Row | null) => rowInState(row, states)
  return ahead ? Promise.all([found, ahead]).then(([row]) => pick(row)) : mapValue(found, pick)
}

/**
 * The records of a type, newest first unless another order is asked for, live ones unless `deleted` asks for others;
 * `rows` gives them by their ids. What `info` says is selected of them is read in one flight
 * with them.
 * @throws BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR
 */
export function listRecords<Row extends Deletable>(
  context: { readonly scope: Scope; readonly services: Lister; readonly relationsOf: RelationsOf },
  concept: ConceptFields,
  args: ListArguments,
  rows: RowsById<Row>,
  info: FieldInfo,
): Connection<Row> {
  const { scope, services } = context
  const states = statesOf(scope, args.deleted)
  const options = { ahead: readAhead(context, concept, info), isCounted: selectsRowsAndCount(info) }
  return listConnection(scope, services, concept, args, rows, { ...options, pick: (row) => rowInState(row, states) })
}
