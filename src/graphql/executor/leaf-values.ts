import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  type GraphQLLeafType,
} from 'graphql'
import { inspect } from 'graphql/jsutils/inspect.js'

/** Turns what a resolver gave for a scalar or an enum into what the answer says. @throws Error where it doesn't fit */
export type Serialize = (value: unknown) => unknown

const MAX_INT = 2 ** 31 - 1
const MIN_INT = -(2 ** 31)

/**
 * The serializer of a type: the usual forms of the built-in scalars pass at once, names of enums are looked up, all
 * else is left to the type. It never gives null or undefined.
 */
export function serializerOf(type: GraphQLLeafType): Serialize {
  const serialize: Serialize = (value) => {
    const serialized: unknown = type.serialize(value)
    if (serialized !== null && serialized !== undefined) return serialized
    const call = `\`${inspect(type)}.serialize(${inspect(value)})\``
    throw new Error(`Expected ${call} to return non-nullable value, returned: ${inspect(serialized)}`)
  }
  if (isEnumType(type)) {
    const names = new Map<unknown, string>(type.getValues().map(({ name, value }) => [value, name]))
    return (value) => names.get(value) ?? serialize(value)
  }
  switch (type) {
    case GraphQLString:
    case GraphQLID:
      return (value) => (typeof value === 'string' ? value : serialize(value))
    case GraphQLBoolean:
      return (value) => (typeof value === 'boolean' ? value : serialize(value))
    case GraphQLFloat:
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? value : serialize(value))
    case GraphQLInt:
      return (value) =>
        Number.isInteger(value) && (value as number) <= MAX_INT && (value as number) >= MIN_INT
          ? value
          : serialize(value)
    default:
      return serialize
  }
}
