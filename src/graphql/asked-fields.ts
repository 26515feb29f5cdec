import {
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

// Apollo keeps documents: most requests find their fields here.
const known = new WeakMap<OperationDefinitionNode, readonly string[]>()

/**
 * The fields that an operation asks for, as `Contact.fullName`, each once; those of introspection are left out. All
 * fragments of the document are taken for the operation's: nearly all documents have one operation.
 */
export function askedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly string[] {
  const found = known.get(operation)
  if (found) return found
  const fields = new Set<string>()
  const types = new TypeInfo(schema)
  const look = visitWithTypeInfo(types, {
    Field: ({ name }) => {
      const parent = types.getParentType()?.name
      if (parent && !parent.startsWith('__') && !name.value.startsWith('__')) fields.add(`${parent}.${name.value}`)
    },
  })
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  for (const definition of [operation, ...fragments]) visit(definition, look)
  const list = [...fields]
  known.set(operation, list)
  return list
}
