import {
  Kind,
  parse,
  visit,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql'

// The places that take an id, found a second way, so that the walk of id-positions.ts can be held against them. That
// one goes down the built schema from each root field; this one reads the text of the schema, goes up from each field
// of type ID to the arguments that lead to it, and takes the ways through filters from the list of all ways.

/** One place of the API that takes an id. */
export interface SchemaPlace {
  readonly root: 'Query' | 'Company' | 'Mutation'
  readonly field: string
  /** as placeOf names it: `Company.contacts filter.id.eq` */
  readonly name: string
  /** whether it stands in the filter of a list */
  readonly isFiltered: boolean
  /** the version that stands beside it */
  readonly version: 'version' | 'ownerVersion' | null
}

/** A field of an input type, or an argument: what it is called in a path, `ids[]` for a list, and its type's name. */
interface Slot {
  readonly name: string
  readonly type: string
}

/** The types of a schema by name, as its text has them. */
interface Definitions {
  readonly inputs: ReadonlyMap<string, readonly Slot[]>
  readonly arguments: readonly (Slot & Pick<SchemaPlace, 'root' | 'field'>)[]
}

/** How many arguments and input fields of a type a schema's text has. */
export function countInputValues(schemaText: string, type: string): number {
  let count = 0
  visit(parse(schemaText), {
    InputValueDefinition(node) {
      if (nameOf(node.type) === type) count++
    },
  })
  return count
}

/** The names of a type's fields, in the order of the schema's text. */
export function fieldNames(schemaText: string, type: string): string[] {
  const definition = parse(schemaText).definitions.find(
    (node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === type,
  )
  return (definition?.fields ?? []).map((field) => field.name.value)
}

/** Every place that takes an id: first those outside of filters, then those in them. */
export function schemaPlaces(schemaText: string): SchemaPlace[] {
  const definitions = readDefinitions(schemaText)
  const place = (root: SchemaPlace['root'], field: string, path: string, more: Partial<SchemaPlace>): SchemaPlace => ({
    root,
    field,
    name: `${root === 'Company' ? 'Company.' : ''}${field} ${path}`,
    isFiltered: false,
    version: null,
    ...more,
  })
  const plain = definitions.arguments
    .filter(({ type }) => type === 'ID')
    .map(({ root, field, name }) => place(root, field, name, {}))
  const nested = [...definitions.inputs].flatMap(([type, slots]) =>
    slots
      .filter((slot) => slot.type === 'ID' && type !== 'IDFilter')
      .flatMap((slot) =>
        waysTo(definitions, type).map(({ root, field, path }) =>
          place(root, field, `${path}.${slot.name}`, { version: versionBeside(slots, slot.name) }),
        ),
      ),
  )
  const filtered = definitions.arguments
    .filter(({ type }) => isFilter(definitions, type))
    .flatMap(({ root, field, name, type }) =>
      filterPaths(definitions, type).map((path) => place(root, field, `${name}${path}`, { isFiltered: true })),
    )
  return [...plain, ...nested, ...filtered]
}

/**
 * The arguments that an input type is reached from, each with the path to it, going up through the types that have it.
 */
function waysTo(definitions: Definitions, type: string): (Pick<SchemaPlace, 'root' | 'field'> & { path: string })[] {
  const direct = definitions.arguments
    .filter((argument) => argument.type === type)
    .map(({ root, field, name }) => ({ root, field, path: name }))
  const through = [...definitions.inputs].flatMap(([outer, slots]) =>
    slots
      .filter((slot) => slot.type === type)
      .flatMap((slot) => waysTo(definitions, outer).map((way) => ({ ...way, path: `${way.path}.${slot.name}` }))),
  )
  return [...direct, ...through]
}

/** The id of a record has its own version beside it; that of contact info, and of its owner, the owner's. */
function versionBeside(slots: readonly Slot[], name: string): SchemaPlace['version'] {
  const has = (version: string): boolean => slots.some((slot) => slot.name === version)
  if (name === 'id' && has('version')) return 'version'
  return ['id', 'ownerId'].includes(name) && has('ownerVersion') ? 'ownerVersion' : null
}

/**
 * The paths in a filter that take an id. All ways from it to other filters are listed, by their length and then in the
 * schema's order; the first that ends at a type stands for it, with all operators of all its ids. Any other way that
 * goes on from one of those stands for itself, with `eq` on the first id of where it ends.
 */
function filterPaths(definitions: Definitions, root: string): string[] {
  const firstWays = new Map([[root, '']])
  let ways = [{ type: root, path: '' }]
  for (let found = -1; found !== firstWays.size;) {
    found = firstWays.size
    ways = ways.flatMap((way) =>
      leads(definitions, way.type).map(({ name, type }) => ({ type, path: way.path + name })),
    )
    for (const { type, path } of ways) if (!firstWays.has(type)) firstWays.set(type, path)
  }
  const operators = (definitions.inputs.get('IDFilter') ?? []).filter(({ type }) => type === 'ID')
  const idsOf = (type: string): Slot[] =>
    (definitions.inputs.get(type) ?? []).filter((slot) => slot.type === 'IDFilter')
  return [...firstWays].flatMap(([type, path]) => [
    ...idsOf(type).flatMap((id) => operators.map((operator) => `${path}.${id.name}.${operator.name}`)),
    ...leads(definitions, type)
      .map((lead) => ({ ids: idsOf(lead.type), type: lead.type, path: path + lead.name }))
      .filter((lead) => firstWays.get(lead.type) !== lead.path)
      .flatMap((lead) => lead.ids.slice(0, 1).map((id) => `${lead.path}.${id.name}.eq`)),
  ])
}

/** The filters one step on from a filter: `.company`, `.and[]`, `.contacts.some`. */
function leads(definitions: Definitions, type: string): Slot[] {
  return (definitions.inputs.get(type) ?? []).flatMap((slot) => {
    if (isFilter(definitions, slot.type)) return [{ name: `.${slot.name}`, type: slot.type }]
    return (definitions.inputs.get(slot.type) ?? [])
      .filter((inner) => isFilter(definitions, inner.type))
      .map((inner) => ({ name: `.${slot.name}.${inner.name}`, type: inner.type }))
  })
}

/** Filters of records are the types that can be negated. */
function isFilter({ inputs }: Definitions, type: string): boolean {
  return inputs.get(type)?.some((slot) => slot.name === 'not' && slot.type === type) ?? false
}

function readDefinitions(schemaText: string): Definitions {
  const { definitions } = parse(schemaText)
  const inputs = definitions.filter(
    (node): node is InputObjectTypeDefinitionNode => node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION,
  )
  const roots = definitions.filter(
    (node): node is ObjectTypeDefinitionNode & { name: { value: SchemaPlace['root'] } } =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && ['Query', 'Company', 'Mutation'].includes(node.name.value),
  )
  return {
    inputs: new Map(inputs.map(({ name, fields = [] }) => [name.value, fields.map(slotOf)])),
    arguments: roots.flatMap(({ name, fields = [] }) =>
      fields.flatMap((field) =>
        (field.arguments ?? []).map((argument) => ({
          root: name.value,
          field: field.name.value,
          ...slotOf(argument),
        })),
      ),
    ),
  }
}

function slotOf({ name, type }: InputValueDefinitionNode): Slot {
  return { name: `${name.value}${isList(type) ? '[]' : ''}`, type: nameOf(type) }
}

function isList(type: TypeNode): boolean {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type))
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type)
}
