import DataLoader from 'dataloader'
import type { TickFlight } from '../../database/tick-flight.js'
import { oneByKey } from '../../lib/batch.js'
import type { Scope } from '../../access/scope.js'
import { findUsersByIds } from './user.repository.js'
import type { UserRow } from './user.columns.js'

/** Loaders of users for one request. */
export function createUserLoaders(scope: Scope, flight: TickFlight) {
  return {
    userById: new DataLoader<string, UserRow | null>(
      async (ids) => oneByKey(ids, await flight.read<UserRow>(findUsersByIds(scope, ids)), (row) => row.id),
      { batchScheduleFn: flight.schedule },
    ),
  }
}
