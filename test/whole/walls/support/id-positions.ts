import {
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'
import { filterPositions, isRecordFilter } from './filter-positions.js'

/** Where a walked field stands: at a root, or, for its list, on a company. */
export type RootType = 'Query' | 'Company' | 'Mutation'

/** One place in the arguments of a field that takes an id: `input.emailAddresses.update[].id`. */
export interface IdPosition {
  readonly root: RootType
  readonly field: string
  readonly path: string
  /** the version that stands beside the id: of the record itself, or of the one around it */
  readonly version: 'version' | 'ownerVersion' | null
  /** in filters: the type whose ids fit, which are compared with those of rows; null elsewhere */
  readonly filtered: string | null
}

/** The fields of a schema whose arguments are walked, with their types: root fields, and lists below them. */
export function rootFields(schema: GraphQLSchema): { root: RootType; field: GraphQLField<unknown, unknown> }[] {
  return (['Query', 'Company', 'Mutation'] as const).flatMap((root) =>
    fieldsOf(schema, root)
      .filter(({ args }) => root !== 'Company' || args.length > 0)
      .map((field) => ({ root, field })),
  )
}

function fieldsOf(schema: GraphQLSchema, name: string): GraphQLField<unknown, unknown>[] {
  const type = schema.getType(name)
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []
}

/** Every place that takes an id, nested ones too, in the schema's order. */
export function idPositions(schema: GraphQLSchema): IdPosition[] {
  return rootFields(schema).flatMap(({ root, field }) =>
    field.args.flatMap((arg) =>
      positionsIn(arg.type, arg.name, null, []).map((position) => ({ root, field: field.name, ...position })),
    ),
  )
}

type Position = Pick<IdPosition, 'path' | 'version' | 'filtered'>

function positionsIn(
  type: GraphQLInputType,
  path: string,
  version: IdPosition['version'],
  above: readonly string[],
): Position[] {
  if (isNonNullType(type)) return positionsIn(type.ofType, path, version, above)
  if (isListType(type)) return positionsIn(type.ofType, `${path}[]`, version, above)
  if (isInputObjectType(type)) {
    // A filter inside an input is read as that of a list is: tests of bulk and export ask for other tenants' records by it.
    if (isRecordFilter(type)) return above.length === 0 ? filterPositions(type, path) : []
    if (above.includes(type.name)) throw new Error(`${type.name} contains itself and is no filter`)
    const fields = type.getFields()
    const beside = 'version' in fields ? 'version' : 'ownerVersion' in fields ? 'ownerVersion' : null
    const isRecord = (name: string): boolean => name === 'id' || (beside === 'ownerVersion' && name === 'ownerId')
    return Object.values(fields).flatMap((field) =>
      positionsIn(field.type, `${path}.${field.name}`, isRecord(field.name) ? beside : null, [...above, type.name]),
    )
  }
  return type.name === 'ID' ? [{ path, version, filtered: null }] : []
}

/**
 * Every argument and input field of a type, ID unless said, by its coordinate: `Query.node(id:)`, `RenameUserInput.id`.
 */
export function idCoordinates(schema: GraphQLSchema, name = 'ID'): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return []
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => getNamedType(field.type).name === name)
      return fields.map((field) => `${type.name}.${field.name}`)
    }
    return fieldsOf(schema, type.name).flatMap((field) => {
      const args = field.args.filter((arg) => getNamedType(arg.type).name === name)
      return args.map((arg) => `${type.name}.${field.name}(${arg.name}:)`)
    })
  })
}

/** The coordinate of the argument or input field at a position. */
export function coordinateOf(schema: GraphQLSchema, position: IdPosition): string {
  return coordinatesOf(schema, position).at(-1) as string
}

/** The coordinates that lead to a position, from the argument on. */
export function coordinatesOf(schema: GraphQLSchema, { root, field, path }: IdPosition): string[] {
  const [argument = '', ...names] = path.replaceAll('[]', '').split('.')
  const arg = rootFields(schema)
    .find((candidate) => candidate.root === root && candidate.field.name === field)
    ?.field.args.find((candidate) => candidate.name === argument)
  if (!arg) throw new Error(`no argument ${argument} of ${field}`)
  const coordinates = [`${root}.${field}(${argument}:)`]
  let type = getNamedType(arg.type)
  for (const name of names) {
    if (!isInputObjectType(type)) throw new Error(`no input type at ${path}`)
    const inner = type.getFields()[name]
    if (!inner) throw new Error(`no ${type.name}.${name}`)
    coordinates.push(`${type.name}.${name}`)
    type = getNamedType(inner.type)
  }
  return coordinates
}

/** Whether a field answers with a list in pages. */
export function isConnection(type: GraphQLOutputType): boolean {
  return getNamedType(type).name.endsWith('Connection')
}

/** A selection of all fields of a type, `depth` levels of records down; lists of pages are left out. */
export function selectionOf(schema: GraphQLSchema, outputType: GraphQLOutputType, depth: number): string {
  const type = getNamedType(outputType)
  if (isLeafType(type)) return ''
  if (isInterfaceType(type)) {
    // Two types' fields of one name may differ in type, which one answer can't hold: each gets a name of its own.
    const parts = schema.getPossibleTypes(type).map((possible) => {
      const leaves = Object.values(possible.getFields()).filter((field) => isLeafType(getNamedType(field.type)))
      return `... on ${possible.name} { ${leaves.map(({ name }) => `${possible.name}_${name}: ${name}`).join(' ')} }`
    })
    return `{ __typename ${parts.join(' ')} }`
  }
  if (!isObjectType(type)) return ''
  const parts = Object.values(type.getFields()).flatMap((field) => {
    if (isLeafType(getNamedType(field.type))) return [field.name]
    const isRow = field.name !== 'edges' && !field.args.some(isRequiredArgument)
    return depth > 0 && isRow ? [`${field.name} ${selectionOf(schema, field.type, depth - 1)}`] : []
  })
  return `{ ${parts.join(' ')} }`
}
