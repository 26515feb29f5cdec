import type { SearchedType } from './searched-rows.js'
import type { SearchTerm } from './terms.js'

/** A value of a record in which a term of the search stands: `{ field: 'EMAIL', text: 'anna@a.com' }`. */
export interface SearchMatch {
  readonly field: 'NAME' | 'LEGAL_NAME' | 'EMAIL' | 'PHONE' | 'DOMAIN' | 'CUSTOM_FIELD'
  /** as it is stored */
  readonly text: string
  /** the key of the custom field; null for others */
  readonly key: string | null
}

/** Which record's matches are wanted, and of which search. */
export interface SearchMatchKey {
  readonly type: SearchedType
  readonly id: string
  readonly terms: readonly SearchTerm[]
  /** whether it was found in rank 4, by words like those of the search */
  readonly isMisspelt: boolean
  /** the same for all records that one search found, another for each other search */
  readonly fingerprint: string
}

/** The row of a contact or company, with the name of its type in the API. */
export interface SearchedRow {
  readonly __typename: 'Contact' | 'Company'
  readonly id: string
}

/** A record that was found, on its way to the API: its row, and by what its matches are found. */
export interface FoundRecord extends SearchMatchKey {
  readonly record: SearchedRow
}
