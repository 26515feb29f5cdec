import type DataLoader from 'dataloader'
import type { Resolvers } from '../generated/graphql.js'
import { findNodeTypes } from '../list/node-types.js'
import type { GraphQLContext } from './context.js'
import type { Loaders } from './loaders.js'

/** The loader of a concept's rows is named after it: `Contact` is read by `contactById`. */
function loaderOf(loaders: Loaders, type: string): DataLoader<string, NodeRow | null> {
  const name = `${type.charAt(0).toLowerCase()}${type.slice(1)}ById`
  const loader = (loaders as unknown as Readonly<Record<string, DataLoader<string, NodeRow | null> | undefined>>)[name]
  if (!loader) throw new Error(`no loader ${name}`)
  return loader
}

interface NodeRow {
  readonly id: string
  readonly deletedAt?: Date | null
}

/** Records by their ids, in the order of the ids; null where the tenant has none or it is deleted. */
async function loadNodes(ids: readonly string[], { scope, services, loaders }: GraphQLContext) {
  const types = await findNodeTypes(scope, services.database, ids)
  return Promise.all(
    ids.map(async (id) => {
      if (id === scope.tenantId) return { ...scope.principal.tenant, __typename: 'Tenant' as const }
      const type = types.get(id)
      if (!type) return null
      const row = await loaderOf(loaders, type).load(id)
      if (!row || (row.deletedAt ?? null) !== null) return null
      return { ...row, __typename: type }
    }),
  )
}

export const nodeResolvers = {
  Query: {
    node: async (_, { id }, context) => (await loadNodes([id], context))[0] ?? null,
    nodes: (_, { ids }, context) => loadNodes(ids, context),
  },
} as Resolvers
