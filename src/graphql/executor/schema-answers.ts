import {
  OperationTypeNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type ExecutionResult,
} from 'graphql'
import type { OperationPlan } from './plan.js'

type Data = NonNullable<ExecutionResult['data']>

/** Answers to operations that ask for the schema alone, as GraphiQL and code generators do; they stay the same while it runs. */
export interface SchemaAnswers {
  /** undefined where the operation asks for more, or wasn't answered lately */
  readonly find: (plan: OperationPlan) => Data | undefined
  /** Keeps the answer where the operation asks for the schema alone; in place of the oldest, if it must. */
  readonly keep: (plan: OperationPlan, data: Data | null | undefined) => void
}

// The whole schema is some 10,000 objects. Tools send one text each, so that a few answers serve all.
const MAX_ANSWERS = 4
const SCHEMA_FIELDS: ReadonlySet<unknown> = new Set([SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef])

/** None so far. The whole schema took 14 ms at each request, of which 4 are its text. */
export function createSchemaAnswers(): SchemaAnswers {
  // In the order in which they came.
  const answers = new Map<OperationPlan, Data>()
  return {
    find: (plan) => (plan.root && answers.size > 0 ? answers.get(plan) : undefined),
    keep(plan, data) {
      if (!data || answers.has(plan) || !asksForSchemaAlone(plan)) return
      answers.set(plan, data)
      for (const oldest of answers.keys()) if (answers.size > MAX_ANSWERS) answers.delete(oldest)
    },
  }
}

/** Whether it says the same whoever asks: no field but `__schema`, `__type` and `__typename` at its root, and no variable. */
function asksForSchemaAlone({ operation, root }: OperationPlan): boolean {
  if (operation.operation !== OperationTypeNode.QUERY || (operation.variableDefinitions ?? []).length > 0) return false
  return root !== null && root.fields.every(({ field }) => SCHEMA_FIELDS.has(field))
}
