import type { ConceptField, ConceptFields, FieldKind } from '../concepts/concept-fields.js'
import { CUSTOM_VALUES, type CustomField } from '../concepts/custom-fields.js'
import { requireVisible } from '../access/visible-fields.js'
import { AppError } from '../lib/errors.js'
import type { OrderColumn, OrderRelation, Registry } from '../concepts/registry.js'
import { quote } from '../lib/value/checked.js'
import type { FilterRules } from './filter.js'

/** A step of an order as clients give it. */
export interface OrderInput {
  readonly field?: string | null | undefined
  /** instead of it the key of a custom field */
  readonly customField?: string | null | undefined
  /** or the key of one that the record of a relation has: `companyCustomField` */
  readonly [relation: `${string}CustomField`]: string | null | undefined
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

/** Whether rows that are near each other in an order have ids that are near each other too: an id begins with the time at which it was made. */
export function isOrderOfIds([first]: readonly OrderStep[]): boolean {
  return first?.relation === null && first.field.column === 'created_at'
}

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
  const related = relationsWithFields(registry, concept)
  const names = ['field', 'customField', ...related.keys()] as (keyof OrderInput)[]
  const seen = new Set<string>()
  return input.map((step, index) => {
    const { direction, nulls } = step
    const [name, other] = names.filter((each) => step[each] !== null && step[each] !== undefined)
    if (name === undefined) refuse([...path, index], `Say what to order by: ${namesText(names)}.`)
    const at = [...path, index, other ?? name]
    if (other !== undefined) refuse(at, `A step goes by \`${name}\` or by \`${other}\`, not by both.`)
    const value = String(step[name])
    const isSeen = `${name} ${value}`
    if (seen.has(isSeen)) refuse(at, `The order has ${value} twice.`)
    seen.add(isSeen)
    const column =
      name === 'field' ? columns.get(value) : customColumn(registry, concept, related.get(name) ?? null, value, at)
    if (!column) throw new Error(`no order ${value} of ${concept.name}`)
    const { fieldName, relation, custom } = column
    if (relation) requireVisible(access, concept.name, relation.name, at)
    requireVisible(access, relation?.to.name ?? concept.name, fieldName, at)
    // A cursor is good for one field: its key may become that of another.
    return {
      ...column,
      name: custom ? `${custom.id} ${custom.type}` : value,
      isDescending: direction === 'DESC',
      isNullsFirst: nulls === 'FIRST',
    }
  })
}

/** The relations to one record that may have custom fields, by what an order calls these: `companyCustomField`. */
function relationsWithFields(registry: Registry, { relations }: ConceptFields): Map<string, OrderRelation> {
  return new Map(
    Object.entries(relations).flatMap(([name, column]): [string, OrderRelation][] => {
      if (column.kind !== 'one') return []
      const to = registry.concept(column.to)
      return to.entityType ? [[`${name}CustomField`, { name, column: { ...column, kind: column.kind }, to }]] : []
    }),
  )
}

/** What an order by a custom field goes by: one of the concept's own, or of the record that a relation leads to. */
function customColumn(
  registry: Registry,
  concept: ConceptFields,
  relation: OrderRelation | null,
  key: string,
  path: readonly (string | number)[],
): OrderColumn {
  const { name } = relation?.to ?? concept
  const custom = registry.customFields(name).get(key)
  if (!custom) refuse(path, `There is no custom field ${quote(key)} of ${name}.`)
  const field = customOrderField(custom)
  if (!field) refuse(path, `${quote(key)} is a field of type ${custom.type}, by which no list is ordered.`)
  return { fieldName: 'customFields', field, relation, custom }
}

/** The column of values that a custom field is ordered by; null where there is none. */
function customOrderField({ type, options }: CustomField): ConceptField | null {
  const column = (name: string, kind: FieldKind): ConceptField => ({ column: name, kind, isNullable: true })
  switch (type) {
    case 'TEXTAREA':
    case 'CHECKBOX':
      return null
    case 'DROPDOWN':
    case 'RADIO':
      return { ...column('text_value', 'enum'), values: options.map(({ value }) => value) }
    case 'NUMBER':
    case 'DECIMAL':
    case 'CURRENCY':
      return column('number_value', 'decimal')
    case 'DATE':
      return column('date_value', 'date')
    case 'DATETIME':
      return column('datetime_value', 'datetime')
    case 'BOOLEAN':
      return column('boolean_value', 'boolean')
    default:
      return { ...column('text_value', 'text'), folded: 'text_value_key', foldedLength: CUSTOM_VALUES.keyLength }
  }
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

/** `` `field`, `customField` or `companyCustomField` ``. */
function namesText(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``)
  return `${quoted.slice(0, -1).join(', ')} or ${String(quoted.at(-1))}`
}

function refuse(path: readonly (string | number)[], message: string): never {
  throw new AppError('BAD_USER_INPUT', message, { extensions: { field: path.join('.') } })
}
