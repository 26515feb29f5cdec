/*
 * Full-text search. A search goes through these files, from top to bottom:
 *
 *   search.resolvers.ts              `search(query: …)`, over contacts and companies
 *   search.service.ts                one page of both types in one order (here)
 *   list-search.ts                   `contacts(search: …)`: a search that narrows one list
 *   terms.ts                         reads the text: `anna @a.com` is a word and an e-mail address
 *   page.ts, count.ts                the statements of a page (as written; if there is nothing, misspelt) and a count
 *   ranks-together.ts                SQL of ranks 1 to 3 at once, each word folded once (folded-words.ts)
 *   usual-search.ts                  whose text and plan are kept
 *   ranked-rows.ts                   where that is about many rows: SQL of each rank alone (rank-alone.ts)
 *   misspelt-rows.ts                 SQL of rank 4, from the words that may be misspelt (misspelt-words.ts)
 *   limits.ts, access-paths.ts       which index is read when, and the conditions for each
 *   text-, address-conditions.ts     what one term in one rank (ranks.ts) asks of a text, of an address
 *   writings.ts                      how a word may be written otherwise: Müller, Mueller
 *   searched-rows.ts                 the tables that are searched; search-rows.ts keeps them up to date
 *   matches.loaders.ts, .repository  in which values a record was found, read only where they are selected
 */
import { AppError } from '../lib/errors.js'
import type { CursorList, CursorPlace } from '../lib/cursor.js'
import type { Scope } from '../access/scope.js'
import { allValues, mapValue } from '../lib/promise.js'
import { once } from '../lib/once.js'
import { toPage, type Page, type RowsById } from '../list/connection.js'
import { toIdPage } from '../list/id-page.js'
import type { Lister } from '../list/lister.js'
import { DEFAULT_PAGE_SIZE, fingerprint, type PageWanted } from '../list/list-query.js'
import type { FoundPlaces } from '../list/list-search.js'
import { mayBeMisspelt, searchAsWritten, searchMisspelt } from './page.js'
import { MISSPELT_RANK } from './ranks.js'
import type { SearchedType } from './searched-rows.js'
import { parseSearch, type SearchTerm } from './terms.js'
import type { SearchedRow, SearchMatchKey, FoundRecord } from './search.row.js'

export interface SearchArguments {
  readonly query: string
  readonly types?: readonly SearchedType[] | null | undefined
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

/** A search over several types; it is read once, when a part of it is selected. */
export interface SearchConnection {
  page(): Promise<Page<FoundRecord>>
  /** whether time ran out for a part of it: then there may be more */
  isPartial(): Promise<boolean>
}

/** Gives records of each type by their ids, live ones alone. */
export type SearchedRows = Readonly<Record<SearchedType, RowsById<SearchedRow>>>

const TYPES: readonly SearchedType[] = ['CONTACT', 'COMPANY']

/**
 * What a search finds among contacts and companies at once, best first: a statement for each type, side by side, a
 * second one where a type has many rows, and another each for spelling mistakes where neither has anything as written. A
 * search for nothing finds nothing and runs nothing. A record that was deleted after its place was found is left out of
 * the page, which then has one less; the page's cursors stay.
 * @throws INVALID_CURSOR at once; TIMEOUT from its parts, where nothing was found in time
 */
export function search(scope: Scope, lister: Lister, args: SearchArguments, rows: SearchedRows): SearchConnection {
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
    const of = { terms, fingerprint: cursorList.filter }
    const records = await readRecords(rows, of, idPage.places, found.typeOf)
    return {
      page: toPage(lister, { cursorList, page }, idPage, records),
      isPartial: found.isPartial,
    }
  })
  return {
    page: async () => (await read()).page,
    isPartial: async () => (await read()).isPartial,
  }
}

interface FoundInTypes extends FoundPlaces {
  /** by the id of a record */
  readonly typeOf: ReadonlyMap<string, SearchedType>
}

/**
 * Places of several types in one order, up to one more than the page has of each type. Rank 4 is noise beside what is
 * there as written, be it of the other type: so it is read only where no type has anything as written.
 *
 *   as written, of the types                     then                                      partial
 *   read, something found                        that                                      no
 *   read, nothing found (see mayBeMisspelt)      rank 4                                    if time runs out for that
 *   one timed out, the other found something     what the other found                      yes
 *   one timed out, nothing found                 TIMEOUT: nobody is told that there is nothing
 *
 * @throws TIMEOUT where none was found in time
 */
async function readTypes(
  scope: Scope,
  lister: Lister,
  types: readonly SearchedType[],
  terms: readonly SearchTerm[],
  { size, from }: PageWanted,
): Promise<FoundInTypes> {
  const wanted = { limit: size + 1, after: from, isBackward: false, where: null }
  const read = await Promise.allSettled(
    types.map((type) => searchAsWritten({ scope, type, terms }, lister.database, wanted)),
  )
  const failures = read.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))
  const fault = failures.find((reason) => !isTimeout(reason))
  if (fault !== undefined) throw fault
  const asWritten = read.map((result) => ({
    places: result.status === 'fulfilled' ? result.value : [],
    isPartial: result.status === 'rejected',
  }))
  const allAsWritten = asWritten.flatMap((part) => part.places)
  const isMisspelt = failures.length === 0 && mayBeMisspelt(allAsWritten, from)
  const found = isMisspelt
    ? await Promise.all(types.map((type) => searchMisspelt({ scope, type, terms }, lister.database, wanted)))
    : asWritten
  const typeOf = new Map(
    found.flatMap(({ places }, index) => places.map(({ id }) => [id, types[index] as SearchedType] as const)),
  )
  const places = found.flatMap((part) => part.places)
  const isPartial = found.some((part) => part.isPartial)
  if (isPartial && places.length === 0)
    throw new AppError('TIMEOUT', 'The search took too long; search for more of the word.', { cause: failures[0] })
  return { places: places.sort(byPlace), isPartial, typeOf }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof AppError && reason.code === 'TIMEOUT'
}

/** Better ranks first, then the more similar, then the newer record: the order that each type has by itself. */
function byPlace(a: CursorPlace, b: CursorPlace): number {
  return rankOf(a) - rankOf(b) || similarityOf(b) - similarityOf(a) || (a.id < b.id ? 1 : -1)
}

function rankOf({ keys }: CursorPlace): number {
  return Number(keys[0])
}

/** In hundredths; 0 in ranks 1 to 3, which have none. */
function similarityOf({ keys }: CursorPlace): number {
  return Number(keys[1] ?? 0)
}

/** The records of some places, in their order; null where one is gone. */
async function readRecords(
  rows: SearchedRows,
  { terms, fingerprint }: Pick<SearchMatchKey, 'terms' | 'fingerprint'>,
  places: readonly CursorPlace[],
  typeOf: FoundInTypes['typeOf'],
): Promise<readonly (FoundRecord | null)[]> {
  const idsOf = (type: SearchedType) => places.map(({ id }) => id).filter((id) => typeOf.get(id) === type)
  await allValues(TYPES.map((type) => rows[type].loadAll(idsOf(type))))
  return allValues(
    places.map((place): FoundRecord | null | Promise<FoundRecord | null> => {
      const { id } = place
      const type = typeOf.get(id) as SearchedType
      const isMisspelt = rankOf(place) === MISSPELT_RANK
      return mapValue(rows[type].get(id), (record) => record && { terms, fingerprint, type, id, isMisspelt, record })
    }),
  )
}
