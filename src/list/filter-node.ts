import type { ConceptField, ConceptFields, ConceptRelation } from '../concepts/concept-fields.js'
import type { CustomField } from '../concepts/custom-fields.js'
import type { Operand, Operator } from './operands.js'

/**
 * A filter that was read: its operands are checked, its columns known. For example
 * `{ lastName: { eq: "Smith" }, company: { name: { startsWith: "A" } } }` is
 *
 *     { kind: 'all', nodes: [
 *       { kind: 'test', field: <last_name>, operator: 'eq', operand: 'Smith', … },
 *       { kind: 'related', relation: <company>, quantifier: 'some', node:
 *         { kind: 'test', field: <name>, operator: 'startsWith', operand: 'A', … }, … } ] }
 */
export type FilterNode =
  | { readonly kind: 'all' | 'any'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly node: FilterNode }
  | {
      readonly kind: 'test'
      readonly field: ConceptField
      readonly operator: Operator
      readonly operand: Operand
      /** of texts: whether they are compared as they are stored, instead of without case and accents */
      readonly isCaseSensitive: boolean
    }
  | {
      readonly kind: 'related'
      readonly relation: ConceptRelation
      /** the concept that the relation leads to */
      readonly to: ConceptFields
      readonly quantifier: Quantifier
      /** the filter on the related rows */
      readonly node: FilterNode
    }
  | CustomFieldNode
  | OptionsNode

/** How many related rows must fulfil their filter. A relation to one record (`company`) always has `some`. */
export type Quantifier = 'some' | 'none' | 'every'

/** A filter as clients give it. Its types are checked by GraphQL. */
export type FilterInput = Readonly<Record<string, unknown>>

/** A record has a value in a custom field that fulfils `node`; any value where that is null. */
export interface CustomFieldNode {
  readonly kind: 'custom'
  readonly field: CustomField
  readonly node: FilterNode | null
}

/** The options of a value are at least one of some, or all of them. */
export interface OptionsNode {
  readonly kind: 'options'
  readonly operator: 'any' | 'all'
  readonly values: readonly string[]
}

/** What is said of a null in a filter. */
export const NULL_SAYS_NOTHING = 'null says nothing here: leave it out, or ask for `isNull`.'

/** All of some nodes; a single one stays itself. */
export function allOf(nodes: readonly FilterNode[]): FilterNode {
  const [only] = nodes
  return nodes.length === 1 && only ? only : { kind: 'all', nodes }
}
