import type { SearchedType } from './conditions.js'
import type { SearchTerm } from './terms.js'

/** A value of a record that a search was found in. */
export interface SearchMatch {
  readonly field: 'NAME' | 'LEGAL_NAME' | 'EMAIL' | 'PHONE' | 'DOMAIN'
  /** as it is stored */
  readonly text: string
}

/** Which record's matches are wanted, and of which search; records that were found by one search have one `text`. */
export interface SearchMatchKey {
  readonly type: SearchedType
  readonly id: string
  readonly terms: readonly SearchTerm[]
  /** whether it was found by words that are spelt alike */
  readonly isMisspelt: boolean
  readonly text: string
}

/** The row of a contact or company, with the name of its type in the API. */
export interface SearchedRow {
  readonly __typename: 'Contact' | 'Company'
  readonly id: string
}

/** A record that was found, on its way to the API. */
export interface SearchHit extends SearchMatchKey {
  readonly record: SearchedRow
}
