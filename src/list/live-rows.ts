import type { Scope } from '../access/scope.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import { listConnection, type Connection } from './connection.js'
import type { ListArguments } from './list-query.js'
import type { Lister } from './lister.js'

/** What may be deleted. */
export interface Deletable {
  readonly deletedAt: Date | null
}

/** The row; null where it is deleted, as the API shows no deleted record. */
export function liveRow<Row extends Deletable>(row: Row | null): Row | null {
  return row?.deletedAt === null ? row : null
}

/**
 * The live records of a type, newest first unless another order is asked for; `loadRow` gives each by its id.
 * @throws BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR
 */
export function listLiveRows<Row extends Deletable>(
  scope: Scope,
  lister: Lister,
  concept: ConceptFields,
  args: ListArguments,
  loadRow: (id: string) => Promise<Row | null>,
): Connection<Row> {
  return listConnection(scope, lister, concept, args, async (id) => liveRow(await loadRow(id)))
}
