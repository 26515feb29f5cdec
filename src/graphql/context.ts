import type { SelectedFields } from '../concepts/selected-columns.js'
import type { RequestWork } from '../database/statement.js'
import type { Visitor } from '../lib/fair-queue.js'
import { type Principal } from '../lib/principal.js'
import { createScope, type Scope } from '../access/scope.js'
import type { Services } from './services.js'
import { createBudget, type RequestBudget } from './limits.js'
import { createLoaders, type Loaders } from './loaders.js'
import { createRelations } from './relations.js'
import type { RelationsOf } from '../list/read-ahead.js'

/** What a request selects; until its document is read, all fields of everything. */
interface Selection {
  fieldsOf: SelectedFields
}

/** What resolvers are given with each request. */
export interface GraphQLContext {
  readonly requestId: string
  readonly services: Services
  /** null where only introspection is allowed; then no resolver of ours runs, and there is no scope and no loader */
  readonly principal: Principal | null
  readonly scope: Scope
  readonly loaders: Loaders
  /** what can be read in one flight with the rows of a list */
  readonly relationsOf: RelationsOf
  /** what the request selects, known before it runs */
  readonly selection: Selection
  /** what is left of its time and of the bytes of its answer */
  readonly budget: RequestBudget
  /** how its reads wait for their turn */
  readonly visitor: Visitor
  /** what it makes the database do */
  readonly work: RequestWork
}

/** The context of one request. Plain values only: Apollo copies it, which would call getters. */
export function createContext(
  services: Services,
  requestId: string,
  principal: Principal | null,
  now: Date,
): GraphQLContext {
  const budget = createBudget(services.limits, performance.now())
  const visitor: Visitor = { client: principal?.userId ?? '', cost: 0 }
  const work: RequestWork = { label: '', statements: 0, rows: 0 }
  if (!principal) return { requestId, services, principal, budget, visitor, work } as GraphQLContext
  const database = services.database.until(budget.deadlineMs, visitor, work)
  const scope = createScope(principal, services.registry, now, services.accessOf(principal))
  const selection: Selection = { fieldsOf: () => null }
  const own = { ...services, database }
  return {
    requestId,
    services: own,
    principal,
    ...createReaders(scope, own, selection),
    selection,
    budget,
    visitor,
    work,
  }
}

/** What reads for a request by its scope: the loaders, and how they read ahead. */
export function createReaders(
  scope: Scope,
  services: Services,
  selection: Selection,
): Pick<GraphQLContext, 'scope' | 'loaders' | 'relationsOf'> {
  const selected: SelectedFields = (concept) => selection.fieldsOf(concept)
  const loaders = createLoaders(scope, services.database, selected, services.definitions)
  return { scope, loaders, relationsOf: createRelations(scope, services, loaders) }
}
