import type { Resolvers } from '../../generated/graphql.js'
import * as service from './search.service.js'

export const searchResolvers = {
  Query: {
    search: (_, args, { scope, house, loaders }) =>
      service.search(scope, house, args, {
        contact: (id) => loaders.contactById.load(id),
        company: (id) => loaders.companyById.load(id),
      }),
  },
  SearchConnection: {
    edges: async (search) => (await search.page()).edges,
    nodes: async (search) => (await search.page()).edges.map(({ node }) => node),
    pageInfo: (search) => search.page(),
    isPartial: (search) => search.isPartial(),
  },
  SearchResult: {
    matches: (hit, _, { loaders }) => loaders.searchMatchesByRecord.load(hit),
  },
} satisfies Resolvers
