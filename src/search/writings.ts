import { lengthOf } from './terms.js'

/** How a word may be written beside the writing that was given; one of each kind at most. */
export interface OtherWritings {
  /** writings of the same word, which are as good as the one given */
  readonly same: readonly string[]
  /** what may be another word just as well: it counts in the worst rank alone */
  readonly likely: readonly LikelyWriting[]
}

/** A writing that may be another word. */
export interface LikelyWriting {
  readonly text: string
  /** whether only a whole word counts: three letters are part of too many */
  readonly isWhole: boolean
}

const UMLAUTS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' }),
)
// No umlauts: `ue` behind a, e, o or q (`Bauer`, `Jacques`), and in the ending of `Michael`, `Rafaela`, `Samuel`.
const SPELT_UMLAUT = /[ao]e|(?<![aeoq])ue/giu
const NO_UMLAUT_ENDING = /[au]el(?:l?[ae]|s)?$/iu
const MIN_LIKELY_LENGTH = 3
const HIRAGANA = /[\u3041-\u3096\u309d\u309e]/u
const KATAKANA = /[\u30a1-\u30f6\u30fd\u30fe]/u
/** Each kana of the one script stands so many places before that of the other. */
const KANA_DISTANCE = 0x60

/**
 * The other writings of a word, which texts may have: umlauts spelt out, and Japanese syllables of the other script.
 * The database folds all of them, `ü` to `u`, so `Müller` is found by `muller` without a writing of its own, and `ß` is
 * `ss`.
 *
 *   given       same        likely          because
 *   `Müller`    `Mueller`                   umlauts are spelt so where the keyboard has none
 *   `Mueller`   –           `Muller`        `Müller` folds so; but a Muller is somebody else
 *   `haeus`     –           `haus`          `häus` folds so
 *   `Joel`      –           `Jol`, whole    it has three letters
 *   `Michael`   –           –               it is no umlaut; nor in `Samuel`, `Bauer`, `Jacques`
 *   `さくら`    `サクラ`    –               and the other way round
 */
export function otherWritings(word: string): OtherWritings {
  const spelt = word.replace(/[äöüÄÖÜ]/gu, (letter) => UMLAUTS.get(letter) ?? letter)
  const same = [toOtherKana(spelt)].filter((text) => text !== word)
  const folded = withoutSpeltUmlauts(word)
  const length = lengthOf(folded)
  const isLikely = folded !== word && length >= MIN_LIKELY_LENGTH
  return { same, likely: isLikely ? [{ text: folded, isWhole: length === MIN_LIKELY_LENGTH }] : [] }
}

function withoutSpeltUmlauts(word: string): string {
  const [ending = ''] = NO_UMLAUT_ENDING.exec(word) ?? []
  const rest = word.slice(0, word.length - ending.length)
  return rest.replace(SPELT_UMLAUT, (spelt) => spelt.charAt(0)) + ending
}

// A word in both scripts is looked for in katakana alone: names are written in either, seldom in a mixture.
function toOtherKana(word: string): string {
  const text = word.normalize('NFKC')
  if (HIRAGANA.test(text)) return shiftKana(text, HIRAGANA, KANA_DISTANCE)
  return KATAKANA.test(text) ? shiftKana(text, KATAKANA, -KANA_DISTANCE) : word
}

function shiftKana(text: string, script: RegExp, distance: number): string {
  return text.replace(new RegExp(script, 'gu'), (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) + distance))
}
