import type { ApolloServerOptions, BaseContext } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'
import type { Executor } from './executor.js'

type Gateway<Context extends BaseContext> = NonNullable<ApolloServerOptions<Context>['gateway']>

/**
 * What hands Apollo Server a schema together with the executor that runs its operations. It is the one place where
 * Apollo lets others execute and still does all else itself: hooks, errors, the answer.
 */
export function gatewayOf<Context extends BaseContext>(schema: GraphQLSchema, executor: Executor): Gateway<Context> {
  let tell: Parameters<Gateway<Context>['onSchemaLoadOrUpdate']>[0] | undefined
  return {
    onSchemaLoadOrUpdate(callback) {
      tell = callback
      return () => undefined
    },
    load() {
      tell?.({ apiSchema: schema, coreSupergraphSdl: '' })
      return Promise.resolve({
        executor: async ({ document, request, context }) =>
          executor({ document, operationName: request.operationName, variables: request.variables, context }),
      })
    },
    stop: () => Promise.resolve(),
  }
}
