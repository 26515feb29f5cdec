import {
  defaultFieldResolver,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { collectFields, type Selecting } from './collect-fields.js'
import { guardOf, type FieldGuard } from './field-guard.js'
import { serializerOf, type Serialize } from './leaf-values.js'

type Resolver = GraphQLFieldResolver<unknown, unknown>

/** What an operation asks for, under one set of conditions; its selections are planned when they are first reached. */
export interface OperationPlan extends Selecting {
  readonly operation: OperationDefinitionNode
  readonly rootType: GraphQLObjectType
  /** how many fields and selections were planned so far: the measure of its memory, and the next number of a field */
  size: number
  /** the selection at its root, once it was planned */
  root: SelectionPlan | null
  /** the selections of fields that stand alone, by their node; a fragment is planned once however often it is spread */
  readonly known: Map<FieldNode, SelectionPlan[]>
}

/** The fields of an object of one type. */
export interface SelectionPlan {
  readonly type: GraphQLObjectType
  readonly fields: readonly FieldPlan[]
  /** makes an object of the answer: without prototype, so that no name of a field means anything else */
  readonly Data: new () => Record<string, unknown>
}

/** One field of an answer. */
export interface FieldPlan {
  /** its name in the answer */
  readonly key: string
  /** its number in the operation */
  readonly index: number
  readonly nodes: readonly [FieldNode, ...FieldNode[]]
  readonly field: GraphQLField<unknown, unknown>
  readonly parentType: GraphQLObjectType
  /** without its guard */
  readonly resolve: Resolver
  /** whether the resolver has a parameter for what is told about its field; what has `...args` may read all */
  readonly takesInfo: boolean
  readonly guard: FieldGuard<unknown> | null
  /** the property that it reads, without arguments; null where a resolver of its own gives the value */
  readonly property: string | null
  readonly hasArguments: boolean
  readonly completion: Completion
  /** its selections, by the type of the object; planned at first sight */
  readonly selections: SelectionPlan[]
}

/** How a value of a type is completed. */
export interface Completion {
  readonly isNonNull: boolean
  /** of a scalar or an enum */
  readonly serialize: Serialize | null
  /** of a list: how its items are */
  readonly item: Completion | null
  readonly objectType: GraphQLObjectType | null
  readonly abstractType: GraphQLAbstractType | null
}

/** The fields at the root of an operation. @throws GraphQLError where a condition is no boolean */
export function rootSelectionOf(plan: OperationPlan): SelectionPlan {
  return (plan.root ??= planSelection(plan, plan.rootType, [plan.operation]))
}

/** The fields that are selected of an object of a field. @throws GraphQLError where a condition is no boolean */
export function selectionOf(plan: OperationPlan, field: FieldPlan, type: GraphQLObjectType): SelectionPlan {
  for (const selection of field.selections) if (selection.type === type) return selection
  const selection = planSelection(plan, type, field.nodes)
  field.selections.push(selection)
  return selection
}

function planSelection(
  plan: OperationPlan,
  type: GraphQLObjectType,
  nodes: readonly Pick<FieldNode, 'selectionSet'>[],
): SelectionPlan {
  const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  const fields: FieldPlan[] = []
  for (const [key, fieldNodes] of collectFields(plan, type, selectionSets)) {
    const field = fieldOf(plan.schema, type, fieldNodes[0].name.value)
    if (field) fields.push(planField(plan, type, key, fieldNodes, field))
  }
  plan.size += 1
  return { type, fields, Data: createDataClass() }
}

function fieldOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef
  }
  return type.getFields()[name]
}

// parent, args, context, info
const INFO_PARAMETER = 4

function planField(
  plan: OperationPlan,
  parentType: GraphQLObjectType,
  key: string,
  nodes: readonly [FieldNode, ...FieldNode[]],
  field: GraphQLField<unknown, unknown>,
): FieldPlan {
  const whole = field.resolve ?? defaultFieldResolver
  const guard = guardOf(whole)
  const resolve = guard?.resolve ?? whole
  return {
    key,
    index: plan.size++,
    nodes,
    field,
    parentType,
    resolve,
    takesInfo: resolve.length >= INFO_PARAMETER || resolve.length === 0,
    guard,
    property: resolve === defaultFieldResolver && field.args.length === 0 ? field.name : null,
    hasArguments: field.args.length > 0,
    completion: completionOf(field.type),
    selections: nodes.length > 1 || !nodes[0].selectionSet ? [] : sharedSelections(plan, nodes[0]),
  }
}

function sharedSelections({ known }: OperationPlan, node: FieldNode): SelectionPlan[] {
  const selections = known.get(node) ?? []
  known.set(node, selections)
  return selections
}

function completionOf(type: GraphQLOutputType): Completion {
  const nullable = isNonNullType(type) ? type.ofType : type
  const isObject = !isLeafType(nullable) && !isListType(nullable) && !isAbstractType(nullable)
  return {
    isNonNull: isNonNullType(type),
    serialize: isLeafType(nullable) ? serializerOf(nullable) : null,
    item: isListType(nullable) ? completionOf(nullable.ofType) : null,
    objectType: isObject ? nullable : null,
    abstractType: isAbstractType(nullable) ? nullable : null,
  }
}

// Objects from Object.create(null) are hash tables, which are slow to fill and to write as JSON. A constructor for each
// selection lets V8 learn how many fields its objects have.
function createDataClass(): SelectionPlan['Data'] {
  function Data(): void {
    // Its fields are set one by one.
  }
  Data.prototype = NO_PROPERTIES
  return Data as unknown as SelectionPlan['Data']
}

const NO_PROPERTIES = Object.freeze(Object.create(null) as object)
