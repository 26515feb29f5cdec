import type { CursorPlace } from '../../lib/cursor.js'
import type { OrderTerm } from './order-terms.js'

/** A value of one term of the order, as cursors carry it: `'smith'`, `3`, null. */
export type Key = string | number | boolean | null

/** What a range says of one term. With the term `last_name`: */
export type Bound =
  /** `last_name = 'smith'` */
  | { readonly is: 'equal'; readonly key: Key }
  /** `last_name > 'smith'`, in a descending order `last_name < 'smith'` */
  | { readonly is: 'after'; readonly key: Key }
  /** `last_name IS NULL` */
  | { readonly is: 'null' }
  /** `last_name IS NOT NULL` */
  | { readonly is: 'notNull' }

/**
 * A piece of a list that an index can go to directly: a bound of the first term, one of the second and so on. Terms
 * behind the last bound may have any value. All bounds but the last are `equal` or `null`. For example `[{ is: 'equal',
 * key: 'brown' }, { is: 'after', key: '11' }]` is `last_name = 'brown' and id > 11`.
 */
export type Range = readonly Bound[]

/**
 * The ranges whose rows, one range after the other, are the list, or what comes after a place in it.
 *
 * PostgreSQL can't say "after this row" in one condition that an index serves: `(last_name, id) > ('brown', 11)` is
 * unknown where a name is null, and fails where one term ascends and another descends. So a list is cut into ranges.
 *
 * For example five contacts by `last_name` ascending, nulls last, with the id as the second term:
 *
 * | last_name | brown | brown | smith | null | null |
 * | --------- | ----- | ----- | ----- | ---- | ---- |
 * | id        | 11    | 14    | 12    | 10   | 13   |
 *
 * | from                   | ranges, in their order                | their rows |
 * | ---------------------- | ------------------------------------- | ---------- |
 * | the start              | last_name IS NOT NULL                 | 11, 14, 12 |
 * |                        | last_name IS NULL                     | 10, 13     |
 * | after `['brown', 11]`  | last_name = 'brown' and id > 11       | 14         |
 * |                        | last_name > 'brown'                   | 12         |
 * |                        | last_name IS NULL                     | 10, 13     |
 * | after `[null, 10]`     | last_name IS NULL and id > 10         | 13         |
 */
export function listRanges(terms: readonly OrderTerm[], after: CursorPlace | null): Range[] {
  if (!after) return allRanges(terms, [])
  const keys: Key[] = [...after.keys, after.id].slice(0, terms.length)
  // The nearest rows have all keys of the place and a later id, the next ones all keys but the last, and so on.
  return terms
    .map((_, index) => rangesAfter(terms, keys, index))
    .reverse()
    .flat()
}

/**
 * All rows that `bounds` of the first terms allow. They are one range, but for two cases, which the next term decides:
 *
 * - The next term is the first of all. Rows with a value and rows with null are a range each: an index has nulls last, the
 *   list may want them first. So is each value of an enum: an index has HIGH, LOW, MEDIUM, the list wants LOW, MEDIUM, HIGH.
 * - The next term is a link, and the related column before it is null. Rows with a link and rows without are a range each, as
 *   they are found in different ways (see row-source.ts).
 */
function allRanges(terms: readonly OrderTerm[], bounds: readonly Bound[]): Range[] {
  const term = terms[bounds.length]
  const isCut = bounds.length === 0 || (term?.kind === 'link' && bounds.at(-1)?.is === 'null')
  if (!term || !isCut) return [bounds]
  const values = valueRanges(term, bounds)
  if (!term.isNullable) return values
  const nulls = allRanges(terms, [...bounds, { is: 'null' }])
  return term.isNullsFirst ? [...nulls, ...values] : [...values, ...nulls]
}

/**
 * The rows that have the same keys as a place in all terms before `index`, and come after it by the term at `index`:
 *
 * | the place's key | nulls last             | nulls first  |
 * | --------------- | ---------------------- | ------------ |
 * | a value         | later values, all nulls | later values |
 * | null            | none                   | all values   |
 */
function rangesAfter(terms: readonly OrderTerm[], keys: readonly Key[], index: number): Range[] {
  const term = terms[index] as OrderTerm
  const key = keys[index] ?? null
  const equal = keys.slice(0, index).map((same): Bound => (same === null ? { is: 'null' } : { is: 'equal', key: same }))
  if (key === null) return term.isNullsFirst ? valueRanges(term, equal) : []
  const later = laterRanges(term, equal, key)
  // Where the related record has a value there is a record, so the link to it isn't null.
  const isNeverNull = !term.isNullable || (term.kind === 'link' && equal.at(-1)?.is !== 'null')
  return isNeverNull || term.isNullsFirst ? later : [...later, ...allRanges(terms, [...equal, { is: 'null' }])]
}

/** The rows within bounds that have a value in the next term. */
function valueRanges(term: OrderTerm, bounds: readonly Bound[]): Range[] {
  const positions = enumPositions(term, bounds.length)
  if (positions) return positions.map((key) => [...bounds, { is: 'equal', key }])
  return [term.isNullable ? [...bounds, { is: 'notNull' }] : bounds]
}

/** The rows within bounds whose value in the next term comes after `key`. */
function laterRanges(term: OrderTerm, bounds: readonly Bound[], key: Key): Range[] {
  const positions = enumPositions(term, bounds.length)
  if (!positions) return [[...bounds, { is: 'after', key }]]
  const later = positions.filter((other) => (term.isDescending ? other < Number(key) : other > Number(key)))
  return later.map((other) => [...bounds, { is: 'equal', key: other }])
}

// Each value is a SELECT of its own: more are sorted instead.
const MAX_CUT_VALUES = 20

/**
 * The positions of an enum's values in the order of the term, for LOW, MEDIUM, HIGH 1, 2, 3; null for other kinds. Only
 * the first term of an order is cut into its values; later ones are sorted by position.
 */
function enumPositions({ kind, step, isDescending }: OrderTerm, index: number): number[] | null {
  const { values } = step.field
  if (kind !== 'step' || index > 0 || !values || values.length > MAX_CUT_VALUES) return null
  const positions = values.map((_, position) => position + 1)
  return isDescending ? positions.reverse() : positions
}
