import { formatCount, quote } from '../lib/value/checked.js'
import type { FileLimits } from './row-file.js'

const MAX_DEPTH = 8
/** Of the names that lead to a value: a name of 500,000 characters around 1,000 values would be kept 1,000 times. */
const MAX_PATH_LENGTH = 1_000
/** JSON.parse keeps 15 digits of a number for certain. */
const MANY_DIGITS = /[0-9.]{16}/

interface Flattened {
  readonly cells: Map<string, string>
  readonly problem?: { readonly message: string; readonly column?: string }
}

/**
 * A JSON object as cells: `{"company": {"name": "Acme"}, "emailAddresses": [{"email": "a@b.c"}], "tags": ["x", "y"]}` is
 * `company.name` = `Acme`, `emailAddresses.1.email` = `a@b.c`, `tags` = `["x","y"]`. Null is an empty cell, numbers and
 * booleans are their JSON. A number with more digits than are kept is refused: it must be written as a text.
 */
export function flattenRecord(value: unknown, text: string, { maxColumns }: FileLimits): Flattened {
  const cells = new Map<string, string>()
  if (!isObject(value)) return { cells, problem: { message: 'The line is no object: write {"firstName": "Ada", …}.' } }
  const isPrecise = !MANY_DIGITS.test(text)
  let problem: Flattened['problem']

  const add = (path: string, part: unknown, depth: number): void => {
    if (problem) return
    if (cells.size > maxColumns)
      problem = { message: `There are more than ${formatCount(maxColumns)} values: leave some out.` }
    else if (path.length > MAX_PATH_LENGTH) {
      const message = `The names of ${quote(path)} have more than ${formatCount(MAX_PATH_LENGTH)} characters: shorten them.`
      problem = { message }
    } else if (depth > MAX_DEPTH || (Array.isArray(part) && !part.some(isObject) && isDeeper(part, MAX_DEPTH)))
      problem = { message: `Objects or lists are nested deeper than ${String(MAX_DEPTH)} levels.`, column: path }
    else if (isObject(part)) for (const [key, inner] of Object.entries(part)) add(`${path}.${key}`, inner, depth + 1)
    else if (Array.isArray(part) && part.some(isObject))
      part.forEach((item, index) => add(`${path}.${String(index + 1)}`, item, depth + 1))
    else if (cells.has(path)) problem = { message: `${quote(path)} stands twice in the line.`, column: path }
    else if (!isPrecise && hasLongNumber(part))
      problem = { message: 'The number has more digits than JSON keeps: write it as a text, in quotes.', column: path }
    else cells.set(path, part === null ? '' : typeof part === 'string' ? part : JSON.stringify(part))
  }
  for (const [key, part] of Object.entries(value)) {
    add(key, part, 1)
    if (problem) break
  }
  return problem ? { cells, problem } : { cells }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether lists or objects stand in each other more than so many levels deep: JSON is read to any depth, but not written. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}

function hasLongNumber(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasLongNumber)
  return (
    typeof value === 'number' &&
    String(value)
      .replace(/^-?0?\.?0*/, '')
      .replace(/e.*$|[.]/g, '').length > 15
  )
}
