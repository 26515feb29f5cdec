import {
  GraphQLError,
  isObjectType,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import { inspect } from 'graphql/jsutils/inspect.js'
import type { FieldPlan } from './plan.js'

/**
 * The object type that a value of an interface or a union was found to have by its name.
 * @throws GraphQLError where the name is none, or of no type that is possible there
 */
export function runtimeTypeOf(
  schema: GraphQLSchema,
  abstractType: GraphQLAbstractType,
  { nodes, parentType, field }: FieldPlan,
  name: unknown,
  value: unknown,
): GraphQLObjectType {
  const type = typeof name === 'string' ? schema.getType(name) : undefined
  if (isObjectType(type) && schema.isSubType(abstractType, type)) return type
  const place = `at runtime for field "${parentType.name}.${field.name}"`
  const abstract = `Abstract type "${abstractType.name}"`
  if (name === null || name === undefined) {
    const help = `Either the "${abstractType.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`
    throw new GraphQLError(`${abstract} must resolve to an Object type ${place}. ${help}`, { nodes })
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.',
    )
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(
      `${abstract} must resolve to an Object type ${place} with value ${inspect(value)}, received "${inspect(name)}".`,
    )
  }
  if (!type) {
    throw new GraphQLError(`${abstract} was resolved to a type "${name}" that does not exist inside the schema.`, {
      nodes,
    })
  }
  if (!isObjectType(type)) {
    throw new GraphQLError(`${abstract} was resolved to a non-object type "${name}".`, { nodes })
  }
  throw new GraphQLError(`Runtime Object type "${type.name}" is not a possible type for "${abstractType.name}".`, {
    nodes,
  })
}
