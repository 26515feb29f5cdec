import type { RowState } from '../../access/row-condition.js'
import type { Scope } from '../../access/scope.js'
import type { ConceptFields } from '../../concepts/concept-fields.js'
import type { Sql } from '../../lib/sql.js'
import type { FirstRowsAtOnce } from '../found-first.js'
import type { OrderTerm } from './order-terms.js'

type Condition = Sql<boolean>

/** What the SELECTs of all ranges of a page have in common. */
export interface RangeQuery {
  readonly scope: Scope
  /** whose rows are listed, as `c` */
  readonly concept: ConceptFields
  /** whether the live rows are read or the deleted ones */
  readonly state: RowState
  /** columns that each row gives beside its keys: `company_id` */
  readonly links: readonly string[]
  readonly terms: readonly OrderTerm[]
  /** what the rows must fulfil beside being in that state and visible; null for all of them */
  readonly filter: Condition | null
  /** what decides, for all rows at once, whether there are any: it is asked before a row is looked for; null without */
  readonly guard: Condition | null
  /**
   * `few`: the filter names the rows by their ids; `many`: more rows match it than are found first (see
   * matching-ids.ts)
   */
  readonly matches: 'few' | 'many' | 'unknown'
  /** what is asked of a row's id before its filter */
  readonly walk: (id: Sql) => readonly Condition[]
  /** the whole filter, asked of a row's id; null where it needs the row */
  readonly byId: ((id: Sql) => Condition) | null
  /** how the first rows of the order are held against the filter at once; null where each is looked at by itself */
  readonly firstRows: FirstRowsAtOnce | null
  /** what keeps the list to one parent: `c.company_id = parent.id`; null in a root list */
  readonly parent: Condition | null
  /** the most rows that one range gives: in a page `offset + limit` */
  readonly limit: number
}
