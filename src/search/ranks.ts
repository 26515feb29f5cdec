import type { Condition } from './logic.js'
import type { SearchTerm } from './terms.js'

/**
 * How exactly a record has the terms of a search as they are written; 1 is best, and comes first in a list. A record
 * has the rank of its worst term: `joh smith` finds John Smith in rank 2, because `joh` is only the start of a word.
 *
 *   term                  rank 1                   rank 2                        rank 3
 *   word `smith`          a word is `smith`        a word starts with it         a word contains it
 *   short word `jo`       a word is `jo`           a word starts with it         –
 *   phone `224 3441`      a number is 2243441 *    a number starts or ends so *  a number contains it *
 *   e-mail `anna@a.com`   an address is this       an address starts so          –
 *   e-mail `anna@`        an address starts so     –                             –
 *   e-mail `@a.com`       a domain is this         a domain starts so            –
 *   domain `a.com`        a domain is this *       a domain starts so *          as rank 2 *
 *
 *   –   finds no more than the rank before
 *   *   or all words of the term are found in this rank: `anna.schmidt` may be a name, and `54 1999` a part of one
 *
 * A word may be written otherwise as well (writings.ts): `müller` is `mueller` in all ranks, `mueller` is `muller` in
 * rank 3.
 *
 * Where none of them has a record, rank 4 has those with words like the given ones, which may be misspelt.
 */
export type Rank = 1 | 2 | 3

/** The worst of the ranks in which terms are found as they are written. */
export const WORST_RANK = 3

/**
 * The rank of records with words like the given ones (misspelt-rows.ts); a place in it has a similarity beside the
 * rank.
 */
export const MISSPELT_RANK = 4

/** Stands for a rank where there is more than may be read for all ranks at once. */
export const INCOMPLETE = 0

/** The ranks in which a search finds records as written, best first: `jo anna@` has only 1 and 2. */
export function ranksOf(terms: readonly SearchTerm[]): Rank[] {
  const worst = Math.max(...terms.map(worstRank))
  return ([1, 2, WORST_RANK] as const).filter((rank) => rank <= worst)
}

function worstRank(term: SearchTerm): Rank {
  if (term.kind === 'word') return term.isShort ? 2 : WORST_RANK
  if (term.kind === 'email') return term.domain === '' ? 1 : 2
  return WORST_RANK
}

/** The part of the ranks 1 to 3 of a search that is wanted. */
export interface RanksWanted {
  /** in the order in which they are read: best first, or worst first where they are read backward */
  readonly ranks: readonly Rank[]
  readonly limit: number
  /** the record beyond which the first of the ranks is entered; null at its beginning */
  readonly afterId: string | null
  readonly isBackward: boolean
  /** what the rows of `s` must fulfil beside; null for all of them */
  readonly where: Condition | null
}
