import { mapValue } from '../lib/promise.js'
import type { Turns } from '../lib/turns.js'
import { DEFAULT_MAX_COUNT, type Connection, type Page } from './connection.js'

interface CountArguments {
  readonly max?: number | null | undefined
}

interface Context {
  readonly services: { readonly turns: Turns }
  readonly budget: { readonly needsTurn: (rows: number) => boolean }
}

/** The page whose rows are about to be resolved: at once or, in a large request, in the turn that has room for them. */
function pageInTurn<Row>(parent: Connection<Row>, { services, budget }: Context): Page<Row> | Promise<Page<Row>> {
  return mapValue(parent.page(), (page): Page<Row> | Promise<Page<Row>> => {
    const rows = page.nodes.length
    const turn = budget.needsTurn(rows) ? services.turns.take(rows) : undefined
    return turn ? turn.then(() => page) : page
  })
}

/** The fields of a Relay connection over a list: page and counts are read side by side, and only when selected. */
export function connectionResolvers<Row>() {
  return {
    edges: (parent: Connection<Row>, _: object, context: Context) =>
      mapValue(pageInTurn(parent, context), (page) => page.edges()),
    nodes: (parent: Connection<Row>, _: object, context: Context) =>
      mapValue(pageInTurn(parent, context), (page) => page.nodes),
    pageInfo: (parent: Connection<Row>) => parent.page(),
    totalCount: async (parent: Connection<Row>, { max }: CountArguments) =>
      (await parent.count(max ?? DEFAULT_MAX_COUNT)).total,
    totalCountIsExact: async (parent: Connection<Row>, { max }: CountArguments) =>
      (await parent.count(max ?? DEFAULT_MAX_COUNT)).isExact,
    estimatedCount: (parent: Connection<Row>) => parent.estimatedCount(),
  }
}

/** The same of a list that can be searched. */
export function searchedConnectionResolvers<Row>() {
  return {
    ...connectionResolvers<Row>(),
    isPartial: async (parent: Connection<Row>) => (await parent.page()).isPartial,
  }
}
