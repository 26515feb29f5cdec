import type { Resolvers } from '../../generated/graphql.js'
import * as service from './user.service.js'

export const userResolvers = {
  Query: {
    me: (_, _args, { scope }) => scope.principal,
    users: (_, page, { scope, services, loaders }) =>
      service.listUsers(scope, services, page, (id) => loaders.userById.load(id)),
  },
  Mutation: {
    createUser: (_, { input }, { scope, services }) => service.createUser(scope, services.database, input),
    renameUser: (_, { input }, { scope, services }) => service.renameUser(scope, services.database, input),
  },
  Me: {
    user: ({ userId }, _, { loaders }) => (userId === null ? null : loaders.userById.load(userId)),
  },
} satisfies Resolvers
