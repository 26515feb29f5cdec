import type { Resolvers } from '../generated/graphql.js'
import { findNodeTypes, type NodeType } from '../listing/record-types.js'
import type { GraphQLContext } from './context.js'
import type { Loaders } from './loaders.js'
import { loadOwner } from './payload.resolvers.js'

const LOADERS = {
  Contact: 'contactById',
  Company: 'companyById',
  User: 'userById',
  Industry: 'industryById',
  CompanySize: 'companySizeById',
  EmailAddress: 'emailAddressById',
  PhoneNumber: 'phoneNumberById',
  Address: 'addressById',
  SocialMediaAccount: 'socialMediaAccountById',
} as const satisfies Record<NodeType, keyof Loaders>

/** Records by their ids, in the order of the ids; null where the tenant has none or it is deleted. */
async function loadNodes(ids: readonly string[], { scope, house, loaders }: GraphQLContext) {
  const types = await findNodeTypes(scope, house.database, ids)
  return Promise.all(
    ids.map(async (id) => {
      if (id === scope.tenantId) return { ...scope.principal.tenant, __typename: 'Tenant' as const }
      const type = types.get(id)
      if (!type) return null
      const row = await loaders[LOADERS[type]].load(id)
      if (!row || ('deletedAt' in row && row.deletedAt !== null)) return null
      return { ...row, __typename: type }
    }),
  )
}

const owner = {
  owner: (row: { entityType: 'CONTACT' | 'COMPANY'; entityId: string }, _args: unknown, context: GraphQLContext) =>
    loadOwner({ type: row.entityType, id: row.entityId }, context),
}

export const nodeResolvers = {
  Query: {
    node: async (_, { id }, context) => (await loadNodes([id], context))[0] ?? null,
    nodes: (_, { ids }, context) => loadNodes(ids, context),
  },
  EmailAddress: owner,
  PhoneNumber: owner,
  Address: owner,
  SocialMediaAccount: owner,
} as Resolvers
