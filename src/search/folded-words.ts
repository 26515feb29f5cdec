import { sql, type Sql } from '../lib/sql.js'
import type { Search } from './searched-rows.js'
import { foldedWord } from './text-conditions.js'
import { step } from './with-steps.js'

/** A search whose words are folded once, in a step of the statement. */
export interface FoldedWords {
  /** the same search; its conditions read the step */
  readonly search: Search
  /** The step, or none where no condition asked for a word; to be asked for when all conditions are written. */
  readonly words: () => Sql[]
}

/**
 * Lets a statement fold each word once, in a step `words` with a column a word. Folding takes 20 microseconds, and a
 * plan that is kept for all searches would do it for each row again.
 */
export function foldWords(search: Search): FoldedWords {
  const columns = new Map<string, string>()
  const wordSql = (text: string): Sql => {
    const column = columns.get(text) ?? `w${columns.size}`
    columns.set(text, column)
    return sql`(select ${sql.ref(column)} from words)`
  }
  const words = (): Sql[] => {
    const folded = [...columns].map(([text, column]) => sql`${foldedWord(text)} as ${sql.ref(column)}`)
    return folded.length === 0 ? [] : [step('words', sql`select ${sql.join(folded)}`)]
  }
  return { search: { ...search, wordSql }, words }
}
