import { sql, type RawBuilder } from 'kysely'
import { rowCondition } from '../access/row-condition.js'
import type { CursorPlace } from '../lib/cursor.js'
import { rowByRow } from './access-paths.js'
import { and, type Condition } from './logic.js'
import { minSimilarity, swappedWords } from './misspelt-words.js'
import { MISSPELT_RANK, WORST_RANK } from './ranks.js'
import { searchedId, searchedRows, type Search } from './searched-rows.js'

type Sql = RawBuilder<unknown>

/** The folded columns of names, each with an index. */
const NAMES = {
  CONTACT: { concept: 'Contact', table: 'contacts', columns: ['last_name_folded', 'first_name_folded'] },
  COMPANY: { concept: 'Company', table: 'companies', columns: ['name_folded'] },
} as const

/** The similarity, in hundredths, of words that differ only by two letters that changed places. */
const SWAPPED_SIMILARITY = 95

/** The part of rank 4 that is wanted. */
interface MisspeltWanted {
  readonly words: string
  readonly limit: number
  /** the place in rank 4 beyond which it lies; null at its beginning */
  readonly after: CursorPlace | null
  readonly isBackward: boolean
  readonly where: Condition | null
}

/**
 * Rank 4 as a SELECT of `tenant_id, id, rank, similarity` (in hundredths): the most similar first, and among equals the
 * newest record.
 */
export function rankedMisspeltRows(search: Search, wanted: MisspeltWanted): Sql {
  const { words, limit, after, isBackward, where } = wanted
  const [direction, beyond] = isBackward ? [sql`asc`, sql`>`] : [sql`desc`, sql`<`]
  const rest = after ? sql` where (similarity, id) ${beyond} (${after.keys[1]}::int, ${after.id}::uuid)` : sql``
  const { steps, rows } = misspeltRows(search, words, where)
  return sql`with ${steps}
    select tenant_id, id, ${sql.lit(MISSPELT_RANK)} as rank, similarity from (${rows}) as found${rest}
    order by similarity ${direction}, id ${direction} limit ${sql.lit(limit)}`
}

interface MisspeltRows {
  /** the steps of a WITH that `rows` reads */
  readonly steps: Sql
  /** a SELECT of `tenant_id, id, similarity` */
  readonly rows: Sql
}

/**
 * The rows that have words like those of the search, and not these as written:
 *
 *   known     for `benrard smith`: `bernard`, `smith`, with which names begin; not `ebnrard`, `msith`, with which none does
 *   swapped   rows that have each word in a form that is known
 *   rows      those; only if there are none, rows that are alike by their trigrams (see minSimilarity)
 *
 * pg_trgm takes the threshold from a setting of the transaction; it is made in the sub-select that gives the words, which
 * runs once, before the index is read.
 */
export function misspeltRows(search: Search, words: string, where: Condition | null): MisspeltRows {
  const others = [...(where ? [where] : []), sql<boolean>`not ${rowByRow(search, WORST_RANK)}`]
  const setting = sql`set_config('pg_trgm.word_similarity_threshold', ${String(minSimilarity(words))}, true)`
  const isAlike = sql<boolean>`s.text %> (select kith_words(${words}) from (select ${setting} offset 0) as setting)`
  const similarity = sql`round(word_similarity(kith_words(${words}), s.text) * 100)::int`
  const select = (value: Sql, condition: Condition): Sql =>
    sql`select s.tenant_id, ${searchedId(search)} as id, ${value} as similarity
      from ${searchedRows(search)} and ${and([condition, ...others])}`
  return {
    steps: sql`known as materialized (${knownForms(search, words)}),
      swapped as materialized (${select(sql.lit(SWAPPED_SIMILARITY), isSwapped(words))})`,
    rows: sql`select tenant_id, id, similarity from swapped
      union all ${select(similarity, and([sql`(select count(*) from swapped) = 0`, isAlike]))}`,
  }
}

/**
 * Those forms of the words (see swappedWords) with which some name begins, as a SELECT of `word, form`; `word` is the place
 * of the word, from 0. Looked up by the indexes on names: the one on the text takes 4 milliseconds a form among a million.
 */
function knownForms({ scope, type }: Search, words: string): Sql {
  const forms = swappedWords(words).flatMap((variants, word) => variants.map((form) => ({ word, form })))
  const { concept, table, columns } = NAMES[type]
  const isKnown = columns.map(
    (
      column,
    ) => sql`exists (select 1 from ${sql.table(table)} as n where n.tenant_id = ${scope.tenantId} and n.deleted_at is null
      and ${rowCondition(scope, concept, 'n')} and ${sql.ref(`n.${column}`)} >= given.form
      and ${sql.ref(`n.${column}`)} < given.form || chr(1114111))`,
  )
  return sql`select word, form from (
      select word, nullif(kith_words(form), '') as form
      from unnest(${forms.map(({ word }) => word)}::int[], ${forms.map(({ form }) => form)}::text[]) as forms (word, form) offset 0
    ) as given where ${sql.join(isKnown, sql` or `)}`
}

/** Whether a row of `s` has a word that starts with a known form, for each of the words; by the trigram index. */
function isSwapped(words: string): Condition {
  return and(
    swappedWords(words).map(
      (_, word) =>
        sql`s.text like any ((select array_agg('% ' || form || '%') from known where word = ${sql.lit(word)})::text[])`,
    ),
  )
}
