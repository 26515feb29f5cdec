import { formatCount, quote } from '../lib/value/checked.js'
import type { CsvRecord } from './csv-records.js'
import type { CsvShape } from './csv-syntax.js'
import { FileError } from './file-error.js'
import { unescapeFormula } from './formula.js'
import type { FileLimits, RowFileOptions } from './row-file.js'

const SAID_COLUMNS = 5

/**
 * The names of the columns by the header, trimmed; a column without a name is `(column 3)`.
 * @throws FileError HEADER_NOT_FOUND, DUPLICATE_COLUMNS, TOO_MANY_COLUMNS, BAD_OPTION: what is wrong is said, not guessed
 */
export function columnsOf(
  header: CsvRecord,
  shape: CsvShape,
  options: RowFileOptions,
  { maxColumns }: FileLimits,
): string[] {
  const { line, cells, problem } = header
  const where = `the header (line ${formatCount(line)})`
  if (problem?.code === 'ROW_TOO_LARGE' || cells.length > maxColumns) {
    const count = problem ? 'too many' : formatCount(cells.length)
    throw new FileError(
      'TOO_MANY_COLUMNS',
      `There are ${count} columns in ${where}; at most ${formatCount(maxColumns)} are read. If that line is no header, say which is (headerRow); if it is, leave columns out.`,
    )
  }
  if (problem) throw new FileError('HEADER_NOT_FOUND', `Quotes in ${where} are wrong: ${problem.message}`)
  if (options.headerRow === undefined) refuseTitle(header, shape)
  const { unescapeFormulas = true } = options
  const names = options.columns ?? (unescapeFormulas ? cells.map(unescapeFormula) : cells)
  if (names.length !== cells.length) {
    throw new FileError(
      'BAD_OPTION',
      `${formatCount(names.length)} column names were given, but ${where} has ${formatCount(cells.length)} columns: name each of them.`,
    )
  }
  const columns = names.map((name, index) => name.trim() || `(column ${String(index + 1)})`)
  const twice = [...new Set(columns.filter((name, index) => columns.indexOf(name) !== index))]
  if (twice.length > 0) {
    const said = twice.slice(0, SAID_COLUMNS).map(quote).join(', ')
    const more = twice.length > SAID_COLUMNS ? ` and ${formatCount(twice.length - SAID_COLUMNS)} more` : ''
    throw new FileError(
      'DUPLICATE_COLUMNS',
      `Several columns in ${where} are called ${said}${more}: rename them in the file, or give names for all columns.`,
    )
  }
  return columns
}

/** A first line of which only the first cell is filled is a title above lines with more cells. */
function refuseTitle({ line, cells }: CsvRecord, { usualCells, firstRecords }: CsvShape): void {
  const isBlank = line > 1 || filledCells(cells) === 0
  if (!isBlank && (filledCells(cells) > 1 || cells[0]?.trim() === '' || usualCells < 2)) return
  const likely = firstRecords.find((record) => filledCells(record.cells) > Math.min(1, usualCells - 1))
  const advice = likely
    ? `say which line the header is (headerRow: ${String(likely.line)}, if it is that one), or delete the lines above it`
    : 'the first line must name the columns'
  const found = isBlank ? 'The first line is blank' : `The first line says only ${quote(cells.join(' ').trim())}`
  throw new FileError('HEADER_NOT_FOUND', `${found}, so it is no header: ${advice}.`)
}

function filledCells(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length
}
