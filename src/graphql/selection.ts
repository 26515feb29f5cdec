import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { SelectedFields } from '../concepts/selected-columns.js'

type FieldsByType = Map<string, Set<string>>

// Documents are kept by Apollo, so an operation that is asked again is the same object.
const known = new WeakMap<OperationDefinitionNode, FieldsByType>()

/**
 * The fields of each type that an operation selects anywhere, whatever its directives say. Fields of an interface count
 * for all of its types. `fragments` are those of its document.
 */
export function selectedFields(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectedFields {
  const fields = known.get(operation) ?? collectFields(schema, operation, fragments)
  known.set(operation, fields)
  return (concept) => fields.get(concept) ?? NONE
}

const NONE: ReadonlySet<string> = new Set()

function collectFields(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FieldsByType {
  const fields: FieldsByType = new Map()
  walkFields(schema, operation, fragments, (type, name) => {
    for (const each of isAbstractType(type) ? schema.getPossibleTypes(type) : [type]) {
      const ofType = fields.get(each.name) ?? new Set()
      fields.set(each.name, ofType.add(name))
    }
  })
  return fields
}

/** Calls `add` with each field that an operation selects and the type that it is selected on; a fragment is walked once. */
export function walkFields(
  schema: GraphQLSchema,
  { operation, selectionSet }: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  add: (type: GraphQLCompositeType, name: string) => void,
): void {
  const visited = new Set<string>()
  const walk = (type: GraphQLCompositeType, { selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        add(type, selection.name.value)
        const field = isUnionType(type) ? undefined : type.getFields()[selection.name.value]
        const of = field && getNamedType(field.type)
        if (selection.selectionSet && isCompositeType(of)) walk(of, selection.selectionSet)
        continue
      }
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD
      const fragment = isSpread ? fragments.get(selection.name.value) : selection
      if (!fragment || (isSpread && visited.has(selection.name.value))) continue
      const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value)
      // A fragment has one type wherever it is spread: what it selects is the same each time.
      if (isSpread) visited.add(selection.name.value)
      walk(isCompositeType(condition) ? condition : type, fragment.selectionSet)
    }
  }
  const root = schema.getRootType(operation)
  if (root) walk(root, selectionSet)
}
