import { sql, type Sql } from '../lib/sql.js'
import { and, or, type Condition } from './logic.js'
import { WORST_RANK, type Rank } from './ranks.js'
import type { PhoneTerm, SearchTerm, WordTerm } from './terms.js'
import { otherWritings } from './writings.js'

/** A term that is looked for in the text of a search row. */
export type TextTerm = WordTerm | PhoneTerm

/** The condition that a string stands in a text; never true of a string that is null. */
export type StandsInText = (string: Sql) => Condition

/** The SQL of a word as texts have it: its folding, or where a step of the statement has it. */
export type WordSql = (text: string) => Sql

/** Whether a term is looked for in the text; the others are looked up among e-mail addresses and domains. */
export function isTextTerm(term: SearchTerm): term is TextTerm {
  return term.kind === 'word' || term.kind === 'phone'
}

/**
 * Whether a text has a word or a number in a rank or a better one. Words of a text stand between spaces, the first and
 * the last too, so the rank is a matter of spaces: ` smith ` is a whole word (1), ` smith` the start of one (2),
 * `smith` a part of one (3). A word may be written otherwise too (writings.ts): `mueller` finds ` muller `, as Müller
 * is folded, in rank 3.
 */
export function textCondition(
  term: TextTerm,
  rank: Rank,
  standsInText: StandsInText,
  wordSql: WordSql = foldedWord,
): Condition {
  if (term.kind === 'word') return wordCondition(term, rank, standsInText, wordSql)
  const number = numberStrings(term, rank).map((string) => standsInText(sql`${string}::text`))
  return or(term.words.length > 0 ? [...number, wordsCondition(term.words, rank, standsInText, wordSql)] : number)
}

/** Whether a text has all of some words in a rank or a better one; never of none. */
export function wordsCondition(
  words: readonly WordTerm[],
  rank: Rank,
  standsInText: StandsInText,
  wordSql: WordSql = foldedWord,
): Condition {
  return words.length === 0 ? sql`false` : and(words.map((word) => wordCondition(word, rank, standsInText, wordSql)))
}

/**
 * A word as texts have it. kith_words leaves no character that LIKE reads as a wildcard; a word of which it leaves
 * nothing is null, which is never found.
 */
export function foldedWord(text: string): Sql {
  return sql`nullif(kith_words(${text}), '')`
}

function wordCondition(
  { text, isShort }: WordTerm,
  rank: Rank,
  standsInText: StandsInText,
  wordSql: WordSql,
): Condition {
  const { same, likely } = otherWritings(text)
  const found = [text, ...same].map((writing) => {
    const word = wordSql(writing)
    if (rank === 1) return standsInText(sql`' ' || ${word} || ' '`)
    return standsInText(rank === 2 || isShort ? sql`' ' || ${word}` : word)
  })
  if (rank === WORST_RANK) {
    const words = likely.map(({ text: writing, isWhole }) => {
      const word = wordSql(writing)
      return standsInText(isWhole ? sql`' ' || ${word} || ' '` : word)
    })
    found.push(...words)
  }
  return or(found)
}

/** The strings of which one must stand in the text. */
function numberStrings({ number, digits }: PhoneTerm, rank: Rank): string[] {
  if (rank === 1) return [` ${number} `]
  return rank === 2 ? [`${digits} `, ` ${digits}`] : [digits]
}
