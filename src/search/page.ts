import { compileSql, type Sql } from '../lib/sql.js'
import { statement } from '../database/sql.js'
import type { Statement } from '../database/statement.js'
import type { CursorPlace } from '../lib/cursor.js'
import type { FieldUses } from '../lib/field-uses.js'
import { AppError } from '../lib/errors.js'
import type { Database } from '../database/database.js'
import type { FoundPlaces, SearchWanted } from '../list/list-search.js'
import { rankedMisspeltRows } from './misspelt-rows.js'
import { misspeltWords } from './misspelt-words.js'
import { rankedRows } from './ranked-rows.js'
import { ranksTogether } from './ranks-together.js'
import { INCOMPLETE, MISSPELT_RANK, ranksOf } from './ranks.js'
import { recordCondition, SEARCHED, type Search } from './searched-rows.js'
import { isUsual, usualSql } from './usual-search.js'

/**
 * A page of what a search finds, best first: as written (ranks 1 to 3, newest first within a rank), and only where
 * there is nothing as written, misspelt (rank 4, the most similar first). A place is the id of a record with its rank
 * and, in rank 4, its similarity: `{ keys: [2], id }`, `{ keys: [4, 71], id }`. Rank 4 takes a
 * statement of its own.
 * @throws TIMEOUT where what is there as written couldn't be read in time
 */
export async function searchPage(search: Search, database: Database, wanted: SearchWanted): Promise<FoundPlaces> {
  const places = await searchAsWritten(search, database, wanted)
  if (!mayBeMisspelt(places, wanted.after)) return { places, isPartial: false }
  return searchMisspelt(search, database, wanted)
}

/**
 * Whether rank 4 is read, given the places of this page that were found as written and the place before the page:
 *
 *   place before    found as written    rank 4
 *   none            something           no
 *   none            nothing             yes: nothing is there as written
 *   in rank 1 to 3  either              no: something was there as written
 *   in rank 4       (not asked)         yes: it goes on
 */
export function mayBeMisspelt(asWritten: readonly CursorPlace[], after: CursorPlace | null): boolean {
  return asWritten.length === 0 && (after === null || rankOf(after) === MISSPELT_RANK)
}

/**
 * The places of a page in ranks 1 to 3, `limit` at most: one statement, and a second one where the index finds many rows;
 * none behind a place in rank 4 or without terms.
 * Behind a place in rank 2, ranks 2 (from there) and 3 are read; read backward, ranks 2 (from there) and 1.
 * @throws TIMEOUT
 */
export async function searchAsWritten(
  search: Search,
  database: Database,
  { limit, after, isBackward, where, uses }: SearchWanted,
): Promise<CursorPlace[]> {
  const from = rankOf(after)
  if (search.terms.length === 0 || from === MISSPELT_RANK) return []
  const reached = ranksOf(search.terms).filter((rank) => from === null || (isBackward ? rank <= from : rank >= from))
  const ranks = isBackward ? reached.reverse() : reached
  if (ranks.length === 0) return []
  const afterId = after && ranks[0] === from ? after.id : null
  const wanted = { ranks, limit, afterId, isBackward, where: recordCondition(search, where) }
  const prepared = isUsual(search, wanted)
  const write = (): Sql => ranksTogether(search, wanted)
  const { text, values } = prepared ? usualSql(search, wanted, write) : compileSql(write())
  const together = {
    text,
    values,
    label: `search.${SEARCHED[search.type].list}`,
    uses,
    prepared,
    sharesFlight: true,
  }
  const places = await readPlaces(search, database, together)
  if (places[0]?.keys[0] !== INCOMPLETE) return places
  return readPlaces(search, database, statementFor(search, 'searchEachRank', rankedRows(search, wanted), uses))
}

/**
 * The places of a page in rank 4, as if nothing were there as written: one statement, none where no word may be
 * misspelt. Partial, and without places, where time ran out.
 */
export async function searchMisspelt(
  search: Search,
  database: Database,
  { limit, after, isBackward, where, uses }: SearchWanted,
): Promise<FoundPlaces> {
  const words = misspeltWords(search.terms)
  if (words === null) return { places: [], isPartial: false }
  const wanted = { words, limit, after, isBackward, where: recordCondition(search, where) }
  const misspelt = statementFor(search, 'searchMisspelt', rankedMisspeltRows(search, wanted), uses)
  try {
    return { places: await readPlaces(search, database, misspelt), isPartial: false }
  } catch (error) {
    if (error instanceof AppError && error.code === 'TIMEOUT') return { places: [], isPartial: true }
    throw error
  }
}

function statementFor({ type }: Search, kind: string, query: Sql, uses: FieldUses | undefined): Statement {
  return { ...statement(`${kind}.${SEARCHED[type].list}`, query), uses }
}

function rankOf(place: CursorPlace | null): number | null {
  return place ? Number(place.keys[0]) : null
}

interface FoundRow {
  readonly id: string
  readonly rank: number
  /** in hundredths; in rank 4 alone */
  readonly similarity?: number
}

async function readPlaces({ scope }: Search, database: Database, query: Statement): Promise<CursorPlace[]> {
  const rows = await database.keys<FoundRow>(scope.tenantId, query)
  return rows.map(({ id, rank, similarity }) => ({ keys: similarity === undefined ? [rank] : [rank, similarity], id }))
}
