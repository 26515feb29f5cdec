import type { Scope } from '../access/scope.js'
import type { SelectedFields } from '../concepts/selected-columns.js'
import type { Database } from '../database/database.js'
import type { KnownDefinitions } from '../features/custom-field/known-definitions.js'
import type { Loader } from '../lib/loader.js'
import { createFeatureLoaders } from './features.js'

/** All loaders of one request, over one flight: what they ask for in a tick leaves together. */
export function createLoaders(
  scope: Scope,
  database: Database,
  selected: SelectedFields,
  definitions: KnownDefinitions,
) {
  return createFeatureLoaders(scope, database.reader(scope.tenantId), selected, definitions)
}

export type Loaders = ReturnType<typeof createLoaders>

/** Forgets what was loaded: after a mutation the next read sees what it wrote. */
export function clearLoaders(loaders: Loaders): void {
  for (const loader of Object.values(loaders)) (loader as Pick<Loader<unknown, unknown>, 'clearAll'>).clearAll()
}
