import type { Scope } from '../../access/scope.js'
import type { SelectedFields } from '../../concepts/selected-columns.js'
import type { TickFlight } from '../../database/tick-flight.js'
import { rowByIdLoader } from '../../list/rows-by-ids.js'
import { USER, USER_COLUMNS, type UserRow } from './user.columns.js'

/** Loaders of users for one request. `userById` gives deactivated users too. */
export function createUserLoaders(scope: Scope, flight: TickFlight, selected: SelectedFields) {
  return { userById: rowByIdLoader<UserRow>(scope, flight, USER, USER_COLUMNS, selected) }
}
