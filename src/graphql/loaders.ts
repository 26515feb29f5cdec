import type DataLoader from 'dataloader'
import type { Database } from '../database/database.js'
import { createCompanyLoaders } from '../features/company/company.loaders.js'
import { createContactLoaders } from '../features/contact/contact.loaders.js'
import { createContactInfoLoaders } from '../features/contact-info/contact-info.loaders.js'
import { createUserLoaders } from '../features/identity/user.loaders.js'
import { createMatchLoaders } from '../search/matches.loaders.js'
import type { Scope } from '../access/scope.js'

/** All loaders of one request, over one flight: what they ask for in a tick leaves together. */
export function createLoaders(scope: Scope, database: Database) {
  const flight = database.reader(scope.tenantId)
  return {
    ...createUserLoaders(scope, flight),
    ...createContactInfoLoaders(scope, flight),
    ...createCompanyLoaders(scope, flight),
    ...createContactLoaders(scope, flight),
    ...createMatchLoaders(scope, flight),
  }
}

export type Loaders = ReturnType<typeof createLoaders>

/** Forgets what was loaded: after a mutation the next read sees what it wrote. */
export function clearLoaders(loaders: Loaders): void {
  for (const loader of Object.values(loaders)) (loader as DataLoader<unknown, unknown>).clearAll()
}
