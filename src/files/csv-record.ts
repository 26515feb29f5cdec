/** How the records of a CSV file are written. */
export interface CsvSyntax {
  readonly separator: string
  /** whether a lone CR ends a record, as in files whose first line ends with one; else it belongs to its cell */
  readonly isCrNewline: boolean
}

export type ParsedRecord =
  | { readonly kind: 'RECORD'; readonly cells: string[]; readonly end: number; readonly next: number }
  /** the text ends within the record */
  | { readonly kind: 'MORE'; readonly cells: string[]; readonly isInQuotes: boolean }
  /** text stands beside quotes: `"a"b` */
  | { readonly kind: 'BROKEN'; readonly cells: string[]; readonly at: number }

const QUOTE = 0x22
const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20

/**
 * The record that begins at `from`, as RFC 4180 has it: `end` is where its text ends, `next` where the following one
 * begins, behind the line break. More is accepted than the RFC allows: spaces around a cell in quotes, which are no part
 * of it, and, unless `isStrict`, quotes within a cell that doesn't begin with one, which are part of it (`5" pipe`).
 * `isLast` says that the text is the end of the file.
 * @see https://www.rfc-editor.org/rfc/rfc4180#section-2
 */
export function parseCsvRecord(
  text: string,
  from: number,
  syntax: CsvSyntax,
  { isLast, isStrict }: { readonly isLast: boolean; readonly isStrict: boolean },
): ParsedRecord {
  const separator = syntax.separator.charCodeAt(0)
  const cells: string[] = []
  let at = from
  for (;;) {
    const opening = skipSpaces(text, at)
    const isQuoted = text.charCodeAt(opening) === QUOTE
    let end: number
    if (isQuoted) {
      const closing = closingQuote(text, opening + 1)
      // A quote that ends the text may be the first half of an escaped one.
      if (closing < 0 || (closing + 1 === text.length && !isLast))
        return { kind: 'MORE', cells, isInQuotes: closing < 0 }
      const inner = text.slice(opening + 1, closing)
      cells.push(inner.includes('"') ? inner.replaceAll('""', '"') : inner)
      end = skipSpaces(text, closing + 1)
    } else {
      end = cellEnd(text, at, separator, syntax.isCrNewline)
      const cell = text.slice(at, end)
      cells.push(cell)
      if (isStrict && cell.includes('"')) return { kind: 'BROKEN', cells, at: end }
    }
    if (end >= text.length) {
      if (!isLast) return { kind: 'MORE', cells: cells.slice(0, -1), isInQuotes: false }
      return { kind: 'RECORD', cells, end: text.length, next: text.length }
    }
    if (text.charCodeAt(end) === separator) {
      at = end + 1
      continue
    }
    const width = lineBreakWidth(text, end, syntax.isCrNewline)
    // Whether a CR at the end of the text is one of CR LF is seen only with what follows.
    if (!isLast && text.charCodeAt(end) === CR && end + 1 === text.length)
      return { kind: 'MORE', cells, isInQuotes: false }
    if (width === 0) return { kind: 'BROKEN', cells, at: end }
    return { kind: 'RECORD', cells, end, next: end + width }
  }
}

/** The length of the line break at this place, 0 where there is none. */
export function lineBreakWidth(text: string, at: number, isCrNewline: boolean): number {
  const code = text.charCodeAt(at)
  if (code === LF) return 1
  if (code !== CR) return 0
  if (text.charCodeAt(at + 1) === LF) return 2
  return isCrNewline ? 1 : 0
}

/** Where the next line break begins; -1 without one. */
export function findLineBreak(text: string, from: number, isCrNewline: boolean): number {
  if (isCrNewline) {
    // Not by `indexOf` for each of them: where a text has one alone, the other is sought to its end each time.
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === LF || code === CR) return at
    }
    return -1
  }
  const lf = text.indexOf('\n', from)
  return lf > from && text.charCodeAt(lf - 1) === CR ? lf - 1 : lf
}

/** The place of the quote that closes the cell whose content begins at `from`; -1 where the text ends before. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at
  }
  return -1
}

function cellEnd(text: string, from: number, separator: number, isCrNewline: boolean): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === separator || code === LF) return at
    if (code === CR && (isCrNewline || at + 1 === text.length || text.charCodeAt(at + 1) === LF)) return at
  }
  return text.length
}

function skipSpaces(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === SPACE) at += 1
  return at
}
