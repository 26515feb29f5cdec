/**
 * A value as PostgreSQL reads it from a parameter: null, or a text. Moments are in UTC, bytes hexadecimal, arrays
 * `{"a","b",NULL}`, other objects JSON.
 */
export function parameterText(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'object':
      if (value === null) return null
      if (Array.isArray(value)) return arrayText(value)
      if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`
      return value instanceof Date ? value.toISOString() : JSON.stringify(value)
    case 'undefined':
      return null
    default:
      throw new TypeError(`a ${typeof value} is no parameter`)
  }
}

const NULL = 'NULL'
const UNQUOTED = /^[\w-]+$/

function arrayText(items: readonly unknown[]): string {
  // Ids, which most arrays hold, need no quotes; a word that is NULL does.
  if (items.every((item) => typeof item === 'string' && UNQUOTED.test(item) && item.length > NULL.length)) {
    return `{${items.join(',')}}`
  }
  return `{${items.map((item) => (Array.isArray(item) ? arrayText(item) : elementText(parameterText(item)))).join(',')}}`
}

function elementText(text: string | null): string {
  if (text === null) return NULL
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`
}
