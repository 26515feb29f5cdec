/**
 * Whether the database can hold all texts of a value, names of its fields included: `a\0b` and half of a surrogate pair are no
 * text there. What a query is given is held against this before it runs; what is kept as JSON wants it too.
 */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every((entry) => entry.every(isStorable))
}

/** What is said of a value that can't be held. */
export const UNSTORABLE = 'It holds a NUL character or half of a surrogate pair, which no text has.'
