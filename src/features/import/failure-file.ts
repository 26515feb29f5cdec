import { escapeFormula } from '../../files/formula.js'
import type { ImportFailure } from './import-failure.repository.js'

/** What stands behind the columns of the file itself; a mapping that doesn't name them leaves them out. */
const ERROR_COLUMNS = ['error.row', 'error.column', 'error.code', 'error.message'] as const
const LINE = '\r\n'

/**
 * Refused rows as CSV: their own cells under the file's own headers, then the line, column, code and message of what is wrong.
 * Once corrected it is imported by the same mapping. Several problems of a row stand in one cell each, in lines of their own.
 */
export async function* failureFile(
  columns: readonly string[],
  failures: AsyncIterable<ImportFailure>,
): AsyncGenerator<string> {
  // So that Excel reads it as UTF-8.
  yield `\uFEFF${csvRow([...columns, ...ERROR_COLUMNS])}`
  for await (const { line, cells, errors } of failures) {
    const byColumn = new Map(cells)
    yield csvRow([
      ...columns.map((column) => byColumn.get(column) ?? ''),
      String(line),
      errors.map(({ column }) => column ?? '').join('\n'),
      errors.map(({ code }) => code).join('\n'),
      errors.map(({ message }) => message).join('\n'),
    ])
  }
}

function csvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => csvCell(escapeFormula(cell))).join(',')}${LINE}`
}

function csvCell(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
