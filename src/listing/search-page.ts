import type { RawBuilder } from 'kysely'
import { statement } from '../database/sql.js'
import type { CursorPlace } from '../lib/cursor.js'
import { AppError } from '../lib/errors.js'
import type { Lister } from './lister.js'
import { fitsOf, recordFits, SEARCHED, type Search } from './search-conditions.js'
import { MISSPELT_TIER, misspeltSql } from './search-misspelt.js'
import { misspeltWords } from './search-terms.js'
import { tiersSql } from './search-tiers.js'

type Condition = RawBuilder<boolean>
type Sql = RawBuilder<unknown>

/** The part of what a search finds that is wanted. */
export interface SearchWanted {
  readonly limit: number
  /** the place beyond which it lies, in the direction in which it is read */
  readonly after: CursorPlace | null
  /** read from its end */
  readonly isBackward: boolean
  /** what the records, as `c`, must fulfil beside; null for all of them */
  readonly where: Condition | null
}

/** What a search found. */
export interface FoundPlaces {
  /** in the direction in which they were read; the keys are the tier, and in the fourth the similarity in hundredths */
  readonly places: readonly CursorPlace[]
  /** whether time ran out for spelling mistakes: then they are missing, and nothing else is */
  readonly isPartial: boolean
}

/**
 * Places of the records that a search finds, best first: where it fits whole words (1), starts of words (2), parts of
 * them (3), and, where no row does, words spelt alike (4). Within a tier newest first by their ids; in the fourth
 * the most similar first. One statement for the first three, another for the fourth where they have none.
 * @throws TIMEOUT where nothing could be read in time
 */
export async function searchPage(search: Search, lister: Lister, wanted: SearchWanted): Promise<FoundPlaces> {
  const places = await searchAsWritten(search, lister, wanted)
  if (!mayBeMisspelt(places, wanted.after)) return { places, isPartial: false }
  return searchMisspelt(search, lister, wanted)
}

/** Whether words spelt alike are to be looked for: where none were found as written, before this page or on it. */
export function mayBeMisspelt(asWritten: readonly CursorPlace[], after: CursorPlace | null): boolean {
  return asWritten.length === 0 && (after === null || tierOf(after) === MISSPELT_TIER)
}

/** The first three tiers of a search: one statement, none behind them. @throws TIMEOUT */
export async function searchAsWritten(
  search: Search,
  lister: Lister,
  { limit, after, isBackward, where }: SearchWanted,
): Promise<CursorPlace[]> {
  const from = tierOf(after)
  if (search.terms.length === 0 || from === MISSPELT_TIER) return []
  const reached = fitsOf(search.terms).filter((tier) => from === null || (isBackward ? tier <= from : tier >= from))
  const tiers = isBackward ? reached.reverse() : reached
  if (tiers.length === 0) return []
  const afterId = after && tiers[0] === from ? after.id : null
  const records = recordFits(search, lister.registry, where)
  return readPlaces(search, lister, 'search', tiersSql(search, { tiers, limit, afterId, isBackward, where: records }))
}

/** The fourth tier, as if the others had none: one statement, none where nothing can be misspelt. */
export async function searchMisspelt(
  search: Search,
  lister: Lister,
  { limit, after, isBackward, where }: SearchWanted,
): Promise<FoundPlaces> {
  const words = misspeltWords(search.terms)
  if (words === null) return { places: [], isPartial: false }
  const records = recordFits(search, lister.registry, where)
  const query = misspeltSql(search, { words, limit, from: after, isBackward, where: records })
  try {
    return { places: await readPlaces(search, lister, 'search.misspelt', query), isPartial: false }
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
  { database }: Lister,
  kind: string,
  query: Sql,
): Promise<CursorPlace[]> {
  const label = `${kind}.${SEARCHED[type].list}`
  const rows = await database.search<FoundRow>(scope.tenantId, statement(label, query))
  return rows.map(({ id, tier, similarity }) => ({ keys: similarity === undefined ? [tier] : [tier, similarity], id }))
}
