import { statesOf, type DeletedRecords } from '../access/deleted-records.js'
import type { Resolvers } from '../generated/graphql.js'
import type { Loader } from '../lib/loader.js'
import { findNodeTypes } from '../list/node-types.js'
import { rowInState } from '../list/record-rows.js'
import type { GraphQLContext } from './context.js'
import type { Loaders } from './loaders.js'

/** The loader of a concept's rows is named after it: `Contact` is read by `contactById`. */
function loaderOf(loaders: Loaders, type: string): Loader<string, NodeRow | null> {
  const name = `${type.charAt(0).toLowerCase()}${type.slice(1)}ById`
  const loader = (loaders as unknown as Readonly<Record<string, Loader<string, NodeRow | null> | undefined>>)[name]
  if (!loader) throw new Error(`no loader ${name}`)
  return loader
}

/** What has a global id and is no concept of lists. */
const OTHER_NODES = [{ name: 'CustomFieldDefinition', table: 'custom_field_definitions' }]

interface NodeRow {
  readonly id: string
  readonly deletedAt?: string | null
}

/** Records by their ids, in the order of the ids; null where the tenant has none, or `deleted` doesn't ask for such. */
async function loadNodes(
  ids: readonly string[],
  deleted: DeletedRecords | null | undefined,
  { scope, services, loaders }: GraphQLContext,
) {
  const states = statesOf(scope, deleted)
  const types = await findNodeTypes(scope, services.database, ids, OTHER_NODES)
  return Promise.all(
    ids.map(async (id) => {
      if (id === scope.tenantId) {
        return rowInState({ ...scope.principal.tenant, __typename: 'Tenant' as const, deletedAt: null }, states)
      }
      const type = types.get(id)
      const row = type ? rowInState(await loaderOf(loaders, type).load(id), states) : null
      return row && { ...row, __typename: type }
    }),
  )
}

export const nodeResolvers = {
  Query: {
    node: async (_, { id, deleted }, context) => (await loadNodes([id], deleted, context))[0] ?? null,
    nodes: (_, { ids, deleted }, context) => loadNodes(ids, deleted, context),
  },
} as Resolvers
