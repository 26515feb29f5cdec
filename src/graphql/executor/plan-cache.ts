import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { conditionVariables } from './collect-fields.js'
import type { OperationPlan } from './plan.js'

type Variables = Readonly<Record<string, unknown>>

/** The plans of documents that were asked lately. */
export interface PlanCache {
  /** The operation of a document; undefined where there is none of that name, or the schema has no type for it. */
  readonly find: (document: DocumentNode, operationName: string | null | undefined) => PlannedOperation | undefined
  /** Says that an operation ran, in which its plans may have grown. What was asked longest ago goes, if it must. */
  readonly settle: (document: DocumentNode) => void
}

/** An operation with one plan for each set of conditions: two with `@include(if: $isWide)`. */
export interface PlannedOperation {
  readonly operation: OperationDefinitionNode
  /** `variables` are as their types read them */
  readonly planFor: (variables: Variables) => OperationPlan
}

/** How much is kept. */
export interface PlanCacheLimits {
  readonly documents: number
  /** fields and selections of all plans together, of 0.4 kB each */
  readonly size: number
}

interface PlannedDocument {
  readonly operations: readonly (PlannedOperation & { readonly isPossible: boolean })[]
  readonly plans: OperationPlan[]
  /** of all its plans, when it last ran */
  size: number
}

// A plan without any field takes some memory too.
const PLAN_SIZE = 4

/** An empty cache. Documents are known by identity, as Apollo keeps those that are asked again. */
export function createPlanCache(schema: GraphQLSchema, limits: PlanCacheLimits): PlanCache {
  const known = new Map<DocumentNode, PlannedDocument>()
  let size = 0
  // What was asked last is last in the map.
  const setLast = (document: DocumentNode, planned: PlannedDocument): void => {
    known.delete(document)
    known.set(document, planned)
    for (const [oldest, { size: freed }] of known) {
      if (known.size <= limits.documents && size <= limits.size) return
      known.delete(oldest)
      size -= freed
    }
  }
  return {
    find(document, operationName) {
      const planned = known.get(document) ?? planDocument(schema, document)
      setLast(document, planned)
      const named = planned.operations.filter(
        ({ operation }) => (operationName ?? undefined) === undefined || operation.name?.value === operationName,
      )
      return named.length === 1 && named[0]?.isPossible ? named[0] : undefined
    },
    settle(document) {
      const planned = known.get(document)
      if (!planned) return
      const grown = planned.plans.reduce((sum, plan) => sum + PLAN_SIZE + plan.size, 0)
      size += grown - planned.size
      planned.size = grown
      setLast(document, planned)
    },
  }
}

function planDocument(schema: GraphQLSchema, { definitions }: DocumentNode): PlannedDocument {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>
  const operations: OperationDefinitionNode[] = []
  const selectionSets: SelectionSetNode[] = []
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
    if ('selectionSet' in definition) selectionSets.push(definition.selectionSet)
  }
  const asked = conditionVariables(selectionSets)
  const plans: OperationPlan[] = []
  return {
    operations: operations.map((operation) => {
      const rootType = schema.getRootType(operation.operation)
      const byConditions = new Map<string, OperationPlan>()
      const planFor = (variables: Variables): OperationPlan => {
        const key = asked.map((name) => String(variables[name])).join()
        const known = byConditions.get(key)
        if (known) return known
        const conditions = Object.fromEntries(
          asked.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
        )
        const plan = newPlan({ schema, fragments, conditions, operation, rootType: rootType as never })
        byConditions.set(key, plan)
        plans.push(plan)
        return plan
      }
      return { operation, planFor, isPossible: rootType !== null && rootType !== undefined }
    }),
    plans,
    size: 0,
  }
}

function newPlan(
  parts: Pick<OperationPlan, 'schema' | 'fragments' | 'conditions' | 'operation' | 'rootType'>,
): OperationPlan {
  return { ...parts, size: 0, root: null, known: new Map() }
}
