import { buildSchema, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'
import { createResolvers } from './resolvers.js'
import { serializeScalars } from './scalars.js'

/**
 * The schema of the text with the resolvers of all features and what scalars write.
 * @throws Error where a resolver is of a type or a field that the schema doesn't have
 */
export function createSchema(typeDefs: string): GraphQLSchema {
  // Without the places of its parts in the text, which take 3 MB; and without a look at its rules, 0.1 s of each start: tests
  // build it with them, and generated types can't be made of a text that breaks one.
  const schema = buildSchema(typeDefs, { noLocation: true, assumeValidSDL: true })
  serializeScalars(schema)
  for (const [typeName, resolvers] of Object.entries(createResolvers(schema))) {
    const type = schema.getType(typeName)
    if (isInterfaceType(type) && '__resolveType' in resolvers) {
      type.resolveType = resolvers.__resolveType as unknown as NonNullable<typeof type.resolveType>
      continue
    }
    if (!isObjectType(type)) throw new Error(`Resolvers of ${typeName}, which is no object type of the schema.`)
    for (const [name, resolve] of Object.entries(resolvers)) {
      const field = type.getFields()[name]
      if (!field) throw new Error(`A resolver of ${typeName}.${name}, which the schema doesn't have.`)
      field.resolve = resolve as NonNullable<typeof field.resolve>
    }
  }
  return schema
}
