/**
 * Which access path (access-paths.ts) a search takes. It depends on how many rows an index finds, so the statement counts
 * them first: each index is asked for one more than its limit, and a path is taken only if there aren't more. The limits
 * keep every search near the cost of the last line, whatever the planner thinks of it.
 *
 * First all ranks at once (ranks-together.ts); mostly that is all:
 *
 *   the index of addresses gives   the trigram index gives   then
 *   100 ids or fewer               (not asked)               these records, and the other terms row by row
 *   more, or no term is for it     500 rows or fewer         these rows, and addresses row by row
 *   more, or no term is for it     more, or no term is       each rank alone
 *
 * Then each rank alone (rank-alone.ts), best first, until the page is full; the first line that holds:
 *
 *   the trigram index gives 800 rows or fewer      these rows, all of them
 *   the index of addresses gives 20,000 ids or     these records, one after another in the order of the list, until the
 *   fewer; 2,000 beside words                      page is full
 *   else                                           all records in the order of the list, until the page is full
 *
 * Why the last line is cheap: of what the trigram index finds more than 800 times among a million records, one record in
 * 1,250 is one. So a page of 21 is full after 26,000 entries of the index that has the records in order: 9 milliseconds.
 */

/** Rows of all ranks that the trigram index may find; reading them at once is a loss where they are more. */
export const MAX_ROWS_OF_ALL_RANKS = 500

/** Records of all ranks that the index of addresses may give: each is looked up in three ways, at four pages each. */
export const MAX_IDS_OF_ALL_RANKS = 100

/** Rows of one rank that the trigram index may find. */
export const MAX_ROWS_OF_ONE_RANK = 800

/** Records of one rank that the index of addresses may give: it has 100 of them a page. */
export const MAX_IDS_OF_ONE_RANK = 20_000

/** The same where words are looked for beside and many records have them: most of the ids may be looked up in vain. */
export const MAX_IDS_OF_ONE_RANK_BESIDE_WORDS = 2000
