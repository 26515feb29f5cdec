import type { Connection, Page } from './connection.js'

const MAX_TOTAL = 10_000

/** The fields of a Relay connection over a list: page and counts are read side by side, and only when selected. */
export function connectionResolvers<Row>() {
  return {
    edges: async (parent: Connection<Row>) => (await parent.page()).edges,
    nodes: async (parent: Connection<Row>) => (await parent.page()).edges.map((edge) => edge.node),
    pageInfo: (parent: Connection<Row>): Promise<Page<Row>> => parent.page(),
    totalCount: async (parent: Connection<Row>, { max }: { max?: number | null }) =>
      (await parent.count(max ?? MAX_TOTAL)).total,
    totalCountIsExact: async (parent: Connection<Row>, { max }: { max?: number | null }) =>
      (await parent.count(max ?? MAX_TOTAL)).isExact,
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
