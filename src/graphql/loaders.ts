import type { Scope } from '../access/scope.js'
import type { SelectedFields } from '../concepts/selected-columns.js'
import type { Database } from '../database/database.js'
import type { KnownDefinitions } from '../features/custom-field/known-definitions.js'
import type { Loader } from '../lib/loader.js'
import { FEATURE_LOADERS } from './features.js'

/** All loaders of one request, over one flight: what they ask for in a tick leaves together. */
export function createLoaders(
  scope: Scope,
  database: Database,
  selected: SelectedFields,
  definitions: KnownDefinitions,
) {
  return FEATURE_LOADERS.create({ scope, flight: database.reader(scope.tenantId), selected, definitions })
}

export type Loaders = ReturnType<typeof createLoaders>

/** Forgets what was loaded: after a mutation the next read sees what it wrote. */
export function clearLoaders(loaders: Loaders): void {
  for (const loader of FEATURE_LOADERS.madeOf(loaders).flatMap((group): unknown[] => Object.values(group))) {
    ;(loader as Pick<Loader<unknown, unknown>, 'clearAll'>).clearAll()
  }
}
