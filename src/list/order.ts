import type { ConceptField, ConceptFields } from '../concepts/concept-fields.js'
import { requireVisible } from '../access/visible-fields.js'
import { AppError } from '../lib/errors.js'
import type { OrderColumn } from '../concepts/registry.js'
import type { FilterRules } from './filter.js'

/** A step of an order as clients give it. */
export interface OrderInput {
  readonly field: string
  /** ASC when absent */
  readonly direction?: 'ASC' | 'DESC'
  /** LAST when absent */
  readonly nulls?: 'FIRST' | 'LAST'
}

/** A step of an order that was read: its column (`field`, `relation`), its direction and where nulls stand. */
export interface OrderStep extends OrderColumn {
  /** the name in the API's enum, `LAST_NAME`; empty in a concept's own order */
  readonly name: string
  readonly isDescending: boolean
  readonly isNullsFirst: boolean
}

const MAX_ORDER_STEPS = 5

/**
 * The steps of an order, as they were given: `[{ field: LAST_NAME }, { field: COMPANY_NAME, direction: DESC }]` has
 * two. Without any it is the concept's own order, newest first for contacts. The id, which breaks ties, is added later,
 * by page/order-terms.ts.
 * @throws BAD_USER_INPUT, FORBIDDEN with the place in `extensions.field`
 */
export function readOrder(
  { registry, access }: Pick<FilterRules, 'registry' | 'access'>,
  concept: ConceptFields,
  input: readonly OrderInput[] | null | undefined,
  path: readonly (string | number)[],
): OrderStep[] {
  if (!input?.length) return [ownOrder(concept)]
  if (input.length > MAX_ORDER_STEPS) refuse(path, `An order has at most ${MAX_ORDER_STEPS} steps.`)
  const columns = registry.orderColumns(concept)
  const seen = new Set<string>()
  return input.map(({ field, direction, nulls }, index) => {
    const column = columns.get(field)
    if (!column) throw new Error(`no order ${field} of ${concept.name}`)
    if (seen.has(field)) refuse([...path, index, 'field'], `The order has ${field} twice.`)
    seen.add(field)
    const { fieldName, relation } = column
    if (relation) requireVisible(access, concept.name, relation.name, [...path, index, 'field'])
    requireVisible(access, relation?.to.name ?? concept.name, fieldName, [...path, index, 'field'])
    return { ...column, name: field, isDescending: direction === 'DESC', isNullsFirst: nulls === 'FIRST' }
  })
}

function ownOrder({ fields, order }: ConceptFields): OrderStep {
  const field = fields[order.field] as ConceptField
  return {
    name: '',
    fieldName: order.field,
    field,
    relation: null,
    isDescending: order.direction === 'DESC',
    isNullsFirst: false,
  }
}

/** The order as text, for cursors, which work in one order only: `LAST_NAME ASC LAST, COMPANY_NAME DESC FIRST`. */
export function orderText(steps: readonly OrderStep[]): string {
  return steps
    .map((step) => `${step.name} ${step.isDescending ? 'DESC' : 'ASC'} ${step.isNullsFirst ? 'FIRST' : 'LAST'}`)
    .join(', ')
}

function refuse(path: readonly (string | number)[], message: string): never {
  throw new AppError('BAD_USER_INPUT', message, { extensions: { field: path.join('.') } })
}
