import type { CursorPlace } from '../lib/cursor.js'
import type { OrderStep } from './order.js'

/** A value of an order column, as cursors carry it. */
export type Key = string | number | boolean | null

/** What a column is ordered by, one after the other; the last is always the id. */
export interface Term {
  /** a step of the order, the link of the step's relation, or the id */
  readonly kind: 'step' | 'link' | 'id'
  readonly step: OrderStep
  readonly isDescending: boolean
  readonly isNullsFirst: boolean
  readonly isNullable: boolean
}

/** How one term is held in a range. A term without a condition is free; the range is ordered by all terms. */
export type Bound =
  | { readonly is: 'equal'; readonly key: Key }
  | { readonly is: 'beyond'; readonly key: Key }
  | { readonly is: 'null' }
  | { readonly is: 'present' }

/** A piece of a list that one index scan yields in order: equalities, then one inequality at most. */
export type Range = readonly (Bound | undefined)[]

/** The terms of an order, turned round for pages that are read from their end. */
export function orderTerms(steps: readonly OrderStep[], isBackward: boolean): Term[] {
  const last = steps.at(-1)
  if (!last) throw new Error('an order has a step')
  const terms = steps.map((step): Term => ({ ...step, kind: 'step', step, isNullable: isNullable(step) }))
  // Ties of a related record's column stand together by that record, so that its index and the link's give the order.
  if (last.relation) {
    const isNullsFirst = !last.isDescending
    terms.push({ kind: 'link', step: last, isDescending: last.isDescending, isNullsFirst, isNullable: true })
  }
  if (last.field.column !== 'id' || last.relation) {
    terms.push({ kind: 'id', step: last, isDescending: last.isDescending, isNullsFirst: false, isNullable: false })
  }
  return isBackward ? terms.map(turned) : terms
}

function isNullable({ field, relation }: OrderStep): boolean {
  return field.isNullable || relation !== null
}

function turned(term: Term): Term {
  return { ...term, isDescending: !term.isDescending, isNullsFirst: !term.isNullsFirst }
}

/** The ranges that make up a list, in its order, from its start or from behind a place. */
export function listRanges(terms: readonly Term[], after: CursorPlace | null): Range[] {
  if (!after) return whole(terms, [], 0)
  const keys: Key[] = [...after.keys, after.id].slice(0, terms.length)
  const ranges: Range[] = []
  for (let index = terms.length - 1; index >= 0; index--) ranges.push(...beyond(terms, keys, index))
  return ranges
}

/**
 * All rows that the bounds so far allow, from one term on. Only what an index has to yield in another order than its own
 * is cut: nulls from values, an enum into its values, and links where the related column gives no order.
 */
function whole(terms: readonly Term[], bounds: readonly Bound[], index: number): Range[] {
  const term = terms[index]
  const isCut = index === 0 || (term?.kind === 'link' && bounds[index - 1]?.is === 'null')
  if (!term || !isCut) return [bounds]
  const values = term.kind === 'step' ? ranks(term) : null
  const present: Range[] = values
    ? inOrder(term, values).map((key) => [...bounds, { is: 'equal', key }])
    : term.isNullable
      ? [[...bounds, { is: 'present' }]]
      : [bounds]
  if (!term.isNullable) return present
  const absent = whole(terms, [...bounds, { is: 'null' }], index + 1)
  return term.isNullsFirst ? [...absent, ...present] : [...present, ...absent]
}

/** The rows that share all keys before a term and lie beyond its own. */
function beyond(terms: readonly Term[], keys: readonly Key[], index: number): Range[] {
  const term = terms[index] as Term
  const before = keys.slice(0, index).map((key): Bound => (key === null ? { is: 'null' } : { is: 'equal', key }))
  const key = keys[index] ?? null
  const isOverNull = term.kind === 'link' && before[index - 1]?.is !== 'null'
  const absent = term.isNullable && !isOverNull ? whole(terms, [...before, { is: 'null' }], index + 1) : []
  if (key === null) return term.isNullsFirst ? present(terms, before, index) : []
  const values = index === 0 && term.kind === 'step' ? ranks(term) : null
  const more: Range[] = values
    ? inOrder(term, values)
        .filter((other) => (term.isDescending ? other < Number(key) : other > Number(key)))
        .map((other) => [...before, { is: 'equal', key: other }])
    : [[...before, { is: 'beyond', key }]]
  return term.isNullsFirst ? more : [...more, ...absent]
}

function present(terms: readonly Term[], before: readonly Bound[], index: number): Range[] {
  const term = terms[index] as Term
  const values = index === 0 && term.kind === 'step' ? ranks(term) : null
  if (values) return inOrder(term, values).map((key) => [...before, { is: 'equal', key }])
  return [[...before, { is: 'present' }]]
}

/** The places of an enum's values in their order, from 1; null for other kinds. */
function ranks({ step }: Term): number[] | null {
  return step.field.values ? step.field.values.map((_, index) => index + 1) : null
}

function inOrder(term: Term, values: readonly number[]): number[] {
  return term.isDescending ? [...values].reverse() : [...values]
}
