import { sql, type Sql } from '../lib/sql.js'
import { addressRows, type AddressTerm } from './address-conditions.js'
import { and, or, type Condition } from './logic.js'
import type { Rank } from './ranks.js'
import { SEARCHED, searchedId, searchedRows, type Search } from './searched-rows.js'
import { isTextTerm, textCondition, wordsCondition, type StandsInText } from './text-conditions.js'
import type { SearchTerm } from './terms.js'

/**
 * Whether a row of `s` has all terms of a search in a rank **or a better one**: so rank 3 is true of all that are
 * found. There are four ways to tell, with the same answer; limits.ts says which one is taken.
 *
 *   function         what is read                                           good for
 *   byTrigramIndex   the trigram index on the texts                         words that few records have
 *   byAddressIndex   the B-tree of e-mail addresses, or of domains          an address; a domain that few have
 *   rowByRow         the rows that another path has found                   all other terms; 3 microseconds a row
 *   inRecordOrder    records one after another, from a B-tree that has      words that many records have, so that a page
 *                    (tenant, record, start of the text)                    is soon full; 0.3 microseconds a row
 */
export type AccessPath = (search: Search, rank: Rank) => Condition

/** Characters of a text that the B-tree of records has; a start of fewer bytes is certainly the whole text. */
const START_CHARACTERS = 600

/** The same search for its words and numbers alone, and for its e-mail addresses and domains alone. */
export function splitSearch(search: Search): { readonly texts: Search; readonly addresses: Search } {
  return {
    texts: { ...search, terms: search.terms.filter(isTextTerm) },
    addresses: { ...search, terms: search.terms.filter((term) => !isTextTerm(term)) },
  }
}

/**
 * By the trigram index on the text; addresses are looked up row by row. Null where no term is about the text.
 *
 * The planner always takes that index, because the patterns are sub-selects: of `like (select …)` it expects one row in
 * 200. Given the pattern itself it would guess by the length of it alone, since row-level security keeps it from the
 * statistics, and read a whole tenant for five letters.
 */
export function byTrigramIndex(search: Search, rank: Rank): Condition | null {
  const { terms } = search
  if (!terms.some(isTextTerm)) return null
  const like = (string: Sql): Condition => sql`s.text like (select '%' || ${string} || '%')`
  return and(terms.map((term) => termCondition(search, term, rank, like)))
}

/** Without an index on the text, for rows that another path has found; `text` is `s.text` unless given. */
export function rowByRow(search: Search, rank: Rank, text: Sql = sql.ref('s.text')): Condition {
  const within = (string: Sql): Condition => sql`strpos(${text}, ${string}) > 0`
  return and(search.terms.map((term) => termCondition(search, term, rank, within)))
}

/**
 * For rows of `s` that are read in the order of their records: from the index that has the start of their texts, which
 * is the whole of nearly all of them. Of a text that is longer, the table is asked.
 */
export function inRecordOrder(search: Search, rank: Rank): Condition {
  const { table, id } = SEARCHED[search.type]
  const whole = sql`select ${rowByRow(search, rank, sql.ref('w.text'))} from ${sql.table(table)} as w
    where w.tenant_id = ${search.scope.tenantId} and ${sql.ref(`w.${id}`)} = ${searchedId(search)}`
  return sql`case when octet_length(s.start) < ${sql.lit(START_CHARACTERS)} then ${rowByRow(search, rank, sql.ref('s.start'))} else (${whole}) end`
}

/** What the index of addresses finds for one of the terms. */
export interface ByAddress {
  /** a SELECT of `id`, of records; some come twice */
  readonly ids: Sql
  /** the search for that term alone */
  readonly own: Search
  /** the search for all other terms */
  readonly rest: Search
}

/**
 * The records that have one of the terms in a rank or a better one, by the B-trees of addresses. Taken is the term that
 * few records have, as far as can be told without looking: an address with a part before the `@`, else the first
 * domain. A domain's words are looked for by the trigram index as well. Null where all terms are about the text.
 */
export function byAddressIndex(search: Search, rank: Rank): ByAddress | null {
  const addressTerms = search.terms.filter((term): term is AddressTerm => !isTextTerm(term))
  const term = addressTerms.find((address) => address.kind === 'email' && address.local !== '') ?? addressTerms[0]
  if (!term) return null
  const found = addressRows(search, term, rank).map(({ id, rows }) => sql`select ${id} as id from ${rows}`)
  if (term.kind === 'domain') {
    const words = byTrigramIndex({ ...search, terms: term.words }, rank)
    found.push(sql`select ${searchedId(search)} as id from ${searchedRows(search)} and ${words ?? sql`false`}`)
  }
  const rest = { ...search, terms: search.terms.filter((other) => other !== term) }
  return { ids: sql.join(found, sql` union all `), own: { ...search, terms: [term] }, rest }
}

function termCondition(search: Search, term: SearchTerm, rank: Rank, standsInText: StandsInText): Condition {
  if (isTextTerm(term)) return textCondition(term, rank, standsInText, search.wordSql)
  return addressCondition(search, term, rank, standsInText)
}

// A scalar sub-select is run for each row; EXISTS might become a join that reads everybody's addresses at a large
// domain.
function addressCondition(search: Search, term: AddressTerm, rank: Rank, standsInText: StandsInText): Condition {
  const found = addressRows(search, term, rank).map(
    ({ id, rows }) =>
      sql<boolean>`coalesce((select true from ${rows} and ${id} = ${searchedId(search)} limit 1), false)`,
  )
  return or(term.kind === 'domain' ? [...found, wordsCondition(term.words, rank, standsInText, search.wordSql)] : found)
}
