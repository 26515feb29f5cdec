import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionNode, type SelectionSetNode } from 'graphql'

/** What a resolver must know of the document to see what is selected below its field. */
export type FieldInfo = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'schema' | 'variableValues'>

type Fragments = GraphQLResolveInfo['fragments']

// Documents are kept by Apollo, so a field that is asked for again is the same object.
const known = new WeakMap<FieldNode, readonly FieldNode[]>()

/**
 * The fields that are selected for certain on each node of a connection, below `nodes` and `edges { node }`:
 * `id`, `company` of `{ contacts { nodes { id company { name } } } }`. What has a directive, and fragments on a type,
 * may be left out of the answer, and are left out here. `type` is the name of the nodes' type.
 */
export function fieldsOfNodes({ fieldNodes, fragments }: FieldInfo, type: string): readonly FieldNode[] {
  const [field, ...others] = fieldNodes
  // The same list twice under one name: its selections are merged when it runs.
  if (!field || others.length > 0) return []
  const found = known.get(field)
  if (found) return found
  const connection = fieldsOf([field], fragments, null)
  const nodes = [
    ...connection.filter(({ name }) => name.value === 'nodes'),
    ...fieldsOf(
      connection.filter(({ name }) => name.value === 'edges'),
      fragments,
      null,
    ).filter(({ name }) => name.value === 'node'),
  ]
  const fields = fieldsOf(nodes, fragments, type)
  known.set(field, fields)
  return fields
}

/** The same of a field that gives a row itself: `id`, `company` of `{ contact(id: …) { id company { name } } }`. */
export function fieldsOfRow(
  { fieldNodes, fragments }: Pick<FieldInfo, 'fieldNodes' | 'fragments'>,
  type: string,
): readonly FieldNode[] {
  const [field, ...others] = fieldNodes
  if (!field || others.length > 0) return []
  const found = known.get(field) ?? fieldsOf([field], fragments, type)
  known.set(field, found)
  return found
}

/** Whether rows of a connection are selected, not its count or page info alone. */
export function selectsRows(field: FieldNode, { fragments }: FieldInfo): boolean {
  return fieldsOf([field], fragments, null).some(({ name }) => name.value === 'nodes' || name.value === 'edges')
}

const COUNTS = new Set(['totalCount', 'totalCountIsExact', 'estimatedCount'])

/** Whether both rows and a count of a connection are selected. */
export function selectsRowsAndCount({ fieldNodes: [field, ...others], fragments }: FieldInfo): boolean {
  if (!field || others.length > 0) return false
  const names = fieldsOf([field], fragments, null).map(({ name }) => name.value)
  return names.some((name) => COUNTS.has(name)) && names.some((name) => name === 'nodes' || name === 'edges')
}

function fieldsOf(parents: readonly FieldNode[], fragments: Fragments, type: string | null): FieldNode[] {
  return parents.flatMap(({ selectionSet }) => (selectionSet ? fieldsOfSet(selectionSet, fragments, type) : []))
}

function fieldsOfSet({ selections }: SelectionSetNode, fragments: Fragments, type: string | null): FieldNode[] {
  return selections.flatMap((selection) => fieldsOfSelection(selection, fragments, type))
}

function fieldsOfSelection(selection: SelectionNode, fragments: Fragments, type: string | null): FieldNode[] {
  if (selection.directives?.length) return []
  if (selection.kind === Kind.FIELD) return [selection]
  const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value]
  const condition = fragment?.typeCondition?.name.value
  if (!fragment || (condition !== undefined && type !== null && condition !== type)) return []
  return fieldsOfSet(fragment.selectionSet, fragments, type)
}
