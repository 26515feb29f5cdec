import type { CompanyRow } from '../features/company/company.row.js'
import type { CompanySizeRow, IndustryRow } from '../features/company/picklist.row.js'
import type { ContactRow } from '../features/contact/contact.row.js'
import type { UserRow } from '../features/identity/user.row.js'
import type { Resolvers } from '../generated/graphql.js'
import type { Connection, Page } from '../list/connection.js'

// The same for every type of row: Relay's names over what a listing hands out. Page and counts run side by side.
function connection<Row>() {
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

/** The same for what can be searched. */
function searchedConnection<Row>() {
  return {
    ...connection<Row>(),
    isPartial: async (parent: Connection<Row>) => (await parent.page()).isPartial,
  }
}

const MAX_TOTAL = 10_000

export const connectionResolvers = {
  ContactConnection: searchedConnection<ContactRow>(),
  CompanyConnection: searchedConnection<CompanyRow>(),
  UserConnection: connection<UserRow>(),
  IndustryConnection: connection<IndustryRow>(),
  CompanySizeConnection: connection<CompanySizeRow>(),
} satisfies Resolvers
