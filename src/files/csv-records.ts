import { findLineBreak, lineBreakWidth, parseCsvRecord, type CsvSyntax, type ParsedRecord } from './csv-record.js'
import { countLineBreaks, createSkipper, looksLikeRows, type Skipper } from './csv-recovery.js'
import { formatCount } from '../lib/value/checked.js'
import type { RowErrorCode } from './row-file.js'

/** A record of CSV before it is compared with the header. */
export interface CsvRecord {
  /** the line in which it begins, 1 for the first of the file */
  readonly line: number
  readonly cells: readonly string[]
  readonly text: string
  readonly problem?: CsvProblem
}

interface CsvProblem {
  readonly code: RowErrorCode
  readonly message: string
  /** the cell in which it was seen, 0 for the first */
  readonly cellIndex: number
}

export interface CsvRecordOptions extends CsvSyntax {
  readonly maxRowLength: number
  /** the number of cells of a good record, as far as the header is known: it tells a forgotten quote from a long cell */
  readonly columnCount: () => number
}

/** Of a record that can't be used so much is kept. */
const KEPT_LENGTH = 2 ** 16

/**
 * The records of a CSV text that comes in chunks, blank lines left out. Never holds more than one record of
 * `maxRowLength` and one chunk.
 *
 * Where a quote is broken or never closed, the record takes the lines that follow it into its cell. Of those, nearly all
 * have as many cells as the header if they are rows: then only the first line is the bad record, and reading goes on
 * with the second. Otherwise the lines belong to the record, and it ends where its quote closes. Behind a broken quote no
 * quote may stand within a cell up to the next line with quotes: that line may be the rest of the cell, and is no row.
 */
export async function* csvRecords(chunks: AsyncIterable<string>, options: CsvRecordOptions): AsyncGenerator<CsvRecord> {
  const scanner = createScanner(options)
  for await (const chunk of chunks) yield* scanner(chunk, false)
  yield* scanner('', true)
}

/** Gives the records that are complete with each chunk. */
function createScanner(options: CsvRecordOptions): (chunk: string, isLast: boolean) => Generator<CsvRecord> {
  const { isCrNewline, maxRowLength, separator } = options
  let text = ''
  let at = 0
  let line = 1
  let strictUntil = 0
  // The line behind a broken quote may be the rest of its cell, which ends with a quote.
  let isNextStrict = false
  let skipping: { readonly record: CsvRecord; readonly skipper: Skipper; lines: number } | undefined

  const advance = (next: number): number => {
    const lines = countLineBreaks(text, at, next, isCrNewline)
    line += lines
    at = next
    return lines
  }
  const bad = (end: number, problem: CsvProblem): CsvRecord => {
    const kept = text.slice(at, Math.min(end, at + KEPT_LENGTH))
    const firstEnd = findLineBreak(kept, 0, isCrNewline)
    return { line, cells: (firstEnd < 0 ? kept : kept.slice(0, firstEnd)).split(separator), text: kept, problem }
  }

  /** Where reading goes on after a record that is broken at this place, and where its own text ends. */
  function recover(brokenAt: number): { end: number; next: number } {
    const firstEnd = findLineBreak(text, at, isCrNewline)
    if (firstEnd >= 0 && firstEnd < brokenAt) {
      const second = firstEnd + lineBreakWidth(text, firstEnd, isCrNewline)
      if (looksLikeRows(text.slice(second, brokenAt), options)) {
        strictUntil = lineEnd(brokenAt)
        return { end: firstEnd, next: second }
      }
    }
    const end = lineEnd(brokenAt)
    return { end, next: end + lineBreakWidth(text, end, isCrNewline) }
  }
  const lineEnd = (from: number): number => {
    const end = findLineBreak(text, from, isCrNewline)
    return end < 0 ? text.length : end
  }

  /** The next record where it is one line without quotes, as most are. */
  function plainRecord(): CsvRecord | undefined {
    if (isCrNewline) return undefined
    const lf = text.indexOf('\n', at)
    if (lf < 0 || lf - at > maxRowLength) return undefined
    const content = text.slice(at, lf > at && text.charCodeAt(lf - 1) === CR ? lf - 1 : lf)
    if (content.includes('"')) return undefined
    const record = { line, cells: content.split(separator), text: content }
    at = lf + 1
    line += 1
    return record
  }

  function* skip(isLast: boolean): Generator<CsvRecord> {
    if (!skipping) return
    const end = skipping.skipper.endOfRecord(text)
    skipping.lines += advance(end < 0 ? text.length : end)
    if (end < 0 && !isLast) return
    const { record, skipper, lines } = skipping
    const problem = skipper.isInQuotes() ? unclosed(record.cells.length - 1, lines) : record.problem
    yield problem ? { ...record, problem } : record
    skipping = undefined
  }

  /** Whether a record that isn't complete waits for the next chunk; if not, it was given up. */
  function* incomplete(
    parsed: Exclude<ParsedRecord, { kind: 'RECORD' }>,
    isLast: boolean,
  ): Generator<CsvRecord, boolean> {
    const isTooLong = text.length - at > maxRowLength
    if (parsed.kind === 'BROKEN') {
      // The rest of the line is read first: behind it reading goes on.
      if (!isLast && !isTooLong && findLineBreak(text, parsed.at, isCrNewline) < 0) return true
      const { end, next } = recover(parsed.at)
      yield bad(end, invalidQuotes(parsed.cells.length - 1))
      isNextStrict = !isNextStrict
      advance(next)
      return false
    }
    if (!isLast && !isTooLong) return true
    const { end, next } = parsed.isInQuotes ? recover(text.length) : { end: text.length, next: text.length }
    if (next < text.length || isLast) {
      const lines = next < text.length ? 0 : countLineBreaks(text, at, text.length, isCrNewline)
      yield bad(end, unclosed(parsed.cells.length, lines))
      advance(next)
      return false
    }
    const record = bad(text.length, tooLong(parsed.cells.length, maxRowLength))
    skipping = { record, skipper: createSkipper(options, text, parsed.isInQuotes), lines: advance(text.length) }
    return true
  }

  return function* scan(chunk, isLast) {
    text = at < text.length ? text.slice(at) + chunk : chunk
    strictUntil = Math.max(0, strictUntil - at)
    at = 0
    yield* skip(isLast)
    while (at < text.length) {
      const blank = lineBreakWidth(text, at, isCrNewline)
      if (blank > 0 && (isLast || text.charCodeAt(at) === LF || at + 1 < text.length)) {
        advance(at + blank)
        continue
      }
      const plain = plainRecord()
      if (plain) {
        yield plain
        continue
      }
      const parsed = parseCsvRecord(text, at, options, { isLast, isStrict: isNextStrict || at < strictUntil })
      if (parsed.kind !== 'RECORD') {
        if (yield* incomplete(parsed, isLast)) return
        continue
      }
      if (parsed.end - at > maxRowLength) yield bad(parsed.end, tooLong(longestOf(parsed.cells), maxRowLength))
      else yield { line, cells: parsed.cells, text: text.slice(at, parsed.end) }
      isNextStrict &&= !text.slice(at, parsed.end).includes('"')
      advance(parsed.next)
    }
  }
}

const CR = 0x0d
const LF = 0x0a

function longestOf(cells: readonly string[]): number {
  return cells.reduce((longest, cell, index) => (cell.length > (cells[longest] ?? '').length ? index : longest), 0)
}

function invalidQuotes(cellIndex: number): CsvProblem {
  const message =
    'A quote stands within the cell: put quotes around the whole cell, and write each within it twice ("").'
  return { code: 'INVALID_QUOTES', message, cellIndex }
}

function unclosed(cellIndex: number, lines: number): CsvProblem {
  const taken =
    lines > 0
      ? ` All ${formatCount(lines)} lines after it were taken as part of the cell, and no row of them was read.`
      : ''
  return {
    code: 'UNCLOSED_QUOTE',
    message: `The quote that opens the cell is never closed.${taken} Close it and import again.`,
    cellIndex,
  }
}

function tooLong(cellIndex: number, maxRowLength: number): CsvProblem {
  const message = `The row has more than ${formatCount(maxRowLength)} characters: shorten its cells.`
  return { code: 'ROW_TOO_LARGE', message, cellIndex }
}
