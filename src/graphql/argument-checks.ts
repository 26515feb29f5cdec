import {
  getArgumentValues,
  getDirectiveValues,
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
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { requireDeletedRole, type DeletedRecords } from '../access/deleted-records.js'
import { looksLikeCursor } from '../lib/cursor.js'
import { AppError } from '../lib/errors.js'
import type { Role } from '../lib/principal.js'
import { isUuid } from '../lib/uuid.js'
import { countCodePoints } from '../lib/value/text.js'
import type { FilterRules } from '../list/filter.js'
import { checkListArguments } from '../list/list-query.js'

const MAX_LIST_ITEMS = 250

/** What arguments are held against: beside the rules of filters, the role of who asks; null for nobody. */
export interface ArgumentRules extends FilterRules {
  readonly role: Role | null
}

/**
 * Refuses argument values that no row is needed for, before anything runs. The schema says what is checked:
 *
 * | in the schema                     | checked                                             |
 * | --------------------------------- | --------------------------------------------------- |
 * | `@range(min: 0, max: 200)`        | the number                                          |
 * | `@length(max: 200)`               | characters of a text, values of a list; of a field  |
 * |                                   | of an input, values of a list: 250 where not said   |
 * | `@cursor`                         | the form of a cursor                                |
 * | a field of type ContactConnection | sides of the page, filter and order                 |
 * | an argument of DeletedRecords     | the role                                            |
 * | ID                                | the form of an id                                   |
 * | String                            | NUL bytes and lone surrogates, but not in what a    |
 * |                                   | mutation is given: there they are user errors as    |
 * |                                   | other control characters are                        |
 *
 * `variables` fit their types and have their defaults. Returns the arguments of each field that has some.
 * @throws BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR, with the path in `extensions.field`
 */
export function checkArguments(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  rules: ArgumentRules,
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
  readonly rules: ArgumentRules
  readonly args: Map<FieldNode, Readonly<Record<string, unknown>>>
}

function walk(way: Walk, parent: GraphQLCompositeType, selectionSet: SelectionSetNode): void {
  const { schema, fragments, seen, variables } = way
  for (const selection of selectionSet.selections) {
    if (selection.directives?.length) checkDirectives(selection, variables)
    if (selection.kind === Kind.FIELD) {
      const field = isUnionType(parent) ? undefined : parent.getFields()[selection.name.value]
      if (!field) continue
      checkField(way, field, selection, parent === schema.getMutationType())
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

type Field = GraphQLField<unknown, unknown>

function checkField(way: Walk, field: Field, node: FieldNode, isMutation: boolean): void {
  const { args } = field
  if (args.length === 0) return
  const name = node.alias?.value ?? node.name.value
  const values = readValues([name], () => getArgumentValues({ args } as never, node, way.variables))
  way.args.set(node, values)
  for (const arg of args) {
    const value = values[arg.name]
    if (value === undefined || value === null) continue
    const place = [name, arg.name]
    checkLimits(limitsOf(way.schema, arg), value, place)
    if (getNamedType(arg.type).name === 'DeletedRecords' && way.rules.role !== null) {
      requireDeletedRole(way.rules.role, value as DeletedRecords, place)
    }
    checkValue(way.schema, arg.type, value, place, !isMutation)
  }
  checkList(way.rules, field, values, name)
}

/** A connection of a concept is a list of it: `ContactConnection`. */
function checkList(rules: FilterRules, { type }: Field, values: Record<string, unknown>, name: string): void {
  const [, of] = /^(.+)Connection$/.exec(getNamedType(type).name) ?? []
  const concept = rules.registry.concepts.find((known) => known.name === of)
  if (concept) checkListArguments(rules, concept, values, [name])
}

/** What the directives of an argument say of its values. */
interface ArgumentLimits {
  readonly range: { readonly min: number; readonly max: number } | undefined
  readonly length: { readonly max: number } | undefined
  readonly isCursor: boolean
}

// The arguments of a schema never change.
const limitsByArgument = new WeakMap<GraphQLArgument | GraphQLInputField, ArgumentLimits>()

function limitsOf(schema: GraphQLSchema, arg: GraphQLArgument | GraphQLInputField): ArgumentLimits {
  const known = limitsByArgument.get(arg)
  if (known) return known
  const read = (name: string): unknown => {
    const directive = schema.getDirective(name)
    return directive && arg.astNode ? getDirectiveValues(directive, arg.astNode) : undefined
  }
  const limits = {
    range: read('range') as ArgumentLimits['range'],
    length: read('length') as ArgumentLimits['length'],
    isCursor: read('cursor') !== undefined,
  }
  limitsByArgument.set(arg, limits)
  return limits
}

function checkLimits({ range, length, isCursor }: ArgumentLimits, value: unknown, place: readonly string[]): void {
  const name = place.at(-1) ?? ''
  if (range && (Number(value) < range.min || Number(value) > range.max)) {
    refuse(place, `${name} must be between ${range.min} and ${range.max}, not ${String(value)}.`)
  }
  if (length && Array.isArray(value) && value.length > length.max) {
    refuse(place, `At most ${length.max} ${name} may be given, not ${value.length}.`)
  }
  if (length && typeof value === 'string' && countCodePoints(value) > length.max) {
    refuse(place, `${name} has at most ${length.max} characters.`)
  }
  if (isCursor && !looksLikeCursor(String(value))) {
    throw new AppError('INVALID_CURSOR', 'The cursor is not one of this list.', {
      extensions: { field: place.join('.') },
    })
  }
}

function refuse(place: readonly (string | number)[], message: string): never {
  throw new AppError('BAD_USER_INPUT', message, { extensions: { field: place.join('.') } })
}

function checkValue(
  schema: GraphQLSchema,
  type: GraphQLInputType,
  value: unknown,
  place: readonly (string | number)[],
  isTextChecked: boolean,
  maxItems = MAX_LIST_ITEMS,
): void {
  if (value === undefined || value === null) return
  if (isNonNullType(type)) return checkValue(schema, type.ofType, value, place, isTextChecked, maxItems)
  if (isListType(type)) {
    const { length } = value as unknown[]
    // Before any item is looked at: 100,000 bad e-mails took 2.8 s and 6.9 MB of user errors.
    if (length > maxItems) refuse(place, `At most ${maxItems} values may be given, not ${length}.`)
    for (const [index, item] of (value as unknown[]).entries())
      checkValue(schema, type.ofType, item, [...place, index], isTextChecked)
    return
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields()
    for (const [name, item] of Object.entries(value)) {
      const field = fields[name]
      if (!field) continue
      checkValue(schema, field.type, item, [...place, name], isTextChecked, limitsOf(schema, field).length?.max)
    }
    return
  }
  if (typeof value !== 'string') return
  if (type.name === 'ID' && !isUuid(value)) refuse(place, 'An id is a UUID.')
  if (!isTextChecked) return
  if (value.includes('\0')) refuse(place, 'A text must not contain NUL characters.')
  if (!value.isWellFormed()) refuse(place, 'A text must be well-formed Unicode: it has half a surrogate pair.')
}
