import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  typeFromAST,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** What decides which fields of a document are selected. */
export interface Selecting {
  readonly schema: GraphQLSchema
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  /** the variables that `@skip` and `@include` ask for; others are of no matter here */
  readonly conditions: Readonly<Record<string, unknown>>
}

/**
 * The fields that are selected of an object of a type, by their name in the answer, in the order of the answer; each
 * with all its nodes, whose own selections count together. `{ a { b } … on T { a { c } } }` gives `a` with two nodes.
 * @throws GraphQLError where a condition is no boolean
 */
export function collectFields(
  selecting: Selecting,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): Map<string, [FieldNode, ...FieldNode[]]> {
  const fields = new Map<string, [FieldNode, ...FieldNode[]]>()
  const spread = new Set<string>()
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD && spread.has(selection.name.value)) continue
      if (isLeftOut(selection, selecting.conditions)) continue
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value
        const nodes = fields.get(key)
        if (nodes) nodes.push(selection)
        else fields.set(key, [selection])
        continue
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) spread.add(selection.name.value)
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : selecting.fragments[selection.name.value]
      if (fragment && isOfType(selecting.schema, fragment, type)) collect(fragment.selectionSet)
    }
  }
  for (const selectionSet of selectionSets) collect(selectionSet)
  return fields
}

/** Whether a field or a fragment is left out by `@skip` or `@include`. @throws GraphQLError where a condition is no boolean */
export function isLeftOut(selection: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (!selection.directives?.length) return false
  if (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] === true) return true
  return getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] === false
}

function isOfType(
  schema: GraphQLSchema,
  { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  type: GraphQLObjectType,
): boolean {
  if (!typeCondition) return true
  const condition = typeFromAST(schema, typeCondition)
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type))
}

/** The names of the variables that conditions of fields and fragments ask for, anywhere in `selectionSets`. */
export function conditionVariables(selectionSets: readonly SelectionSetNode[]): string[] {
  const names = new Set<string>()
  const readDirective = ({ name, arguments: args = [] }: DirectiveNode): void => {
    if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return
    for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
  }
  const read = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      selection.directives?.forEach(readDirective)
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) read(selection.selectionSet)
    }
  }
  selectionSets.forEach(read)
  return [...names]
}
