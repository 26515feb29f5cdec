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
async function pageInTurn<Row>(parent: Connection<Row>, { services, budget }: Context): Promise<Page<Row>> {
  const page = await parent.page()
  if (budget.needsTurn(page.edges.length)) await services.turns.take(page.edges.length)
  return page
}

/** The fields of a Relay connection over a list: page and counts are read side by side, and only when selected. */
export function connectionResolvers<Row>() {
  return {
    edges: async (parent: Connection<Row>, _: object, context: Context) => (await pageInTurn(parent, context)).edges,
    nodes: async (parent: Connection<Row>, _: object, context: Context) =>
      (await pageInTurn(parent, context)).edges.map((edge) => edge.node),
    pageInfo: (parent: Connection<Row>): Promise<Page<Row>> => parent.page(),
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
