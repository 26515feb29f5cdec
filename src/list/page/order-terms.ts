import type { OrderStep } from '../order.js'

/**
 * One expression of a page's ORDER BY. For the contacts in the order
 * `[{ field: LAST_NAME }, { field: COMPANY_NAME, direction: DESC }]` there are four:
 *
 * | kind | ORDER BY               | why                                                                         |
 * | ---- | ---------------------- | --------------------------------------------------------------------------- |
 * | step | c.last_name_folded asc | the first step of the order                                                 |
 * | step | o1.name_folded desc    | the second step: the name of the company that the contact links to          |
 * | link | c.company_id desc      | the last step is a company's column: contacts of one company stand together |
 * | id   | c.id desc              | no two rows have one id, so every row has one place in the list             |
 */
export interface OrderTerm {
  readonly kind: 'step' | 'link' | 'id'
  /** of a link and an id: the last step of the order, whose direction they have */
  readonly step: OrderStep
  readonly isDescending: boolean
  readonly isNullsFirst: boolean
  readonly isNullable: boolean
}

/**
 * The terms of an order, the id last. For a page that is read backwards (`last: 50`) each is turned round: the SQL
 * reads from the end of the list, `toIdPage` turns the rows back.
 */
export function orderTerms(steps: readonly OrderStep[], isBackward: boolean): OrderTerm[] {
  const last = steps.at(-1)
  if (!last) throw new Error('an order has a step')
  const { isDescending } = last
  const terms = steps.map((step): OrderTerm => ({
    kind: 'step',
    step,
    isDescending: step.isDescending,
    isNullsFirst: step.isNullsFirst,
    isNullable: isNullable(step),
  }))
  // The link comes before the id because the index on contacts is (company_id, id).
  if (last.relation) {
    terms.push({ kind: 'link', step: last, isDescending, isNullsFirst: !isDescending, isNullable: true })
  }
  // An order that ends with the id itself needs no other.
  if (last.field.column !== 'id' || last.relation) {
    terms.push({ kind: 'id', step: last, isDescending, isNullsFirst: false, isNullable: false })
  }
  return isBackward ? terms.map(turned) : terms
}

/** The names of the key columns in a page's SELECT, one for each term but the id: `k0`, `k1` … */
export function keyNames(terms: readonly OrderTerm[]): string[] {
  return terms.slice(0, -1).map((_, index) => `k${index}`)
}

/** A related record's column is null for rows that link to no record. */
function isNullable({ field, relation }: OrderStep): boolean {
  return field.isNullable || relation !== null
}

function turned(term: OrderTerm): OrderTerm {
  return { ...term, isDescending: !term.isDescending, isNullsFirst: !term.isNullsFirst }
}
