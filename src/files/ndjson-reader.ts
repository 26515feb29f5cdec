import { formatCount } from '../lib/value/checked.js'
import { flattenRecord } from './flatten-record.js'
import { textLines } from './text-lines.js'
import { textError } from './row-checks.js'
import type { FileLimits, FileRow, RowError } from './row-file.js'
import type { TextSource } from './text-source.js'

const KEPT_LENGTH = 2 ** 16

/** The objects of a text with one in each line; blank lines are left out. Cells are named as `flattenRecord` says. */
export async function* readNdjson(source: TextSource, limits: FileLimits): AsyncGenerator<FileRow> {
  let index = 0
  for await (const { line, text, isTooLong } of textLines(source.chunks(), limits.maxRowLength)) {
    if (!isTooLong && text.trim() === '') continue
    const { cells, error } = isTooLong ? tooLong(limits) : readLine(text, limits)
    yield error
      ? { row: line, index, cells, text: text.slice(0, KEPT_LENGTH), error }
      : { row: line, index, cells, text }
    index += 1
  }
}

interface Line {
  readonly cells: ReadonlyMap<string, string>
  readonly error: RowError | null
}

function tooLong({ maxRowLength }: FileLimits): Line {
  const message = `The line has more than ${formatCount(maxRowLength)} characters: shorten its values.`
  return { cells: new Map(), error: { code: 'ROW_TOO_LARGE', message } }
}

function readLine(text: string, limits: FileLimits): Line {
  const bytes = textError(text, () => [['', text]], { ...limits, maxCellLength: limits.maxRowLength })
  if (bytes) return { cells: new Map(), error: { code: bytes.code, message: bytes.message } }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    const message = `The line is no JSON (${reason}): write one object in each line.`
    return { cells: new Map(), error: { code: 'INVALID_JSON', message } }
  }
  const { cells, problem } = flattenRecord(value, text, limits)
  if (problem) return { cells, error: { code: 'INVALID_JSON', ...problem } }
  // JSON escapes what the line itself hasn't: `\u0000`, `\ud800`.
  const isSuspect = text.length > limits.maxCellLength || text.includes('\\u')
  const found = isSuspect ? [...cells].map((cell) => textError(cell[1], () => [cell], limits)).find(Boolean) : null
  return { cells, error: found ?? null }
}
