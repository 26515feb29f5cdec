import type { GraphQLFieldResolver } from 'graphql'
import { companyResolvers } from '../features/company/company.resolvers.js'
import { contactResolvers } from '../features/contact/contact.resolvers.js'
import { contactInfoResolvers } from '../features/contact-info/contact-info.resolvers.js'
import { userResolvers } from '../features/identity/user.resolvers.js'
import { connectionResolvers } from './connection.resolvers.js'
import type { GraphQLContext } from './context.js'
import { clearLoaders } from './loaders.js'
import { nodeResolvers } from './node.resolvers.js'
import { payloadResolvers } from './payload.resolvers.js'
import { scalars } from './scalars.js'

type Fields = Record<string, GraphQLFieldResolver<unknown, GraphQLContext>>

// A mutation's own selection, and the next mutation of the document, must see what it wrote.
function forgetting(mutations: object): Fields {
  const wrap =
    (resolve: GraphQLFieldResolver<unknown, GraphQLContext>): GraphQLFieldResolver<unknown, GraphQLContext> =>
    async (parent, args, context, info) => {
      try {
        return await resolve(parent, args, context, info)
      } finally {
        clearLoaders(context.loaders)
      }
    }
  return Object.fromEntries(Object.entries(mutations as Fields).map(([name, resolve]) => [name, wrap(resolve)]))
}

/** The resolvers of all features, in the one list; what two of them say of one type is merged. */
export function createResolvers(): Record<string, object> {
  const parts: Record<string, object>[] = [
    nodeResolvers,
    userResolvers,
    contactInfoResolvers,
    companyResolvers,
    contactResolvers,
    payloadResolvers,
    connectionResolvers,
    scalars,
  ]
  const merged: Record<string, object> = {}
  for (const part of parts) {
    for (const [type, fields] of Object.entries(part)) {
      merged[type] = type in scalars ? fields : { ...merged[type], ...fields }
    }
  }
  return { ...merged, Mutation: forgetting(merged['Mutation'] ?? {}) }
}
