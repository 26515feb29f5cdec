import { csvLine } from '../../files/csv-writer.js'
import type { ImportFailure } from './import-failure.repository.js'

/** What stands behind the columns of the file itself; a mapping that doesn't name them leaves them out. */
const ERROR_COLUMNS = ['error.row', 'error.column', 'error.code', 'error.message'] as const

/**
 * Refused rows as CSV: their own cells under the file's own headers, then the line, column, code and message of what is wrong.
 * Once corrected it is imported by the same mapping. Several problems of a row stand in one cell each, in lines of their own.
 */
export async function* failureFile(
  columns: readonly string[],
  failures: AsyncIterable<ImportFailure>,
): AsyncGenerator<string> {
  // So that Excel reads it as UTF-8.
  yield `\uFEFF${csvLine([...columns, ...ERROR_COLUMNS], true)}`
  for await (const { line, cells: given, errors } of failures) {
    const byColumn = new Map(given)
    const cells = [
      ...columns.map((column) => byColumn.get(column) ?? null),
      line,
      errors.map(({ column }) => column ?? '').join('\n'),
      errors.map(({ code }) => code).join('\n'),
      errors.map(({ message }) => message).join('\n'),
    ]
    yield csvLine(cells, true)
  }
}
