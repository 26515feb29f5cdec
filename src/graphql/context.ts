import { type Principal } from '../lib/principal.js'
import { createScope, type Scope } from '../access/scope.js'
import type { Services } from './services.js'
import { createBudget, type RequestBudget } from './limits.js'
import { createLoaders, type Loaders } from './loaders.js'

/** What resolvers are given with each request. */
export interface GraphQLContext {
  readonly requestId: string
  readonly services: Services
  /** null where only introspection is allowed; then no resolver of ours runs, and there is no scope and no loader */
  readonly principal: Principal | null
  readonly scope: Scope
  readonly loaders: Loaders
  /** what is left of its time and of the bytes of its answer */
  readonly budget: RequestBudget
}

/** The context of one request. Plain values only: Apollo copies it, which would call getters. */
export function createContext(
  services: Services,
  requestId: string,
  principal: Principal | null,
  now: Date,
): GraphQLContext {
  const budget = createBudget(services.limits, performance.now())
  if (!principal) return { requestId, services, principal, budget } as GraphQLContext
  const database = services.database.until(budget.deadlineMs)
  const scope = createScope(principal, services.registry, now, services.accessOf(principal))
  const loaders = createLoaders(scope, database, services.definitions)
  return { requestId, services: { ...services, database }, principal, scope, loaders, budget }
}
