import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { fragmentsOf } from './fragments.js'
import { walkFields } from './selection.js'

// Apollo keeps documents: most requests find their fields here.
const known = new WeakMap<OperationDefinitionNode, readonly string[]>()

/** The fields that an operation asks for, as `Contact.fullName`, each once; those of introspection are left out. */
export function askedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly string[] {
  const found = known.get(operation)
  if (found) return found
  const fields = new Set<string>()
  walkFields(schema, operation, fragmentsOf(document), (type, name) => {
    if (!name.startsWith('__') && !type.name.startsWith('__')) fields.add(`${type.name}.${name}`)
  })
  const list = [...fields]
  known.set(operation, list)
  return list
}
