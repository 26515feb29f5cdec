import { findLineBreak, lineBreakWidth, parseCsvRecord, type CsvSyntax } from './csv-record.js'

/** Lines behind a broken quote are rows where so many of them have as many cells as the header. */
const LEAST_GOOD_SHARE = 0.9

/** Reads over the rest of a record that is too long to be kept. */
export interface Skipper {
  /** Where the next record begins in the text that follows; -1 where the record goes on. */
  endOfRecord(text: string): number
  /** whether the record's quote is open so far */
  isInQuotes(): boolean
}

/** Goes on after `text`, the part of a record that was kept. */
export function createSkipper(syntax: CsvSyntax, text: string, wasInQuotes: boolean): Skipper {
  let isInQuotes = wasInQuotes
  let previous = text.at(-1) ?? ''
  return {
    isInQuotes: () => isInQuotes,
    endOfRecord(next) {
      // Sought again only behind it: for each of 4,000,000 quotes without a line break it took 7 s.
      let end: number | undefined
      for (let at = 0; ;) {
        const quote = next.indexOf('"', at)
        if (!isInQuotes) {
          if (end === undefined || (end >= 0 && end < at)) end = findLineBreak(next, at, syntax.isCrNewline)
          if (end >= 0 && (quote < 0 || end < quote)) return end + lineBreakWidth(next, end, syntax.isCrNewline)
        }
        if (quote < 0) break
        // The second of two quotes opens again what the first one closed.
        const before = quote === 0 ? previous : next.charAt(quote - 1)
        if (isInQuotes || before === syntax.separator || before === '"') isInQuotes = !isInQuotes
        at = quote + 1
      }
      previous = next.at(-1) ?? previous
      return -1
    },
  }
}

/** Whether the lines of a text are records with as many cells as the header, but for a tenth and the last one. */
export function looksLikeRows(
  text: string,
  { columnCount, ...syntax }: CsvSyntax & { readonly columnCount: () => number },
): boolean {
  const count = columnCount()
  if (count < 2) return false
  let good = 0
  let all = 0
  for (let at = 0; at < text.length;) {
    const parsed = parseCsvRecord(text, at, syntax, { isLast: true, isStrict: true })
    all += 1
    if (parsed.kind === 'RECORD') {
      if (parsed.cells.length === count) good += 1
      at = parsed.next
      continue
    }
    const end = findLineBreak(text, at, syntax.isCrNewline)
    if (end < 0) break
    at = end + lineBreakWidth(text, end, syntax.isCrNewline)
  }
  // The last line may be cut, or be the one whose quote was met.
  return all > 1 ? good > 0 && good >= (all - 1) * LEAST_GOOD_SHARE : all === 1
}

/** The line breaks that begin from one place up to another. */
export function countLineBreaks(text: string, from: number, until: number, isCrNewline: boolean): number {
  // Nothing is sought beyond: 1 MB of lone CR took 12 s.
  const part = text.slice(from, until)
  let count = 0
  for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) count += 1
  if (!isCrNewline) return count
  for (let at = part.indexOf('\r'); at >= 0; at = part.indexOf('\r', at + 1)) {
    if (text.charCodeAt(from + at + 1) !== 0x0a) count += 1
  }
  return count
}
