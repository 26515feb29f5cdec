import type { GraphQLResolveInfo } from 'graphql'
import type { Path } from './collected-errors.js'
import type { Execution } from './execution.js'
import type { FieldPlan } from './plan.js'

/**
 * What graphql-js tells a resolver about its field, read from the plan when it is asked for. It is made for each call,
 * so it holds three references and copies nothing.
 */
export class ResolveInfo implements GraphQLResolveInfo {
  readonly #execution: Execution
  readonly #plan: FieldPlan
  readonly #place: Path

  /** `place` is the field's, or that of an item in its list. */
  constructor(execution: Execution, plan: FieldPlan, place: Path) {
    this.#execution = execution
    this.#plan = plan
    this.#place = place
  }

  get fieldName() {
    return this.#plan.field.name
  }
  get fieldNodes() {
    return this.#plan.nodes
  }
  get returnType() {
    return this.#plan.field.type
  }
  get parentType() {
    return this.#plan.parentType
  }
  get path(): Path {
    let place = this.#place
    while (typeof place.key === 'number' && place.prev) place = place.prev
    return place
  }
  get schema() {
    return this.#execution.plan.schema
  }
  get fragments() {
    return this.#execution.plan.fragments
  }
  get rootValue() {
    return this.#execution.rootValue
  }
  get operation() {
    return this.#execution.plan.operation
  }
  get variableValues() {
    return this.#execution.variables
  }
}
