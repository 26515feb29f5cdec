import { sql, type RawBuilder } from 'kysely'
import type { ConceptFields } from '../concepts/concept-fields.js'
import type { Scope } from '../access/scope.js'
import type { Range, Term } from './ranges.js'

type Sql = RawBuilder<unknown>

/** A page of ids to be written as SQL. */
export interface PageQuery {
  readonly scope: Scope
  readonly concept: ConceptFields
  readonly terms: readonly Term[]
  readonly ranges: readonly Range[]
  /** what the rows of `c` must fulfil beside being listed at all; null for all of them */
  readonly filter: RawBuilder<boolean> | null
  /** ids that the filter finds, where nobody can foresee how many; see hits.ts */
  readonly hits: Sql | null
  /** what keeps the list to one parent, cheap by an index of its own; null at the root */
  readonly parent: RawBuilder<boolean> | null
  /** rows wanted, and rows that are skipped before them */
  readonly limit: number
  readonly offset: number
}

/** `asc` or `desc`. */
export function direction(term: Term): Sql {
  return sql.raw(term.isDescending ? 'desc' : 'asc')
}

/** Where nulls stand, for terms that may be null. */
export function nulls(term: Term): Sql {
  if (!term.isNullable) return sql``
  return sql.raw(term.isNullsFirst ? ' nulls first' : ' nulls last')
}

/** Names of the keys: one for each term but the last. */
export function keyNames(terms: readonly Term[]): string[] {
  return terms.slice(0, -1).map((_, index) => `k${index}`)
}
