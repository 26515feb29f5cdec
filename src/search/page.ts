import type { RawBuilder } from 'kysely'
import { statement } from '../database/sql.js'
import type { CursorPlace } from '../lib/cursor.js'
import { AppError } from '../lib/errors.js'
import type { Database } from '../database/database.js'
import type { FoundPlaces, SearchWanted } from '../list/list-search.js'
import { fitsOf, recordFits, SEARCHED, type Search } from './conditions.js'
import { MISSPELT_TIER, misspeltSql } from './misspelt.js'
import { misspeltWords } from './terms.js'
import { tiersSql } from './tiers.js'

type Sql = RawBuilder<unknown>

/**
 * Places of the records that a search finds, best first: where it fits whole words (1), starts of words (2), parts of
 * them (3), and, where no row does, words spelt alike (4). Within a tier newest first by their ids; in the fourth
 * the most similar first. One statement for the first three, another for the fourth where they have none.
 * @throws TIMEOUT where nothing could be read in time
 */
export async function searchPage(search: Search, database: Database, wanted: SearchWanted): Promise<FoundPlaces> {
  const places = await searchAsWritten(search, database, wanted)
  if (!mayBeMisspelt(places, wanted.after)) return { places, isPartial: false }
  return searchMisspelt(search, database, wanted)
}

/** Whether words spelt alike are to be looked for: where none were found as written, before this page or on it. */
export function mayBeMisspelt(asWritten: readonly CursorPlace[], after: CursorPlace | null): boolean {
  return asWritten.length === 0 && (after === null || tierOf(after) === MISSPELT_TIER)
}

/** The first three tiers of a search: one statement, none behind them. @throws TIMEOUT */
export async function searchAsWritten(
  search: Search,
  database: Database,
  { limit, after, isBackward, where }: SearchWanted,
): Promise<CursorPlace[]> {
  const from = tierOf(after)
  if (search.terms.length === 0 || from === MISSPELT_TIER) return []
  const reached = fitsOf(search.terms).filter((tier) => from === null || (isBackward ? tier <= from : tier >= from))
  const tiers = isBackward ? reached.reverse() : reached
  if (tiers.length === 0) return []
  const afterId = after && tiers[0] === from ? after.id : null
  const records = recordFits(search, where)
  return readPlaces(search, database, 'search', tiersSql(search, { tiers, limit, afterId, isBackward, where: records }))
}

/** The fourth tier, as if the others had none: one statement, none where nothing can be misspelt. */
export async function searchMisspelt(
  search: Search,
  database: Database,
  { limit, after, isBackward, where }: SearchWanted,
): Promise<FoundPlaces> {
  const words = misspeltWords(search.terms)
  if (words === null) return { places: [], isPartial: false }
  const records = recordFits(search, where)
  const query = misspeltSql(search, { words, limit, from: after, isBackward, where: records })
  try {
    return { places: await readPlaces(search, database, 'search.misspelt', query), isPartial: false }
  } catch (error) {
    if (error instanceof AppError && error.code === 'TIMEOUT') return { places: [], isPartial: true }
    throw error
  }
}

function tierOf(place: CursorPlace | null): number | null {
  return place ? Number(place.keys[0]) : null
}

interface FoundRow {
  readonly id: string
  readonly tier: number
  readonly similarity?: number
}

async function readPlaces(
  { scope, type }: Search,
  database: Database,
  kind: string,
  query: Sql,
): Promise<CursorPlace[]> {
  const label = `${kind}.${SEARCHED[type].list}`
  const rows = await database.keys<FoundRow>(scope.tenantId, statement(label, query))
  return rows.map(({ id, tier, similarity }) => ({ keys: similarity === undefined ? [tier] : [tier, similarity], id }))
}
