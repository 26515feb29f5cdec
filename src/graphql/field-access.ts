import {
  defaultFieldResolver,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'
import { hiddenMessage } from '../access/visible-fields.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import { AppError } from '../lib/errors.js'
import type { GraphQLContext } from './context.js'
import { guardedResolver } from './executor/field-guard.js'

type Resolver = GraphQLFieldResolver<unknown, GraphQLContext>
type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>

/**
 * The resolvers of all fields of the concepts' types. Each asks first whether the principal may see the field, and
 * takes what it gives from the request's budget. What is hidden reads as nothing, by its type:
 *
 * | type of the field                    | answer                        |
 * | ------------------------------------ | ----------------------------- |
 * | `annualRevenue: Decimal`             | null                          |
 * | `emailAddresses: [EmailAddress!]!`   | an empty list                 |
 * | `name: String!`                      | an error with code FORBIDDEN  |
 *
 * `schema` is the one of the file, `resolvers` what the features say of these fields.
 */
export function fieldResolvers(
  schema: GraphQLSchema,
  concepts: readonly ConceptFields[],
  resolvers: Resolvers,
): Record<string, Record<string, Resolver>> {
  return Object.fromEntries(
    concepts.map(({ name: concept }) => {
      const type = schema.getType(concept)
      if (!isObjectType(type)) throw new Error(`no type ${concept} in the schema`)
      const fields = Object.entries(type.getFields()).map(([name, field]): [string, Resolver] => {
        const own = resolvers[concept]?.[name]
        const resolve = own ?? defaultFieldResolver
        const hidden = hiddenValue(field.type, concept, name)
        const guard = {
          isVisible: ({ scope }: GraphQLContext) => scope.access.maySee(concept, name),
          hidden,
          spend: ({ budget }: GraphQLContext, key: string, value: unknown) => {
            // A row has null where there is nothing: this column wasn't read, which must not pass for null.
            if (value === undefined && !own) throw new Error(`the column of ${concept}.${name} was not read`)
            budget.spend(key, value)
          },
          resolve,
        }
        return [name, guardedResolver(guard)]
      })
      return [concept, Object.fromEntries(fields)]
    }),
  )
}

function hiddenValue(type: GraphQLOutputType, concept: string, field: string): () => unknown {
  if (!isNonNullType(type)) return () => null
  if (isListType(type.ofType)) return () => []
  return () => {
    throw new AppError('FORBIDDEN', hiddenMessage(concept, field))
  }
}
