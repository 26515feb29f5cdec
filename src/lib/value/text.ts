import { accept, formatCount, refuse, type Checked } from './checked.js'
import { removeInvisible } from './invisible.js'

interface TextRule {
  /** in code points, after normalization */
  readonly maxLength: number
  /** whether tabs and line breaks may stand in it */
  readonly multiline?: boolean
  /** how a problem calls the value: "text" unless given */
  readonly what?: string
}

// Control characters (C0, DEL, C1) and lone surrogates; in a single line also line separators and what turns its
// direction.
const FORBIDDEN_IN_LINE = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u
const FORBIDDEN_IN_LINES = /[^\P{Cc}\t\n\r]|\p{Cs}/u
// What is drawn as nothing, controls of direction and blank Braille included: such a name would look like none.
const INVISIBLE = /^[\s\u2800\p{Default_Ignorable_Code_Point}]*$/u
// The stream-safe limit of Unicode. Sorting marks is quadratic: NFC of 1 MB of them took five minutes.
const TOO_MANY_MARKS = /\p{M}{31}/u
// The longest canonical decomposition of one character: NFC makes text shorter by this factor at most.
const MAX_DECOMPOSITION = 4

/**
 * The text in NFC without outer white space; null where nothing visible is left. Line breaks of several lines become
 * LF. Characters that are drawn as nothing go, except where scripts and emoji need them: see `removeInvisible`. Refused
 * are: NUL and other control characters, halves of surrogate pairs, more than 30 combining marks in a row, and in a
 * single line every line break, tab and control of direction (U+202A to U+202E, U+2066 to U+2069). Linear in the
 * length.
 * @see https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
 */
export function checkText(
  value: string,
  { maxLength, multiline = false, what = 'text' }: TextRule,
): Checked<string | null> {
  const trimmed = value.trim()
  const givenLength = countCodePoints(trimmed)
  if (givenLength > maxLength * MAX_DECOMPOSITION) return tooLong(what, givenLength, maxLength)
  const forbidden = (multiline ? FORBIDDEN_IN_LINES : FORBIDDEN_IN_LINE).exec(trimmed)
  if (forbidden) {
    const before = value.slice(0, value.length - value.trimStart().length + forbidden.index)
    return refuse(
      `The ${what} holds ${describe(forbidden[0])} at position ${formatCount(countCodePoints(before) + 1)}.`,
    )
  }
  const shown = removeInvisible(trimmed, { multiline }).trim()
  if (INVISIBLE.test(shown)) return accept(null)
  if (TOO_MANY_MARKS.test(shown)) return refuse(`The ${what} has more than 30 combining marks in a row.`)
  const text = (multiline ? shown.replace(/\r\n?/g, '\n') : shown).normalize('NFC')
  const length = countCodePoints(text)
  return length > maxLength ? tooLong(what, length, maxLength) : accept(text)
}

/** The same for a single line that must say something: empty text is refused. */
export function checkLine(value: string, rule: { readonly maxLength: number; readonly what: string }): Checked<string> {
  const checked = checkText(value, rule)
  if (!checked.ok) return checked
  return checked.value === null ? refuse(`The ${rule.what} is empty.`) : accept(checked.value)
}

/** The number of code points; half of a surrogate pair counts as one. */
export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

function tooLong(what: string, length: number, maxLength: number) {
  return refuse(`The ${what} has ${formatCount(length)} characters; at most ${formatCount(maxLength)} are allowed.`)
}

function describe(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  if (/[\n\r\u2028\u2029]/.test(character)) return `a line break (${name}), which a single line may not have,`
  if (/\p{Cs}/u.test(character)) return `half of a surrogate pair (${name}), which is no character,`
  if (/\p{Cc}/u.test(character)) return `the control character ${name}`
  return `${name}, which turns the direction of writing,`
}
