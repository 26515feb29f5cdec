import { lengthOf, type SearchTerm } from './terms.js'

/** Shorter words are taken as they are: three letters with one of them wrong have too little left to be found by. */
const MIN_MISSPELT_LENGTH = 4

/**
 * The words of a search that may be misspelt, with a space between them: `jonh smith`. Null where they have fewer than
 * four letters together, or where an e-mail address or a number says exactly what is wanted.
 */
export function misspeltWords(terms: readonly SearchTerm[]): string | null {
  if (terms.some(({ kind }) => kind === 'email' || kind === 'phone')) return null
  const words = terms.flatMap((term) => (term.kind === 'domain' ? term.words : term.kind === 'word' ? [term] : []))
  const text = words.map((word) => word.text).join(' ')
  return lengthOf(text.replace(/ /g, '')) >= MIN_MISSPELT_LENGTH ? text : null
}

/**
 * What each of some words may have been before two neighbouring letters of it changed places, the word itself first:
 * `anna jonh` is `[[anna, nana, anan], [jonh, ojnh, jnoh, john]]`. Words of three letters and fewer are taken as they are.
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
 * The similarity from which words are alike, as pg_trgm's `word_similarity` measures it: of the trigrams (three letters in
 * a row) of the search and of the stretch of the text that is most like it, the share that both have. A word of n letters
 * has n + 1, since it is read with two spaces before and one behind.
 *
 * One word: the similarity that is left when one letter is replaced by another, which spoils three trigrams of either word,
 * as no other slip does more: (n - 2) shared of (n + 4), less 0.01 for rounding. It is held between 0.45 and 0.5: below,
 * noise comes; above, two slips in a long word are lost. So
 *
 *   letters n      up to 7      8      9 and more
 *   threshold      0.45         0.49   0.5
 *
 *   `margxret`     9 trigrams, `margaret` 9, shared 6 ("  m", " ma", "mar", "arg", "ret", "et "): 6 of 12 are 0.5, above
 *                  0.49, so Margaret is found
 *   `smyth`        6 trigrams, `smith` 6, shared 3 ("  s", " sm", "th "): 3 of 9 are 0.33, below 0.45, so Smith is not
 *                  found: a letter replaced within five is too much
 *   `kowalsky`     shares 7 of 9 trigrams with `kowalski`: 0.78, since a last letter spoils two alone
 *
 * Several words: 0.6, so that more than one of them must be alike. Half of `smith john` is in each Smith: 6 trigrams of 11
 * are 0.55, so Peter Smith isn't found; `john smyth` shares 8 with John Smith, and 0.64 is enough.
 */
export function minSimilarity(words: string): number {
  if (/\S\s+\S/u.test(words)) return 0.6
  const length = [...words].length
  return Math.min(0.5, Math.max(0.45, (length - 2) / (length + 4) - 0.01))
}
