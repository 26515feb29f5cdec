import type { RecordType } from './scope.js'

/** What lists know of a concept: pure data, exported by each `<concept>.fields.ts`. */
export interface ConceptFields {
  readonly type: RecordType
  /** name of its root list in the API */
  readonly list: string
  readonly table: string
  /** whether deleted rows are left out */
  readonly live: boolean
  /** the order when none is asked for; the id breaks ties in the same direction */
  readonly order: { readonly column: string; readonly direction: 'asc' | 'desc'; readonly sqlType: string }
}
