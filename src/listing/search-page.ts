import type { RawBuilder } from 'kysely'
import { statement } from '../database/sql.js'
import type { CursorPlace } from '../lib/cursor.js'
import { AppError } from '../lib/errors.js'
import type { Scope } from '../lib/scope.js'
import type { Lister } from './lister.js'
import { fitsOf, recordFits, SEARCHED, type Search, type SearchedType } from './search-conditions.js'
import { ENOUGH, MISSPELT_TIER, misspeltSql } from './search-misspelt.js'
import { misspeltWords, type SearchTerm } from './search-terms.js'
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
 * the most similar first. One statement for the first three, another for the fourth where they don't fill the page.
 * @throws TIMEOUT where nothing could be read in time
 */
export async function searchPage(
  scope: Scope,
  lister: Lister,
  type: SearchedType,
  terms: readonly SearchTerm[],
  wanted: SearchWanted,
): Promise<FoundPlaces> {
  if (terms.length === 0) return { places: [], isPartial: false }
  const reading: Reading = { scope, lister, type, terms }
  return wanted.isBackward ? readBackwards(reading, wanted) : readForwards(reading, wanted)
}

interface Reading extends Search {
  readonly lister: Lister
}

async function readForwards(reading: Reading, wanted: SearchWanted): Promise<FoundPlaces> {
  const { after, limit } = wanted
  const isBehind = tierOf(after) === MISSPELT_TIER
  const exact = isBehind ? [] : await readTiers(reading, wanted)
  if (exact.length >= Math.min(limit, ENOUGH)) return { places: exact, isPartial: false }
  // Without a place to start from, all rows of the better tiers were just read.
  const alike = await readMisspelt(reading, { ...wanted, limit: limit - exact.length }, after === null || isBehind)
  return { places: [...exact, ...(alike ?? [])], isPartial: alike === null }
}

async function readBackwards(reading: Reading, wanted: SearchWanted): Promise<FoundPlaces> {
  const { after, limit } = wanted
  const isBehind = tierOf(after) === MISSPELT_TIER
  const alike = after === null || isBehind ? await readMisspelt(reading, wanted, isBehind) : []
  const left = limit - (alike?.length ?? 0)
  const exact = left > 0 ? await readTiers(reading, { ...wanted, limit: left }) : []
  return { places: [...(alike ?? []), ...exact], isPartial: alike === null }
}

function tierOf(place: CursorPlace | null): number | null {
  return place ? Number(place.keys[0]) : null
}

interface FoundRow {
  readonly id: string
  readonly tier: number
  readonly similarity?: number
}

async function readPlaces({ scope, lister, type }: Reading, kind: string, query: Sql): Promise<CursorPlace[]> {
  const label = `${kind}.${SEARCHED[type].list}`
  const rows = await lister.database.search<FoundRow>(scope.tenantId, statement(label, query))
  return rows.map(({ id, tier, similarity }) => ({ keys: similarity === undefined ? [tier] : [tier, similarity], id }))
}

async function readTiers(reading: Reading, { limit, after, isBackward, where }: SearchWanted): Promise<CursorPlace[]> {
  const from = tierOf(after)
  const reached = fitsOf(reading.terms).filter((tier) => from === null || (isBackward ? tier <= from : tier >= from))
  const tiers = isBackward ? reached.reverse() : reached
  if (tiers.length === 0) return []
  const afterId = after && tiers[0] === from ? after.id : null
  const query = tiersSql(reading, {
    tiers,
    limit,
    afterId,
    isBackward,
    where: recordFits(reading, reading.lister.registry, where),
  })
  return readPlaces(reading, 'search', query)
}

/**
 * The rows of the fourth tier; null where time ran out. `isDue` says that better tiers are known to have no rows; else the
 * statement counts them itself.
 */
async function readMisspelt(
  reading: Reading,
  { limit, after, isBackward, where }: SearchWanted,
  isDue: boolean,
): Promise<CursorPlace[] | null> {
  const words = misspeltWords(reading.terms)
  if (words === null) return []
  const records = recordFits(reading, reading.lister.registry, where)
  const from = tierOf(after) === MISSPELT_TIER ? after : null
  const query = misspeltSql(reading, { words, limit, from, isBackward, where: records, isDue })
  try {
    return await readPlaces(reading, 'search.misspelt', query)
  } catch (error) {
    if (error instanceof AppError && error.code === 'TIMEOUT') return null
    throw error
  }
}
