import { sql, type Sql } from '../lib/sql.js'
import { rowCondition } from '../access/row-condition.js'
import type { CursorPlace } from '../lib/cursor.js'
import { rowByRow } from './access-paths.js'
import { and, type Condition } from './logic.js'
import { MIN_SIMILARITY, minSimilarity, swappedWords, wordsApart, type WordApart } from './misspelt-words.js'
import { MISSPELT_RANK, WORST_RANK } from './ranks.js'
import { searchedId, searchedRows, type Search } from './searched-rows.js'
import { step } from './with-steps.js'

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
 *   known      for `benrard smith`: `bernard`, `smith`, with which names begin; not `ebnrard`, `msith`, with which none does
 *   swapped    rows that have each word in a form that is known
 *   together   only if there are none, rows that are like all words in one stretch (see minSimilarity)
 *   apart      likewise, and not among those together, rows that are like each word anywhere (see wordsApart)
 *   rows       all of these
 */
export function misspeltRows(search: Search, words: string, where: Condition | null): MisspeltRows {
  const others = [...(where ? [where] : []), sql<boolean>`not ${rowByRow(search, WORST_RANK)}`]
  const select = (value: Sql, conditions: readonly Condition[]): Sql =>
    sql`select s.tenant_id, ${searchedId(search)} as id, ${value} as similarity
      from ${searchedRows(search)} and ${and([...conditions, ...others])}`
  const isDue = sql<boolean>`(select count(*) from swapped) = 0`
  const together = sql`word_similarity(kith_words(${words}), s.text)`
  const apart = wordsApart(words)
  const similarity = sql`round(${apart.length > 0 ? sql`greatest(${together}, ${meanSimilarity(apart)})` : together} * 100)::int`
  const least = minSimilarity(words)
  const steps = [
    step('known', knownForms(search, words)),
    step('swapped', select(sql.lit(SWAPPED_SIMILARITY), [isSwapped(words)])),
    step('together', select(similarity, [isDue, isAlike(words, least)])),
  ]
  const rows = ['swapped', 'together']
  if (apart.length > 0) {
    // The setting of the threshold is the transaction's: what is alike together must be read to its end before.
    const isTogetherRead = sql<boolean>`(select count(*) from together) >= 0`
    const isNew = sql<boolean>`${together} < ${sql.lit(least)}`
    steps.push(step('apart', select(similarity, [isDue, isTogetherRead, areAlikeApart(apart), isNew])))
    rows.push('apart')
  }
  const selects = rows.map((name) => sql`select tenant_id, id, similarity from ${sql.ref(name)}`)
  return { steps: sql.join(steps), rows: sql.join(selects, sql` union all `) }
}

/**
 * Whether a row of `s` is like some words, by the trigram index. pg_trgm takes the threshold from a setting of the
 * transaction; it is made in the sub-select that gives the words, which runs once, before the index is read.
 */
function isAlike(words: string, least: number): Condition {
  const setting = sql`set_config('pg_trgm.word_similarity_threshold', ${String(least)}, true)`
  return sql`s.text %> (select kith_words(${words}) from (select ${setting} offset 0) as setting)`
}

/**
 * Whether a row of `s` is like each of some words: by the trigram index, which is asked for the least of all
 * thresholds, since there is one setting, and then by the threshold of each word.
 */
function areAlikeApart(words: readonly WordApart[]): Condition {
  const lowest = Math.min(...words.flatMap(({ least }) => least ?? []))
  const byIndex = words.map(({ text, least }) =>
    least === null ? sql<boolean>`s.text like (select ${startingWith(text)})` : isAlike(text, lowest),
  )
  const byWord = words.flatMap(({ text, least }) =>
    least === null ? [] : [sql<boolean>`${wordSimilarity(text)} >= ${sql.lit(least)}`],
  )
  return and([...byIndex, ...byWord, sql`${meanSimilarity(words)} >= ${sql.lit(MIN_SIMILARITY)}`])
}

/** The similarity of all words to a row of `s`, each at its place: the mean by their trigrams. */
function meanSimilarity(words: readonly WordApart[]): Sql {
  const shares = words.map(({ text, weight }) => sql`${wordSimilarity(text)} * ${sql.lit(weight)}`)
  const whole = words.reduce((sum, { weight }) => sum + weight, 0)
  return sql`(${sql.join(shares, sql` + `)}) / ${sql.lit(whole)}`
}

function wordSimilarity(word: string): Sql {
  return sql`case when s.text like ${startingWith(word)} then 1 else strict_word_similarity(kith_words(${word}), s.text) end`
}

/** The pattern of texts in which a word starts so; null, which nothing is like, where nothing is left of it. */
function startingWith(word: string): Sql {
  return sql`'% ' || nullif(kith_words(${word}), '') || '%'`
}

/**
 * Those forms of the words (see swappedWords) with which some name begins, as a SELECT of `word, form`; `word` is the
 * place of the word, from 0. Looked up by the indexes on names: the one on the text takes 4 milliseconds a form among a
 * million.
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

/**
 * Whether a row of `s` has a word that starts with a known form, for each of the words; by the trigram index. The forms
 * of a word are one regular expression, ` (smith|msith)`, which has no special characters since kith_words leaves none:
 * an array of patterns a word is scanned once for each choice of all, so for three words the planner read the whole
 * tenant (20,135 blocks of 20,000 contacts; now 75).
 */
function isSwapped(words: string): Condition {
  return and(
    swappedWords(words).map(
      (_, word) => sql`s.text ~ (select ' (' || string_agg(form, '|') || ')' from known where word = ${sql.lit(word)})`,
    ),
  )
}
