import { AppError } from '../lib/errors.js'
import type { CursorList, CursorPlace } from '../lib/cursor.js'
import type { Scope } from '../access/scope.js'
import { once, toPage, type Page } from '../list/connection.js'
import { toIdPage } from '../list/id-page.js'
import type { Lister } from '../list/lister.js'
import { DEFAULT_PAGE_SIZE, fingerprint, type PageWanted } from '../list/list-query.js'
import type { SearchedType } from './conditions.js'
import { MISSPELT_TIER } from './misspelt.js'
import type { FoundPlaces } from '../list/list-search.js'
import { mayBeMisspelt, searchAsWritten, searchMisspelt } from './page.js'
import { parseSearch, type SearchTerm } from './terms.js'
import type { SearchedRow, SearchHit } from './search.row.js'

export interface SearchArguments {
  readonly query: string
  readonly types?: readonly SearchedType[] | null | undefined
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

/** A search over several types; it is read once, when a part of it is selected. */
export interface SearchConnection {
  page(): Promise<Page<SearchHit>>
  /** whether time ran out for a part of it: then there may be more */
  isPartial(): Promise<boolean>
}

/** Reads the live row of a record; null where there is none. */
export type ReadRecord = (type: SearchedType, id: string) => Promise<SearchedRow | null>

const TYPES: readonly SearchedType[] = ['CONTACT', 'COMPANY']

/**
 * What a search finds among contacts and companies at once, best first: a statement for each type, side by side, and
 * another where nothing is found as written, for spelling mistakes. Records that are gone between places and rows are left out; the page's
 * cursors stay. A search for nothing finds nothing and runs nothing.
 * @throws INVALID_CURSOR at once; TIMEOUT from its parts, where nothing was found in time
 */
export function search(scope: Scope, lister: Lister, args: SearchArguments, readRecord: ReadRecord): SearchConnection {
  const { query, after } = args
  const types = TYPES.filter((type) => args.types?.includes(type) ?? true)
  const terms = parseSearch(query, scope.principal.tenant.defaultCountry)
  const cursorList: CursorList = {
    tenantId: scope.tenantId,
    list: 'search',
    order: 'search',
    filter: fingerprint({ types }, query),
  }
  const page: PageWanted = {
    size: args.first ?? DEFAULT_PAGE_SIZE,
    isBackward: false,
    from: after ? lister.cursors.decode(cursorList, after, 'after') : null,
    offset: 0,
  }
  const read = once(async () => {
    const found = await readTypes(scope, lister, types, terms, page)
    const idPage = toIdPage({ page }, found.places)
    const key = { terms, text: cursorList.filter }
    const hits = idPage.places.map((place) => readHit(readRecord, key, place, found.typeOf.get(place.id)))
    return { page: toPage(lister, { cursorList, page }, idPage, await Promise.all(hits)), isPartial: found.isPartial }
  })
  return {
    page: async () => (await read()).page,
    isPartial: async () => (await read()).isPartial,
  }
}

interface FoundTypes extends FoundPlaces {
  readonly typeOf: ReadonlyMap<string, SearchedType>
}

/** Places of several types in one order, one more than the page has. @throws TIMEOUT where none was found in time */
async function readTypes(
  scope: Scope,
  lister: Lister,
  types: readonly SearchedType[],
  terms: readonly SearchTerm[],
  { size, from }: PageWanted,
): Promise<FoundTypes> {
  const wanted = { limit: size + 1, after: from, isBackward: false, where: null }
  const read = await Promise.allSettled(
    types.map((type) => searchAsWritten({ scope, type, terms }, lister.database, wanted)),
  )
  const failed = read.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))
  const other = failed.find((reason) => !isTimeout(reason))
  if (other !== undefined) throw other
  const asWritten = read.map((result) => ({
    places: result.status === 'fulfilled' ? result.value : [],
    isPartial: result.status === 'rejected',
  }))
  // What is spelt alike is noise beside what is there as written, be it of the other type.
  const isDue =
    failed.length === 0 &&
    mayBeMisspelt(
      asWritten.flatMap(({ places }) => places),
      from,
    )
  const found = isDue
    ? await Promise.all(types.map((type) => searchMisspelt({ scope, type, terms }, lister.database, wanted)))
    : asWritten
  const typeOf = new Map(
    found.flatMap(({ places }, index) => places.map(({ id }) => [id, types[index] as SearchedType] as const)),
  )
  const places = found.flatMap((part) => part.places)
  const isPartial = found.some((part) => part.isPartial)
  // Where nothing was found in time, nobody is told that there is nothing.
  if (isPartial && places.length === 0)
    throw new AppError('TIMEOUT', 'The search took too long; search for more of the word.', { cause: failed[0] })
  return { places: places.sort(byPlace), isPartial, typeOf }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof AppError && reason.code === 'TIMEOUT'
}

/** Better tiers first, then what is more alike, then the newer id: as each type's own order. */
function byPlace(a: CursorPlace, b: CursorPlace): number {
  return numberAt(a, 0) - numberAt(b, 0) || numberAt(b, 1) - numberAt(a, 1) || (a.id < b.id ? 1 : -1)
}

function numberAt({ keys }: CursorPlace, index: number): number {
  return Number(keys[index] ?? 0)
}

async function readHit(
  readRecord: ReadRecord,
  key: { readonly terms: readonly SearchTerm[]; readonly text: string },
  place: CursorPlace,
  type: SearchedType | undefined,
): Promise<SearchHit | null> {
  if (type === undefined) return null
  const { id } = place
  const record = await readRecord(type, id)
  return record && { ...key, type, id, isMisspelt: numberAt(place, 0) === MISSPELT_TIER, record }
}
