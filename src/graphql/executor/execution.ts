import type { CollectedErrors } from './collected-errors.js'
import type { OperationPlan } from './plan.js'

/** One run of an operation. */
export interface Execution {
  readonly plan: OperationPlan
  readonly context: unknown
  readonly rootValue: unknown
  /** as their types read them, with defaults */
  readonly variables: { [name: string]: unknown }
  readonly errors: CollectedErrors
  /** the arguments of fields that have some, by their numbers: the same for all objects of a list */
  readonly args: (Record<string, unknown> | undefined)[]
  /** which fields with a guard are visible, by their numbers */
  readonly visible: (boolean | undefined)[]
}
