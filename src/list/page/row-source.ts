import type { OrderTerm } from './order-terms.js'
import type { Range } from './ranges.js'

/**
 * Where the rows of a range come from. `plain` is for every order but one whose first step is a related record's column.
 * There the list begins at the related records, so that the index on that column gives the order, and their rows follow.
 * With contacts by `COMPANY_DOMAIN`, where `c` is the contact and `o0` its company:
 *
 * | source   | its contacts                           | FROM and WHERE                                             |
 * | -------- | -------------------------------------- | ---------------------------------------------------------- |
 * | value    | of acme.com, then of bolt.com …        | companies o0 JOIN contacts c, o0.domain IS NOT NULL        |
 * | empty    | of companies without a domain          | companies o0 JOIN contacts c, o0.domain IS NULL            |
 * | hidden   | of companies that aren't shown: they   | companies o0 JOIN contacts c, o0 deleted or hidden by rule |
 * |          | are deleted, or a rule hides them      |                                                            |
 * | unlinked | of no company                          | contacts c, c.company_id IS NULL                           |
 * | plain    | all (by LAST_NAME, for example)        | contacts c, LEFT JOIN of what later steps are ordered by   |
 *
 * `empty`, `hidden` and `unlinked` are the contacts whose domain is null in the API.
 */
export type RowSource = 'plain' | 'value' | 'empty' | 'hidden' | 'unlinked'

/** The sources of a range's rows: one, two whose rows must be sorted together, or none where it can have no rows. */
export function rowSources([first, second]: readonly OrderTerm[], range: Range): RowSource[] {
  const relation = first?.step.relation
  if (!first || !relation) return ['plain']
  if (range[0]?.is !== 'null') return ['value']
  // Where a second step follows, it sorts the three kinds of null together: a LEFT JOIN gives null for each of them.
  if (second?.kind !== 'link') return ['plain']
  if (range[1]?.is === 'null') return ['unlinked']
  const hidden: RowSource[] = relation.to.isLive ? ['hidden'] : []
  return first.step.field.isNullable ? [...hidden, 'empty'] : hidden
}

/** Whether the rows are found through the related record `o0`, which is there. */
export function isThroughRelated(source: RowSource): boolean {
  return source === 'value' || source === 'empty' || source === 'hidden'
}

/** Whether nothing is asked of the first term's column: a hidden record's value must not show, a missing one has none. */
export function ignoresFirstTerm(source: RowSource): boolean {
  return source === 'hidden' || source === 'unlinked'
}
