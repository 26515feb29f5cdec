import { requirePermission } from '../access/permissions.js'
import { buildSchema, type GraphQLFieldResolver } from 'graphql'
import { companyResolvers } from '../features/company/company.resolvers.js'
import { contactResolvers } from '../features/contact/contact.resolvers.js'
import { contactInfoResolvers } from '../features/contact-info/contact-info.resolvers.js'
import { definitionResolvers } from '../features/custom-field/definition.resolvers.js'
import { customValueResolvers } from '../features/custom-field/custom-value.resolvers.js'
import { userResolvers } from '../features/identity/user.resolvers.js'
import { tenantResolvers } from '../features/tenant/tenant.resolvers.js'
import { searchResolvers } from '../search/search.resolvers.js'
import type { GraphQLContext } from './context.js'
import { withPlainIds } from './ids.js'
import { CONCEPTS } from './features.js'
import { fieldResolvers } from './field-access.js'
import { clearLoaders } from './loaders.js'
import { nodeResolvers } from './node.resolvers.js'
import { createScalars } from './scalars.js'

type Resolver = GraphQLFieldResolver<unknown, GraphQLContext>

function wrapAll(resolvers: object, wrap: (resolve: Resolver) => Resolver): Record<string, Resolver> {
  const entries = Object.entries(resolvers as Record<string, Resolver>)
  return Object.fromEntries(entries.map(([name, resolve]) => [name, wrap(resolve)]))
}

// Ids come in through root fields alone; and each root field is an operation that needs a role.
const admit =
  (resolve: Resolver): Resolver =>
  (parent, args, context, info) => {
    requirePermission(context.scope, info.fieldName)
    return resolve(parent, withPlainIds(args, info), context, info)
  }

// A mutation's own selection, and the next mutation of the document, must see what it wrote.
const forget =
  (resolve: Resolver): Resolver =>
  async (parent, args, context, info) => {
    try {
      return await resolve(parent, args, context, info)
    } finally {
      clearLoaders(context.loaders)
    }
  }

/**
 * The resolvers of all features, in the one list; what two of them say of one type is merged. `typeDefs` is the text of
 * the schema.
 */
export function createResolvers(typeDefs: string): Record<string, object> {
  const schema = buildSchema(typeDefs)
  const scalars = createScalars(schema)
  const parts: Record<string, object>[] = [
    nodeResolvers,
    userResolvers,
    tenantResolvers,
    definitionResolvers,
    customValueResolvers,
    contactInfoResolvers,
    companyResolvers,
    contactResolvers,
    searchResolvers,
    scalars,
  ]
  const merged: Record<string, object> = {}
  for (const part of parts) {
    for (const [type, fields] of Object.entries(part)) {
      merged[type] = type in scalars ? fields : { ...merged[type], ...fields }
    }
  }
  return {
    ...merged,
    ...fieldResolvers(schema, CONCEPTS, merged as never),
    Query: wrapAll(merged['Query'] ?? {}, admit),
    Mutation: wrapAll(merged['Mutation'] ?? {}, (resolve) => forget(admit(resolve))),
  }
}
