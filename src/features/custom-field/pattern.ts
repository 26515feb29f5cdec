import { RE2JS } from 're2js'
import type { CustomFieldConstraints } from './custom-field.columns.js'

/** Is told how many steps a pattern may have taken for a text: those of the pattern, for each character. */
export type NoteSteps = (steps: number) => void

// A text takes 60 to 200 ns for each step of a pattern and each of its characters at the worst, with classes of letters
// in all scripts: 20 to 80 ms for so many, twice as long the first time.
const MAX_STEPS_OF_TEXT = 500_000
// One of classes of letters takes 50 ms before its first character.
const MAX_STEPS = 1000

/** The most steps that a pattern may have for texts of a length. */
export function mostSteps(length: number): number {
  return Math.min(MAX_STEPS, Math.floor(MAX_STEPS_OF_TEXT / length))
}

/**
 * The steps of a pattern: of its program, in which `a{30}` stands for thirty. Nested repetitions multiply them. @throws Error
 * where it is none of RE2
 */
export function stepsOf(pattern: string): number {
  return RE2JS.compile(pattern).programSize()
}

// A definition that was read is one object for all values that are checked by it, and goes with its transaction.
const compiled = new WeakMap<CustomFieldConstraints, RE2JS>()

/** Whether the whole of a text matches the pattern of some constraints, which is compiled once; true where they have none. */
export function matchesPattern(constraints: CustomFieldConstraints, text: string, note?: NoteSteps): boolean {
  const { pattern } = constraints
  if (pattern === undefined) return true
  const known = compiled.get(constraints) ?? RE2JS.compile(pattern)
  compiled.set(constraints, known)
  note?.(known.programSize() * text.length)
  const isMatch = known.matches(text)
  forgetStates(known)
  return isMatch
}

// Usual patterns have 1 to 6 kB of states, the worst 3.5 MB after one text of 4,000 characters: a tenant has 500 fields.
const MAX_STATES_BYTES = 65_536

/** Takes from a compiled pattern what it learned from texts, where that is much. */
function forgetStates({ re2Input }: RE2JS): void {
  const states = re2Input.lazyDFA as typeof re2Input.lazyDFA | null
  if (states && states.maxMem - states.memBudget > MAX_STATES_BYTES) states.clearCache()
}

/** Counts the steps of patterns, so that others have their turn between. */
export interface PatternPace {
  readonly note: NoteSteps
  /** Undefined where the next value may follow at once, else a promise of the turn in which it may. */
  readonly next: () => Promise<void> | undefined
}

/** A pace that waits by `pause` after as many steps as the worst text may take. */
export function createPatternPace(pause: () => Promise<void>): PatternPace {
  let steps = 0
  return {
    note: (more) => void (steps += more),
    next() {
      if (steps < MAX_STEPS_OF_TEXT) return undefined
      steps = 0
      return pause()
    },
  }
}

// Of 1,000 texts of 255 characters, under a pattern of 78 steps.
const MAX_STEPS_OF_PAGE = 20_000_000

/** How many values of at most `length` characters are checked before the time is looked at: fewer than `most` under a large pattern. */
export function valuesAtOnce({ pattern }: CustomFieldConstraints, length: number, most: number): number {
  if (pattern === undefined) return most
  return Math.max(1, Math.min(most, Math.floor(MAX_STEPS_OF_PAGE / (stepsOf(pattern) * length))))
}
