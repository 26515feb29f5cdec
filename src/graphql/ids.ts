import { isInputObjectType, isListType, isNonNullType, type GraphQLInputType, type GraphQLResolveInfo } from 'graphql'

/**
 * A field's arguments with every id in small letters, as the database prints it, however deep it stands: below this
 * ids are compared as texts.
 */
export function withPlainIds<Arguments extends object>(args: Arguments, info: GraphQLResolveInfo): Arguments {
  const field = info.parentType.getFields()[info.fieldName]
  const types = new Map(field?.args.map((arg) => [arg.name, arg.type]))
  return mapEntries(args, (name, value) => plainIds(types.get(name), value)) as Arguments
}

function plainIds(type: GraphQLInputType | undefined, value: unknown): unknown {
  if (!type || value === null || value === undefined) return value
  if (isNonNullType(type)) return plainIds(type.ofType, value)
  if (isListType(type)) return (value as unknown[]).map((item) => plainIds(type.ofType, item))
  if (isInputObjectType(type)) {
    const fields = type.getFields()
    return mapEntries(value, (name, item) => plainIds(fields[name]?.type, item))
  }
  return type.name === 'ID' && typeof value === 'string' ? value.toLowerCase() : value
}

function mapEntries(object: object, map: (name: string, value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(name, value)]))
}
