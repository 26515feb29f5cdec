import { createScope, type Principal, type Scope } from '../lib/scope.js'
import type { House } from './house.js'
import { createLoaders, type Loaders } from './loaders.js'

/** What resolvers are given with each request. */
export interface GraphQLContext {
  readonly requestId: string
  readonly house: House
  /** null where only introspection is allowed; then no resolver of ours runs, and there is no scope and no loader */
  readonly principal: Principal | null
  readonly scope: Scope
  readonly loaders: Loaders
}

/** The context of one request. Plain values only: Apollo copies it, which would call getters. */
export function createContext(house: House, requestId: string, principal: Principal | null, now: Date): GraphQLContext {
  if (!principal) return { requestId, house, principal } as GraphQLContext
  const scope = createScope(principal, now)
  return { requestId, house, principal, scope, loaders: createLoaders(scope, house.database) }
}
