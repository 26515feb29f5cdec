import { lengthOf, type SearchTerm } from './terms.js'

/** Shorter words are taken as they are: three letters with one of them wrong have too little left to be found by. */
const MIN_MISSPELT_LENGTH = 4

// Of people, in the languages of the countries whose names we are given. None that is a name as well, as `Don` and
// `Pan` are.
const TITLES = new Set(
  `mr mrs ms miss mx sir madam dr doctor prof professor rev
  herr frau fräulein doktor dipl
  m mm mme mmes mlle monsieur madame mademoiselle
  sr sra srta señor señora señorita senor senora
  sig signor signora dott dottor dottoressa avv
  dhr mevr mevrouw drs
  fru pani`.split(/\s+/u),
)

/**
 * The words of a search that may be misspelt, with a space between them: `jonh smith`. Null where they have fewer than
 * four letters together, or where an e-mail address or a number says exactly what is wanted. Titles before a name are
 * left out, `Mr. Dr. Jonh Smith` is `Jonh Smith`, unless the rest has fewer than four letters: records have the name
 * alone.
 */
export function misspeltWords(terms: readonly SearchTerm[]): string | null {
  if (terms.some(({ kind }) => kind === 'email' || kind === 'phone')) return null
  const words = terms
    .flatMap((term) => (term.kind === 'domain' ? term.words : term.kind === 'word' ? [term] : []))
    .map(({ text }) => text)
  const first = words.findIndex((word) => !TITLES.has(word.toLowerCase()))
  const named = words.slice(Math.max(first, 0))
  return [named, words].find(hasEnoughLetters)?.join(' ') ?? null
}

function hasEnoughLetters(words: readonly string[]): boolean {
  return lengthOf(words.join('')) >= MIN_MISSPELT_LENGTH
}

/**
 * What each of some words may have been before two neighbouring letters of it changed places, the word itself first:
 * `anna jonh` is `[[anna, nana, anan], [jonh, ojnh, jnoh, john]]`. Words of three letters and fewer are taken as they
 * are.
 *
 * It is the commonest slip, and the one that trigrams don't see: `benrard` has a similarity of 0.33 to `bernard`.
 */
export function swappedWords(words: string): string[][] {
  return words.split(/\s+/u).map((word) => {
    const letters = [...word]
    if (letters.length < MIN_MISSPELT_LENGTH) return [word]
    const swapped = letters.slice(1).map((letter, index) => {
      const before = letters.slice(0, index).join('')
      return `${before}${letter}${letters[index] ?? ''}${letters.slice(index + 2).join('')}`
    })
    return [...new Set([word, ...swapped])]
  })
}

/**
 * The similarity from which words are alike together, as pg_trgm's `word_similarity` measures it: of all trigrams
 * (three letters in a row) of the search and of that stretch of a text which is most like it, the share that stands in
 * both. A word of n letters has n + 1 trigrams, since it is read with two spaces before it and one behind.
 *
 * One word of n letters: a letter that is replaced by another spoils three trigrams, in either word, and no other slip
 * of one letter spoils more. So n - 2 are shared of n + 1 + 3, and the threshold is (n - 2) / (n + 4), less 0.01 for
 * rounding, but never below 0.45, where noise comes, and never above 0.5, where two slips in a long word would be lost:
 *
 *   letters      up to 7   8      9 and more
 *   threshold    0.45      0.49   0.5
 *
 *   search       text         trigrams   shared                                       similarity
 *   `margxret`   `margaret`   9 and 9    6: "  m" " ma" "mar" "arg" "ret" "et "       6 of 12: 0.5, from 0.49 it is alike
 *   `kowalsky`   `kowalski`   9 and 9    7: a last letter spoils two alone            0.78, alike
 *   `smyth`      `smith`      6 and 6    3: "  s" " sm" "th "                         3 of 9: 0.33, not alike: one letter of
 *                                                                                     five is too much
 *
 * Several words: 0.6, so that more than one of them must be alike. `smith john` has 11 trigrams, of which 6 are in each
 * Smith: 0.55, so Peter Smith is not alike. `john smyth` has 7 of 11 in the stretch `john sm` of John Smith: 0.64,
 * alike.
 */
export function minSimilarity(words: string): number {
  if (/\S\s+\S/u.test(words)) return 0.6
  return Math.min(0.5, Math.max(MIN_SIMILARITY, oneReplaced([...words].length)))
}

/** Below it comes noise. */
export const MIN_SIMILARITY = 0.45

/** One word of several, which must be alike on its own. */
export interface WordApart {
  readonly text: string
  /** its share in the similarity of all words: the number of its trigrams */
  readonly weight: number
  /** the similarity from which it is alike; null for a word that is taken as it is, where words start */
  readonly least: number | null
}

/**
 * The words of a search each on its own: a middle name between two of them is part of every stretch that has both, so
 * together they are less like it than each is. Empty where that says no more: for one word, or for short ones alone.
 *
 * A word is alike where a text has it as the start of a word, or a word whose `strict_word_similarity` (by whole words
 * of the text) is as great as one replaced letter leaves it. Beside other words that may be less than for a word alone,
 * down to five letters; all words must be alike, and MIN_SIMILARITY in the mean:
 *
 *   letters      up to 3      4      5      6      7      8      9 and more
 *   threshold    as it is     0.4    0.32   0.39   0.44   0.49   0.5
 *
 *   search             text                                similarities                    in the mean
 *   `karl obermuler`   `karl friedrich wilhelm obermuller` 1 and 9 of 12                   0.83; together 0.47
 *   `john smyth`       `john quincy smith`                 1 and 3 of 9                    0.64; together 0.45
 *   `john smyth`       `john quincy small`                 1 and 2 of 10: not alike
 *
 * Of four letters with one replaced, two trigrams are left, which any word with the same start has.
 */
export function wordsApart(words: string): WordApart[] {
  const apart = words.split(/\s+/u).map((text) => {
    const length = lengthOf(text)
    const isTaken = length < MIN_MISSPELT_LENGTH
    return { text, weight: length + 1, least: isTaken ? null : length === 4 ? 0.4 : Math.min(0.5, oneReplaced(length)) }
  })
  return apart.length > 1 && apart.some(({ least }) => least !== null) ? apart : []
}

/** The similarity of two words of so many letters that differ by one of them, less 0.01 for rounding. */
function oneReplaced(length: number): number {
  return (length - 2) / (length + 4) - 0.01
}
