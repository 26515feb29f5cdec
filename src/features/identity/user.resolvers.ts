import type { Resolvers } from '../../generated/graphql.js'
import * as service from './user.service.js'

export const userResolvers = {
  Query: {
    me: (_, _args, { scope }) => scope.principal,
    users: (_, page, { scope, house, loaders }) =>
      service.listUsers(scope, house, page, (id) => loaders.userById.load(id)),
  },
  Mutation: {
    createUser: (_, { input }, { scope, house }) => service.createUser(scope, house.database, input),
    renameUser: (_, { input }, { scope, house }) => service.renameUser(scope, house.database, input),
  },
  Me: {
    user: ({ userId }, _, { loaders }) => (userId === null ? null : loaders.userById.load(userId)),
  },
} satisfies Resolvers
