import { type Principal } from '../lib/principal.js'
import { createScope, type Scope } from '../access/scope.js'
import type { Services } from './services.js'
import { createLoaders, type Loaders } from './loaders.js'

/** What resolvers are given with each request. */
export interface GraphQLContext {
  readonly requestId: string
  readonly services: Services
  /** null where only introspection is allowed; then no resolver of ours runs, and there is no scope and no loader */
  readonly principal: Principal | null
  readonly scope: Scope
  readonly loaders: Loaders
}

/** The context of one request. Plain values only: Apollo copies it, which would call getters. */
export function createContext(
  services: Services,
  requestId: string,
  principal: Principal | null,
  now: Date,
): GraphQLContext {
  if (!principal) return { requestId, services, principal } as GraphQLContext
  const scope = createScope(principal, services.registry, now, services.accessOf(principal))
  return { requestId, services, principal, scope, loaders: createLoaders(scope, services.database) }
}
