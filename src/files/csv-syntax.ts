import { parseCsvRecord, type CsvSyntax } from './csv-record.js'
import { countLineBreaks } from './csv-recovery.js'

const SEPARATORS = [',', ';', '\t', '|', '^', '~', '\u001f']
const LOOKED_AT_RECORDS = 50

/** What the beginning of a CSV file shows. */
export interface CsvShape extends CsvSyntax {
  /** the number of cells that most of its first records have; 1 where none is complete */
  readonly usualCells: number
  /** the first records, with the lines in which they begin, blank ones included */
  readonly firstRecords: readonly { readonly line: number; readonly cells: readonly string[] }[]
}

/**
 * The separator and line breaks of a CSV text by its beginning: of the usual separators the one by which most records
 * have the same number of cells, and of equals the one that makes more cells; a comma where none separates.
 * `isWhole` says that the sample is the whole file.
 */
export function detectCsvShape(
  sample: string,
  { isWhole, separator }: { readonly isWhole: boolean; readonly separator: string | undefined },
): CsvShape {
  const isCrNewline = endsLinesWithCr(sample)
  const shapes = (separator === undefined ? SEPARATORS : [separator]).map((candidate) => {
    const firstRecords = recordsOf(sample, isWhole, { separator: candidate, isCrNewline })
    const { usualCells, share } = usual(firstRecords.map(({ cells }) => cells))
    const isSeparating = usualCells > 1
    return { separator: candidate, isCrNewline, usualCells, firstRecords, score: isSeparating ? share : 0 }
  })
  const best = shapes.reduce((a, b) =>
    b.score > a.score || (b.score === a.score && b.usualCells > a.usualCells) ? b : a,
  )
  return best.firstRecords.length > 0 || separator !== undefined ? best : { ...best, separator: mostFrequent(sample) }
}

function recordsOf(sample: string, isLast: boolean, syntax: CsvSyntax): { line: number; cells: readonly string[] }[] {
  const records: { line: number; cells: readonly string[] }[] = []
  let line = 1
  for (let at = 0; at < sample.length && records.length < LOOKED_AT_RECORDS;) {
    const parsed = parseCsvRecord(sample, at, syntax, { isLast, isStrict: false })
    if (parsed.kind !== 'RECORD') break
    records.push({ line, cells: parsed.cells })
    line += countLineBreaks(sample, at, parsed.next, syntax.isCrNewline)
    at = parsed.next
  }
  return records
}

function usual(records: readonly (readonly string[])[]): { usualCells: number; share: number } {
  const filled = records.filter((cells) => cells.some((cell) => cell.trim() !== ''))
  const counts = new Map<number, number>()
  for (const { length } of filled) counts.set(length, (counts.get(length) ?? 0) + 1)
  let [usualCells, times] = [1, 0]
  for (const [cells, count] of counts) {
    if (count > times || (count === times && cells > usualCells)) [usualCells, times] = [cells, count]
  }
  return { usualCells, share: filled.length > 0 ? times / filled.length : 0 }
}

/** For a header that is longer than the sample. */
function mostFrequent(sample: string): string {
  const counts = SEPARATORS.map((separator) => ({ separator, count: sample.split(separator).length }))
  return counts.reduce((a, b) => (b.count > a.count ? b : a)).separator
}

function endsLinesWithCr(sample: string): boolean {
  let [lf, cr, isInQuotes] = [0, 0, false]
  for (let at = 0; at < sample.length; at++) {
    const character = sample[at]
    if (character === '"') isInQuotes = !isInQuotes
    else if (isInQuotes) continue
    else if (character === '\n') lf += 1
    else if (character === '\r' && at + 1 < sample.length && sample[at + 1] !== '\n') cr += 1
  }
  return cr > lf
}
