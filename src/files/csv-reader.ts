import { formatCount } from '../lib/value/checked.js'
import { columnsOf } from './csv-header.js'
import { csvRecords, type CsvRecord } from './csv-records.js'
import { detectCsvShape } from './csv-syntax.js'
import { FileError } from './file-error.js'
import { unescapeFormula } from './formula.js'
import { textError } from './row-checks.js'
import type { FileLimits, FileRow, RowError, RowFileOptions } from './row-file.js'
import type { TextSource } from './text-source.js'

/** Excel's own way to say which separator a file has, as its first line: `sep=;`. */
const SEPARATOR_LINE = /^sep=(.)(?:\r\n|\n|\r)/i

interface CsvContent {
  readonly separator: string
  readonly columns: readonly string[]
  readonly rows: AsyncGenerator<FileRow>
}

/**
 * The rows of a CSV text, and what its header says. Rows with nothing in any cell are left out, like blank lines.
 * @throws FileError what `columnsOf` says, and EMPTY_FILE
 */
export async function readCsv(source: TextSource, options: RowFileOptions, limits: FileLimits): Promise<CsvContent> {
  const said = SEPARATOR_LINE.exec(source.sample)?.[1]
  const separator = options.separator ?? said
  const shape = detectCsvShape(source.sample, { isWhole: source.isWhole, separator })
  const headerRow = options.headerRow ?? (said === undefined ? 1 : 2)
  let columns: readonly string[] = []
  const records = csvRecords(source.chunks(), {
    separator: shape.separator,
    isCrNewline: shape.isCrNewline,
    maxRowLength: limits.maxRowLength,
    columnCount: () => columns.length,
  })
  const header = await firstFrom(records, headerRow)
  if (!header) throw new FileError('EMPTY_FILE', `There is no header: the file ends before line ${String(headerRow)}.`)
  columns = columnsOf(said === undefined ? header : { ...header, line: header.line - 1 }, shape, options, limits)
  return { separator: shape.separator, columns, rows: rowsOf(records, columns, options, limits) }
}

async function firstFrom(records: AsyncGenerator<CsvRecord>, line: number): Promise<CsvRecord | undefined> {
  for (;;) {
    const next = await records.next()
    if (next.done === true) return undefined
    if (next.value.line >= line) return next.value
  }
}

async function* rowsOf(
  records: AsyncIterable<CsvRecord>,
  columns: readonly string[],
  { unescapeFormulas = true }: RowFileOptions,
  limits: FileLimits,
): AsyncGenerator<FileRow> {
  let index = 0
  for await (const record of records) {
    if (!record.problem && record.cells.every((cell) => cell === '')) continue
    const error = errorOf(record, columns, limits)
    const cells = new Map<string, string>()
    for (let column = 0; column < columns.length; column++) {
      const cell = record.cells[column] ?? ''
      cells.set(columns[column] ?? '', unescapeFormulas ? unescapeFormula(cell) : cell)
    }
    const row = { row: record.line, index, cells, text: record.text }
    yield error ? { ...row, error } : row
    index += 1
  }
}

function errorOf({ cells, text, problem }: CsvRecord, columns: readonly string[], limits: FileLimits): RowError | null {
  if (problem) {
    const column = columns[problem.cellIndex]
    return { code: problem.code, message: problem.message, ...(column === undefined ? {} : { column }) }
  }
  const isRagged =
    cells.length < columns.length ||
    (cells.length > columns.length && cells.slice(columns.length).some((cell) => cell !== ''))
  if (isRagged) {
    return {
      code: 'RAGGED_ROW',
      message: `Cells in the row: ${formatCount(cells.length)}; columns in the header: ${formatCount(columns.length)}. Write a cell for each column, empty ones too, and quotes around cells that hold the separator.`,
    }
  }
  return textError(text, () => cells.map((cell, column) => [columns[column] ?? '', cell]), limits)
}
