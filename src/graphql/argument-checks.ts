import {
  getNamedType,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { getArgumentValues, getDirectiveValues } from 'graphql/execution/values.js'
import { looksLikeCursor } from '../lib/cursor.js'
import { AppError } from '../lib/errors.js'
import { isUuid } from '../lib/uuid.js'
import type { FilterRules } from '../list/filter.js'
import { checkListArguments, checkSearchText, MAX_PAGE_SIZE } from '../list/list-query.js'

const MAX_NODE_IDS = 200
const MAX_COUNT = 1_000_000
const MAX_LIST_ITEMS = 250

/**
 * Refuses argument values that no row is needed for, before anything runs: pages, filters and orders of lists, the form of
 * ids and cursors, NUL bytes and lone surrogates anywhere in a text. `variables` fit their types and have their defaults.
 * Returns the arguments of each field that has some.
 * @throws BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR, with the path in `extensions.field`
 */
export function checkArguments(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  rules: FilterRules,
): ReadonlyMap<FieldNode, Readonly<Record<string, unknown>>> {
  const root = schema.getRootType(operation.operation)
  const args = new Map<FieldNode, Readonly<Record<string, unknown>>>()
  if (root) walk({ schema, fragments, seen: new Set(), variables, rules, args }, root, operation.selectionSet)
  return args
}

interface Walk {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly seen: Set<string>
  readonly variables: Record<string, unknown>
  readonly rules: FilterRules
  readonly args: Map<FieldNode, Readonly<Record<string, unknown>>>
}

function walk(way: Walk, parent: GraphQLCompositeType, selectionSet: SelectionSetNode): void {
  const { schema, fragments, seen, variables } = way
  for (const selection of selectionSet.selections) {
    if (selection.directives?.length) checkDirectives(selection, variables)
    if (selection.kind === Kind.FIELD) {
      const field = isUnionType(parent) ? undefined : parent.getFields()[selection.name.value]
      if (!field) continue
      checkField(way, field.args, selection)
      const type = getNamedType(field.type)
      if (selection.selectionSet && isCompositeType(type)) walk(way, type, selection.selectionSet)
      continue
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    if (!fragment) continue
    // A fragment has one meaning wherever it is spread, so once is enough; this also bounds fragment bombs.
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (seen.has(selection.name.value)) continue
      seen.add(selection.name.value)
    }
    const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value)
    walk(way, condition && isCompositeType(condition) ? condition : parent, fragment.selectionSet)
  }
}

// A variable that may be null passes validation where it has a default, and is refused by graphql-js without a code.
function readValues<Values>(place: readonly string[], read: () => Values): Values {
  try {
    return read()
  } catch (error) {
    if (error instanceof GraphQLError) refuse(place, error.message)
    throw error
  }
}

function checkDirectives(node: SelectionNode, variables: Record<string, unknown>): void {
  for (const directive of [GraphQLIncludeDirective, GraphQLSkipDirective]) {
    readValues([`@${directive.name}`], () => getDirectiveValues(directive, node, variables))
  }
}

function checkField(way: Walk, args: readonly GraphQLArgument[], node: FieldNode): void {
  if (args.length === 0) return
  const name = node.alias?.value ?? node.name.value
  const values = readValues([name], () => getArgumentValues({ args } as never, node, way.variables))
  way.args.set(node, values)
  for (const arg of args) {
    const value = values[arg.name]
    if (value === undefined || value === null) continue
    const place = [name, arg.name]
    if (arg.name === 'max') checkRange(place, value as number, 1, MAX_COUNT)
    if ((arg.name === 'after' || arg.name === 'before') && !looksLikeCursor(value as string)) {
      throw new AppError('INVALID_CURSOR', 'The cursor is not one of this list.', {
        extensions: { field: place.join('.') },
      })
    }
    if (arg.name === 'ids') checkLength(place, value as unknown[])
    if (arg.name === 'query') checkSearchText(value as string, place)
    checkValue(arg.type, value, place)
  }
  checkList(way.rules, args, values, name)
}

// A field with an order is a list of the concept that the order's type is named after.
function checkList(
  rules: FilterRules,
  args: readonly GraphQLArgument[],
  values: Record<string, unknown>,
  name: string,
): void {
  const order = args.find((arg) => arg.name === 'orderBy')
  const concept = order && rules.registry.concept(getNamedType(order.type).name.replace(/Order$/, ''))
  if (concept) checkListArguments(rules, concept, values, [name])
  else if (typeof values['first'] === 'number') checkRange([name, 'first'], values['first'], 0, MAX_PAGE_SIZE)
}

function refuse(place: readonly (string | number)[], message: string): never {
  throw new AppError('BAD_USER_INPUT', message, { extensions: { field: place.join('.') } })
}

function checkRange(place: readonly string[], value: number, min: number, max: number): void {
  if (value < min || value > max)
    refuse(place, `${place.at(-1) ?? ''} must be between ${min} and ${max}, not ${value}.`)
}

function checkLength(place: readonly string[], ids: readonly unknown[]): void {
  if (ids.length > MAX_NODE_IDS) refuse(place, `At most ${MAX_NODE_IDS} ids may be given, not ${ids.length}.`)
}

function checkValue(type: GraphQLInputType, value: unknown, place: readonly (string | number)[]): void {
  if (value === undefined || value === null) return
  if (isNonNullType(type)) return checkValue(type.ofType, value, place)
  if (isListType(type)) {
    const { length } = value as unknown[]
    // Before any item is looked at: 100,000 bad e-mails took 2.8 s and 6.9 MB of user errors.
    if (length > MAX_LIST_ITEMS) refuse(place, `At most ${MAX_LIST_ITEMS} values may be given, not ${length}.`)
    for (const [index, item] of (value as unknown[]).entries()) checkValue(type.ofType, item, [...place, index])
    return
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields()
    for (const [name, item] of Object.entries(value)) {
      const field = fields[name]
      if (field) checkValue(field.type, item, [...place, name])
    }
    return
  }
  if (typeof value !== 'string') return
  if (type.name === 'ID' && !isUuid(value)) refuse(place, 'An id is a UUID.')
  if (value.includes('\0')) refuse(place, 'A text must not contain NUL characters.')
  if (!value.isWellFormed()) refuse(place, 'A text must be well-formed Unicode: it has half a surrogate pair.')
}
