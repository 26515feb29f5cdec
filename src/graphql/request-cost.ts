import {
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { DEFAULT_MAX_COUNT } from '../list/connection.js'
import { DEFAULT_PAGE_SIZE } from '../list/list-query.js'
import { isLeftOut } from './executor/collect-fields.js'

/*
 * What a request may cost, told from its document and its variables before any of it runs. The unit is one object of
 * the answer, about a kilobyte of it.
 *
 * | selected                               | cost                                              |
 * | -------------------------------------- | ------------------------------------------------- |
 * | an object: `company { … }`             | 1, and what is selected of it                     |
 * | `nodes` or `edges` of a page           | as many objects as `first` or `last` says, else 50 |
 * | `emailAddresses` and the like, matches | 3 objects                                         |
 * | `customFields` and definitions         | 10 objects                                        |
 * | `nodes(ids: …)`                        | as many objects as ids                            |
 * | a bulk mutation                        | 1 for each row of its input                       |
 * | `results` of one                       | as many objects as it has rows                    |
 * | a count                                | 1 for each 1,000 rows that it may count           |
 * | a search                               | 100                                               |
 * | a text of up to 65,536 characters      | 5                                                 |
 * | a value under another name             | 0.1                                               |
 * | any other value                        | nothing                                           |
 *
 * `{ contacts(first: 200) { nodes { firstName notes company { name } } } }` costs 1 + 200 × (1 + 5 + 1) = 1,401.
 * A fragment counts each time it is spread, and a field as often as it stands there.
 */

/** What a request comes to. */
export interface RequestSize {
  readonly cost: number
  /** levels of selections; introspection fields don't count */
  readonly depth: number
  /** the same of introspection fields alone */
  readonly introspectionDepth: number
  /** fields that have another name in the answer */
  readonly aliases: number
  readonly rootFields: number
  /** the page whose size makes most of the cost; null where none does */
  readonly page: CostlyPage | null
}

/** A page of the request that no other page is around. */
export interface CostlyPage {
  /** where it stands in the answer: `company.contacts` */
  readonly field: string
  /** rows that it asks for */
  readonly size: number
  /** what each of its rows costs */
  readonly rowCost: number
}

const CONTACT_INFO_ROWS = 3
const CUSTOM_VALUES = 10
const MATCHES = 3
const ROWS_PER_COUNT_UNIT = 1000
const SEARCH_COST = 100
const LONG_TEXT_COST = 5
const ALIAS_COST = 0.1
const COUNTS = new Set(['totalCount', 'totalCountIsExact', 'estimatedCount'])

/** A request as it is measured, after the checks of its arguments. */
export interface MeasuredRequest {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Record<string, unknown>
  /** the arguments of each field that has some, with variables and defaults */
  readonly args: ReadonlyMap<FieldNode, Readonly<Record<string, unknown>>>
  /** fields of up to 65,536 characters: `Contact.notes` */
  readonly longTexts: ReadonlySet<string>
}

interface Walk extends MeasuredRequest {
  /** sizes of fragments that were measured before, by name and rows of the page around them */
  readonly known: Map<string, RequestSize>
}

const NOTHING: RequestSize = { cost: 0, depth: 0, introspectionDepth: 0, aliases: 0, rootFields: 0, page: null }

/** Measures a request. Linear in the length of its document, however often fragments are spread. */
export function requestSize(request: MeasuredRequest): RequestSize {
  const root = request.schema.getRootType(request.operation.operation)
  if (!root) return NOTHING
  return selectionSize({ ...request, known: new Map() }, root, request.operation.selectionSet, 0)
}

/** `rows` are those of the page, where `parent` is a connection. */
function selectionSize(
  walk: Walk,
  parent: GraphQLCompositeType,
  { selections }: SelectionSetNode,
  rows: number,
): RequestSize {
  return selections.reduce<RequestSize>((sum, selection) => {
    if (isLeftOut(selection, walk.variables)) return sum
    return added(
      sum,
      selection.kind === Kind.FIELD
        ? fieldSize(walk, parent, selection, rows)
        : spreadSize(walk, parent, selection, rows),
    )
  }, NOTHING)
}

function added(a: RequestSize, b: RequestSize): RequestSize {
  return {
    cost: a.cost + b.cost,
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    aliases: a.aliases + b.aliases,
    rootFields: a.rootFields + b.rootFields,
    page: pageCost(b.page) > pageCost(a.page) ? b.page : a.page,
  }
}

function pageCost(page: CostlyPage | null): number {
  return page === null ? 0 : page.size * page.rowCost
}

function spreadSize(
  walk: Walk,
  parent: GraphQLCompositeType,
  selection: Exclude<SelectionNode, FieldNode>,
  rows: number,
): RequestSize {
  const isInline = selection.kind === Kind.INLINE_FRAGMENT
  const fragment = isInline ? selection : walk.fragments.get(selection.name.value)
  if (!fragment) return NOTHING
  const condition = fragment.typeCondition && walk.schema.getType(fragment.typeCondition.name.value)
  const type = condition && isCompositeType(condition) ? condition : parent
  if (isInline) return selectionSize(walk, type, fragment.selectionSet, rows)
  const key = `${selection.name.value} ${rows}`
  const known = walk.known.get(key) ?? selectionSize(walk, type, fragment.selectionSet, rows)
  walk.known.set(key, known)
  return known
}

function fieldSize(walk: Walk, parent: GraphQLCompositeType, node: FieldNode, rows: number): RequestSize {
  const name = node.name.value
  const aliases = node.alias && node.alias.value !== name ? 1 : 0
  const one: RequestSize = { ...NOTHING, aliases, rootFields: 1 }
  const type = isUnionType(parent) ? undefined : parent.getFields()[name]
  const aliasCost = aliases * ALIAS_COST
  if (name.startsWith('__') || !type) {
    const isOfRows = name === '__typename'
    return { ...one, cost: isOfRows ? aliasCost : 0, introspectionDepth: introspectionDepth(walk, node) }
  }
  const args = walk.args.get(node) ?? {}
  const of = getNamedType(type.type)
  if (!isCompositeType(of)) return { ...one, cost: aliasCost + valueCost(walk, parent, name, args), depth: 1 }
  const isPage = of.name.endsWith('Connection')
  const inputRows = bulkRows(args)
  const rowsBelow = isPage ? pageSize(args) : inputRows
  const inner = node.selectionSet ? selectionSize(walk, of, node.selectionSet, rowsBelow) : NOTHING
  const count = objectCount(parent, type, args, rows)
  const ownName = node.alias?.value ?? name
  return {
    aliases: aliases + inner.aliases,
    rootFields: 1,
    depth: inner.depth + 1,
    introspectionDepth: inner.introspectionDepth === 0 ? 0 : inner.introspectionDepth + 1,
    cost: count * (1 + inner.cost) + searchCost(args) + inputRows,
    page: costlyPage(ownName, isPage ? pageSize(args) : 0, inner),
  }
}

/** The page of a field: itself, if it is one, else the costliest below it. */
function costlyPage(name: string, size: number, inner: RequestSize): CostlyPage | null {
  if (size > 0) return { field: name, size, rowCost: inner.cost / size }
  return inner.page && { ...inner.page, field: `${name}.${inner.page.field}` }
}

/** How many objects a field gives for each object that it is selected of. */
function objectCount(
  parent: GraphQLCompositeType,
  { name, type }: GraphQLField<unknown, unknown>,
  args: Readonly<Record<string, unknown>>,
  rows: number,
): number {
  const nullable = isNonNullType(type) ? type.ofType : type
  if (!isListType(nullable)) return 1
  if (parent.name.endsWith('Connection') || name === 'results') return rows
  if (Array.isArray(args['ids'])) return args['ids'].length
  if (name.startsWith('customField')) return CUSTOM_VALUES
  return name === 'matches' ? MATCHES : CONTACT_INFO_ROWS
}

function valueCost(
  { longTexts }: Walk,
  parent: GraphQLCompositeType,
  name: string,
  args: Readonly<Record<string, unknown>>,
): number {
  if (longTexts.has(`${parent.name}.${name}`)) return LONG_TEXT_COST
  if (!COUNTS.has(name)) return 0
  return Math.ceil((typeof args['max'] === 'number' ? args['max'] : DEFAULT_MAX_COUNT) / ROWS_PER_COUNT_UNIT)
}

function searchCost(args: Readonly<Record<string, unknown>>): number {
  return typeof args['query'] === 'string' || typeof args['search'] === 'string' ? SEARCH_COST : 0
}

/** How many rows a bulk mutation is given: `input: { rows: […] }`. */
function bulkRows({ input }: Readonly<Record<string, unknown>>): number {
  const rows = typeof input === 'object' && input !== null && 'rows' in input ? input.rows : null
  return Array.isArray(rows) ? rows.length : 0
}

function pageSize({ first, last }: Readonly<Record<string, unknown>>): number {
  const size = first ?? last ?? DEFAULT_PAGE_SIZE
  return typeof size === 'number' ? Math.max(0, size) : DEFAULT_PAGE_SIZE
}

function introspectionDepth(walk: Walk, { selectionSet }: FieldNode): number {
  if (!selectionSet) return 1
  const depths = selectionSet.selections.map((selection): number => {
    if (selection.kind === Kind.FIELD) return introspectionDepth(walk, selection)
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value)
    if (!fragment) return 0
    const key = `__ ${selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : ''}`
    const known = selection.kind === Kind.FRAGMENT_SPREAD ? walk.known.get(key) : undefined
    if (known) return known.introspectionDepth
    const depth =
      introspectionDepth(walk, { ...selection, kind: Kind.FIELD, selectionSet: fragment.selectionSet } as never) - 1
    if (selection.kind === Kind.FRAGMENT_SPREAD) walk.known.set(key, { ...NOTHING, introspectionDepth: depth })
    return depth
  })
  return 1 + Math.max(0, ...depths)
}
