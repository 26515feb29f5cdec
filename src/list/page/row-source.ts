import type { Scope } from '../../access/scope.js'
import type { OrderTerm } from './order-terms.js'
import type { Range } from './ranges.js'

/**
 * Where the rows of a range come from. In most orders they are `plain` rows of the listed table. In an order whose
 * first step is a related record's column they are found through those records, whose index gives the order. With
 * contacts by `COMPANY_DOMAIN`, where `c` is the contact and `o0` its company:
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
 * By a custom field there are two, where `o0` is the row of its value:
 *
 * | source   | its contacts                           | FROM and WHERE                                             |
 * | -------- | -------------------------------------- | ---------------------------------------------------------- |
 * | custom   | with a value                           | custom_field_values o0 JOIN contacts c                     |
 * | without  | with none                              | contacts c, NOT EXISTS (a value), or without-value.ts      |
 *
 * By a custom field of the company there are, beside `hidden` and `unlinked`:
 *
 * | source         | its contacts                 | FROM and WHERE                                           |
 * | -------------- | ---------------------------- | -------------------------------------------------------- |
 * | relatedCustom  | of companies with a value    | custom_field_values o0 JOIN companies r0 JOIN contacts c |
 * | relatedWithout | of companies with none       | companies o0 JOIN contacts c, NOT EXISTS (a value)       |
 *
 * The contacts of `empty`, `hidden` and `unlinked` stand where nulls do, as nobody is shown a domain for them. By
 * `COMPANY_DOMAIN, LAST_NAME` they must be sorted by name together, so there they are one `plain` range.
 */
export type RowSource =
  'plain' | 'value' | 'empty' | 'hidden' | 'unlinked' | 'custom' | 'without' | 'relatedCustom' | 'relatedWithout'

/** The sources of a range's rows: one, two whose rows must be sorted together, or none where it can have no rows. */
export function rowSources({ access }: Scope, [first, second]: readonly OrderTerm[], range: Range): RowSource[] {
  const { relation, custom } = first?.step ?? {}
  const isNull = range[0]?.is === 'null'
  if (custom && !relation) return [isNull ? 'without' : 'custom']
  if (!first || !relation) return ['plain']
  if (!isNull) return [custom ? 'relatedCustom' : 'value']
  // A second step follows. A LEFT JOIN gives null for all three kinds of them.
  if (second?.kind !== 'link') return ['plain']
  if (range[1]?.is === 'null') return ['unlinked']
  const mayBeHidden = relation.to.hasDeletedAt || access.rows(relation.to.name, 'o0') !== null
  const hidden: RowSource[] = mayBeHidden ? ['hidden'] : []
  if (custom) return [...hidden, 'relatedWithout']
  return first.step.field.isNullable ? [...hidden, 'empty'] : hidden
}

const THROUGH_RELATED = new Set<RowSource>(['value', 'empty', 'hidden', 'relatedCustom', 'relatedWithout'])
const WITHOUT_VALUE = new Set<RowSource>(['hidden', 'unlinked', 'without', 'relatedWithout'])

/** Whether the rows are found through a related record, which is there: `o0`, or the one whose value `o0` is. */
export function isThroughRelated(source: RowSource): boolean {
  return THROUGH_RELATED.has(source)
}

/** Whether the first term's column isn't read: a hidden record's value must not show, a missing record has none. */
export function ignoresFirstTerm(source: RowSource): boolean {
  return WITHOUT_VALUE.has(source)
}
