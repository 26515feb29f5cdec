/**
 * Which access path (access-paths.ts) a search takes depends on how many rows an index finds. So the statement itself
 * counts them: it reads one more than a limit from the index, and takes the path only where there aren't more. Each
 * line is tried where the ones above don't hold.
 *
 * First for all ranks at once (ranks-together.ts), a small statement that is enough for most searches:
 *
 *   an index finds                      what is read                                     at most
 *   100 ids or fewer, of addresses      the rows of these ids                            1,200 blocks
 *   500 rows or fewer, by trigrams      these rows                                       500 rows
 *   more                                each rank alone
 *
 * Then, in a second statement, for each rank alone (rank-alone.ts), best first, until the page is full:
 *
 *   an index finds                      what is read                                     at most
 *   800 rows or fewer, by trigrams      these rows                                       800 rows
 *   20,000 ids or fewer, of addresses   the rows of these ids, in the order of the       200 blocks for the ids, and what
 *   (2,000 beside words)                list, until the page is full                     fills the page
 *   more                                all rows, in the order of the list, until the    26,000 entries of an index,
 *                                       page is full                                     9 milliseconds
 *
 * A search has no line for an index that none of its terms can use: `ann` none for addresses, `anna@` none for
 * trigrams.
 *
 * The last line is cheap because many have what is looked for: more than 800 of a million records are one in 1,250, so
 * a page of 21 is full after 21 × 1,250 = 26,000 records. So no search reads much more than that, whatever the planner
 * thinks of it.
 */

/** Rows of all ranks that the trigram index may find; reading them at once is a loss where they are more. */
export const MAX_ROWS_OF_ALL_RANKS = 500

/** Ids of all ranks that the index of addresses may give: each is looked up in three ways, at four blocks each. */
export const MAX_IDS_OF_ALL_RANKS = 100

/** Rows of one rank that the trigram index may find. */
export const MAX_ROWS_OF_ONE_RANK = 800

/** Ids of one rank that the index of addresses may give: a block of it (8 kB) has 100. */
export const MAX_IDS_OF_ONE_RANK = 20_000

/** The same where words are looked for beside and many records have them: most of the ids may be looked up in vain. */
export const MAX_IDS_OF_ONE_RANK_BESIDE_WORDS = 2000
