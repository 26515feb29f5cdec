import { sql, type RawBuilder } from 'kysely'
import type { CursorPlace } from '../lib/cursor.js'
import { and, rowFit, searchedId, searchedRows, type Search } from './search-conditions.js'
import { exactSql } from './search-tiers.js'

type Condition = RawBuilder<boolean>

/** The tier of what is spelt alike: its places have a similarity beside. */
export const MISSPELT_TIER = 4

/** Where so many rows have the words as they are written, nobody is helped by others that are spelt alike. */
export const ENOUGH = 1

/** Several words are alike by more than one of them: half of "smith john" is in each Smith. */
const MIN_SIMILARITY_OF_SEVERAL = 0.6

interface MisspeltWanted {
  readonly words: string
  readonly limit: number
  /** the place of the fourth tier where it is entered; null at its beginning */
  readonly from: CursorPlace | null
  readonly isBackward: boolean
  readonly where: Condition | null
  /** whether better tiers are known to have no rows; else the statement looks itself */
  readonly isDue: boolean
}

/** The fourth tier as a SELECT of `tenant_id, id, tier, similarity`, the most similar first. */
export function misspeltSql(search: Search, wanted: MisspeltWanted): RawBuilder<unknown> {
  const { words, limit, from, isBackward, where, isDue } = wanted
  const [direction, beyond] = isBackward ? [sql`asc`, sql`>`] : [sql`desc`, sql`<`]
  const similarity = sql`round(word_similarity(kith_words(${words}), s.text) * 100)::int`
  const after = from ? sql` where (similarity, id) ${beyond} (${from.keys[1]}::int, ${from.id}::uuid)` : sql``
  const exact = isDue ? sql`` : sql`with exact as materialized (${exactSql(search, where)}) `
  const found = sql`select s.tenant_id, ${searchedId(search)} as id, ${similarity} as similarity
    from ${misspeltRows(search, words, where)}${isDue ? sql`` : sql` and ${isDueSql()}`}`
  return sql`${exact}select tenant_id, id, ${sql.lit(MISSPELT_TIER)} as tier, similarity from (${found}) as found${after}
    order by similarity ${direction}, id ${direction} limit ${sql.lit(limit)}`
}

/** The rows of `s` that are spelt alike and in no better tier. The threshold is set for kith_search. */
export function misspeltRows(search: Search, words: string, where: Condition | null): RawBuilder<unknown> {
  const conditions = [sql<boolean>`s.text %> kith_words(${words})`, sql<boolean>`not ${rowFit(search, 3)}`]
  if (/\S\s+\S/u.test(words)) {
    conditions.push(sql`word_similarity(kith_words(${words}), s.text) >= ${sql.lit(MIN_SIMILARITY_OF_SEVERAL)}`)
  }
  return sql`${searchedRows(search)} and ${and(where ? [...conditions, where] : conditions)}`
}

/** Whether the better tiers, which stand in `exact`, have none. */
export function isDueSql(): Condition {
  return sql`(select count(*) from (select 1 from exact limit ${sql.lit(ENOUGH)}) as enough) < ${sql.lit(ENOUGH)}`
}
