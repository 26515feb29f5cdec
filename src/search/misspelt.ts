import { sql, type RawBuilder } from 'kysely'
import type { CursorPlace } from '../lib/cursor.js'
import { rowCondition } from '../access/row-condition.js'
import { and, rowFit, searchedId, searchedRows, type Search } from './conditions.js'
import { swappedWords } from './terms.js'

type Condition = RawBuilder<boolean>

/** The tier of what is spelt alike: its places have a similarity beside. */
export const MISSPELT_TIER = 4

/** Where names stand, by an index each. */
const NAMED = {
  CONTACT: { concept: 'Contact', table: 'contacts', names: ['last_name_folded', 'first_name_folded'] },
  COMPANY: { concept: 'Company', table: 'companies', names: ['name_folded'] },
} as const

/** The similarity, in hundredths, of words that only differ by two letters that changed places. */
const SWAPPED = 95

/**
 * The similarity above which words are alike: what is left of it when another letter stands in the place of one, which
 * spoils three trigrams of the n + 1 on both sides, as no other slip does more; within 0.45 and 0.5, below which noise comes
 * and above which two slips in a long word are lost. Several words are alike by more than one of them: half of "smith john"
 * is in each Smith.
 */
function minSimilarity(words: string): number {
  if (/\S\s+\S/u.test(words)) return 0.6
  const length = [...words].length
  return Math.min(0.5, Math.max(0.45, (length - 2) / (length + 4) - 0.01))
}

interface MisspeltWanted {
  readonly words: string
  readonly limit: number
  /** the place of the fourth tier where it is entered; null at its beginning */
  readonly from: CursorPlace | null
  readonly isBackward: boolean
  readonly where: Condition | null
}

/** The fourth tier as a SELECT of `tenant_id, id, tier, similarity`, the most similar first. */
export function misspeltSql(search: Search, wanted: MisspeltWanted): RawBuilder<unknown> {
  const { words, limit, from, isBackward, where } = wanted
  const [direction, beyond] = isBackward ? [sql`asc`, sql`>`] : [sql`desc`, sql`<`]
  const after = from ? sql` where (similarity, id) ${beyond} (${from.keys[1]}::int, ${from.id}::uuid)` : sql``
  const { steps, rows } = misspeltRows(search, words, where)
  return sql`with ${steps}
    select tenant_id, id, ${sql.lit(MISSPELT_TIER)} as tier, similarity from (${rows}) as found${after}
    order by similarity ${direction}, id ${direction} limit ${sql.lit(limit)}`
}

interface MisspeltRows {
  /** the steps of a WITH that `rows` reads */
  readonly steps: RawBuilder<unknown>
  /** a SELECT of `tenant_id, id, similarity` */
  readonly rows: RawBuilder<unknown>
}

/**
 * The rows that are spelt alike and in no better tier: those with two letters swapped, or, where none has, by trigrams.
 * How alike is a setting of the transaction, which is made where the words are: once, before the index is read.
 */
export function misspeltRows(search: Search, words: string, where: Condition | null): MisspeltRows {
  const due = [...(where ? [where] : []), sql<boolean>`not ${rowFit(search, 3)}`]
  const setting = sql`set_config('pg_trgm.word_similarity_threshold', ${String(minSimilarity(words))}, true)`
  const alike = sql<boolean>`s.text %> (select kith_words(${words}) from (select ${setting} offset 0) as setting)`
  const similarity = sql`round(word_similarity(kith_words(${words}), s.text) * 100)::int`
  const select = (value: RawBuilder<unknown>, condition: Condition): RawBuilder<unknown> =>
    sql`select s.tenant_id, ${searchedId(search)} as id, ${value} as similarity
      from ${searchedRows(search)} and ${and([condition, ...due])}`
  return {
    steps: sql`known as materialized (${knownForms(search, words)}),
      swapped as materialized (${select(sql.lit(SWAPPED), isSwapped(words))})`,
    rows: sql`select tenant_id, id, similarity from swapped
      union all ${select(similarity, and([sql`(select count(*) from swapped) = 0`, alike]))}`,
  }
}

/**
 * What the words were before two letters of them changed places: those forms with which some name begins, `word` being the
 * place of the word. Looked for in the indexes on names: the one on the text takes 4 milliseconds a form among a million.
 */
function knownForms({ scope, type }: Search, words: string): RawBuilder<unknown> {
  const forms = swappedWords(words).flatMap((variants, word) => variants.map((form) => ({ word, form })))
  const { concept, table, names } = NAMED[type]
  const isKnown = names.map(
    (
      name,
    ) => sql`exists (select 1 from ${sql.table(table)} as n where n.tenant_id = ${scope.tenantId} and n.deleted_at is null
      and ${rowCondition(scope, concept, 'n')} and ${sql.ref(`n.${name}`)} >= given.form
      and ${sql.ref(`n.${name}`)} < given.form || chr(1114111))`,
  )
  return sql`select word, form from (
      select word, nullif(kith_words(form), '') as form
      from unnest(${forms.map(({ word }) => word)}::int[], ${forms.map(({ form }) => form)}::text[]) as forms (word, form) offset 0
    ) as given where ${sql.join(isKnown, sql` or `)}`
}

/** Whether a row of `s` has all words in one of the forms that are known; by the index on the text. */
function isSwapped(words: string): Condition {
  return and(
    swappedWords(words).map(
      (_, word) =>
        sql`s.text like any ((select array_agg('% ' || form || '%') from known where word = ${sql.lit(word)})::text[])`,
    ),
  )
}
