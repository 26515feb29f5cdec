import { once } from '../once.js'

/**
 * What a check says of a client's value: its normal form, or one English sentence that names the rule and what was
 * wrong.
 */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }

const QUOTED_LENGTH = 60

/** An accepted value. */
export function accept<T>(value: T): Checked<T> {
  return { ok: true, value }
}

/** A refusal, with the sentence for the client. */
export function refuse(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem }
}

/** A value in quotation marks for a sentence: its first 60 characters, then an ellipsis where more follow. */
export function quote(value: string): string {
  // Two units a character at most: a long value is never spread as a whole.
  const characters = [...value.slice(0, 2 * QUOTED_LENGTH + 2)]
  const shown = characters.length > QUOTED_LENGTH ? `${characters.slice(0, QUOTED_LENGTH).join('')}…` : value
  return `“${shown}”`
}

/** A number of things with thousands separated, as English text has it: `65,536`. */
export function formatCount(count: number): string {
  return numberFormat().format(count)
}

// Made once: a locale that is looked up for each number took half of the time of reading ragged rows.
const numberFormat = once(() => new Intl.NumberFormat('en-US'))
