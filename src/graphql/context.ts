import { AppError } from '../lib/errors.js'
import { createScope, type Principal, type Scope } from '../lib/scope.js'
import type { House } from './house.js'
import { createLoaders, type Loaders } from './loaders.js'

/** What resolvers are given with each request. */
export interface GraphQLContext {
  readonly requestId: string
  readonly house: House
  /** null where only introspection is allowed */
  readonly principal: Principal | null
  /** @throws UNAUTHENTICATED without a principal */
  readonly scope: Scope
  /** @throws UNAUTHENTICATED without a principal */
  readonly loaders: Loaders
}

/** The context of one request. Scope and loaders are made at first use. */
export function createContext(house: House, requestId: string, principal: Principal | null, now: Date): GraphQLContext {
  let scope: Scope | undefined
  let loaders: Loaders | undefined
  return {
    requestId,
    house,
    principal,
    get scope() {
      if (!principal) throw new AppError('UNAUTHENTICATED', 'A valid bearer token is needed.')
      return (scope ??= createScope(principal, now))
    },
    get loaders() {
      return (loaders ??= createLoaders(this.scope, house.database))
    },
  }
}
