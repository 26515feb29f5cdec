import type { Resolvers } from '../../generated/graphql.js'
import { connectionResolvers } from '../../list/connection.resolvers.js'
import { recordPayload } from '../../records/record.resolvers.js'
import type { UserRow } from './user.columns.js'
import * as service from './user.service.js'

const payload = recordPayload<'user', UserRow>('user')

export const userResolvers = {
  Query: {
    me: (_, _args, { scope }) => scope.principal,
    users: (_, page, { scope, services, loaders }) => service.listUsers(scope, services, page, loaders.userById),
  },
  Mutation: {
    createUser: (_, { input }, { scope, services }) => service.createUser(scope, services.database, input),
    renameUser: (_, { input }, { scope, services }) => service.updateUser(scope, services.database, input),
    updateUser: (_, { input }, { scope, services }) => service.updateUser(scope, services.database, input),
    deactivateUser: (_, { input }, { scope, services }) => service.deactivateUser(scope, services.database, input),
    reactivateUser: (_, { input }, { scope, services }) => service.reactivateUser(scope, services.database, input),
  },
  CreateUserPayload: payload,
  RenameUserPayload: payload,
  UpdateUserPayload: payload,
  DeactivateUserPayload: payload,
  ReactivateUserPayload: payload,
  UserConnection: connectionResolvers<UserRow>(),
  Me: {
    user: ({ userId }, _, { loaders }) => (userId === null ? null : loaders.userById.get(userId)),
  },
} satisfies Resolvers
