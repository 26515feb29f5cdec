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
  /** an operator watches the server: it has no principal, no scope and no loader, but `performance` and alerts */
  readonly isOperator: boolean
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
  /** when it came */
  readonly now: Date
  /** what it makes the database do */
  readonly work: RequestWork
}

/** The context of one request. Plain values only: Apollo copies it, which would call getters. */
export function createContext(
  services: Services,
  requestId: string,
  principal: Principal | null,
  now: Date,
  isOperator = false,
): GraphQLContext {
  const budget = createBudget(services.limits, performance.now())
  const visitor: Visitor = { client: principal?.userId ?? '', cost: 0 }
  const work: RequestWork = { label: '', statements: 0, rows: 0 }
  const database = services.database.until(budget.deadlineMs, visitor, work)
  const own = principal || isOperator ? servicesOver(services, database) : services
  if (!principal) {
    return { requestId, services: own, principal, isOperator, budget, visitor, now, work } as GraphQLContext
  }
  const selection: Selection = { fieldsOf: () => null }
  const ofPrincipal = createScope(principal, services.registry, now, services.accessOf(principal))
  const { scope, loaders, relationsOf } = createReaders(ofPrincipal, own, selection)
  // Each by its name: a spread that more parts follow takes some microseconds (see runnerWith).
  return {
    requestId,
    services: own,
    principal,
    isOperator,
    scope,
    loaders,
    relationsOf,
    selection,
    budget,
    visitor,
    now,
    work,
  }
}

/** The services of the process over the database of one request. They are inherited: copying thirty of them takes 9 µs. */
function servicesOver(services: Services, database: Services['database']): Services {
  const own = Object.create(services) as { database: Services['database'] }
  own.database = database
  return own as Services
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
