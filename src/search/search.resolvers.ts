import type { Resolvers } from '../generated/graphql.js'
import { liveRow, type Deletable } from '../list/record-rows.js'
import * as service from './search.service.js'

// Between the search and its rows a record may have been deleted.
function live<Row extends Deletable & { readonly id: string }>(__typename: 'Contact' | 'Company', row: Row | null) {
  const found = liveRow(row)
  return found && { ...found, __typename }
}

export const searchResolvers = {
  Query: {
    search: (_, args, { scope, services, loaders }) =>
      service.search(scope, services, args, async (type, id) => {
        if (type === 'CONTACT') return live('Contact', await loaders.contactById.load(id))
        return live('Company', await loaders.companyById.load(id))
      }),
  },
  SearchConnection: {
    edges: async (search) => (await search.page()).edges(),
    nodes: async (search) => (await search.page()).nodes,
    pageInfo: (search) => search.page(),
    isPartial: (search) => search.isPartial(),
  },
  SearchResult: {
    matches: (found, _, { loaders }) => loaders.searchMatchesByRecord.get(found),
  },
} satisfies Resolvers
