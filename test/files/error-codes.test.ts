import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { CELL_ERROR_CODES } from '../../src/files/cell-error.js'
import { FILE_ERROR_CODES } from '../../src/files/file-error.js'
import { ROW_ERROR_CODES } from '../../src/files/row-file.js'

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')

/** The rows of the table whose first heading is this. */
function rowsOf(heading: string): [code: string, meaning: string][] {
  const [, table = ''] = new RegExp(`\\| ${heading} +\\| Meaning +\\|\\n\\|[ |-]+\\n((?:\\|.*\\n)+)`).exec(page) ?? []
  return table
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
    .map(([code = '', meaning = '']) => [code.replaceAll('`', ''), meaning])
}

test('docs/errors.md has the codes of files, rows and cells, in their order', () => {
  expect(rowsOf('File')).toEqual(Object.entries(FILE_ERROR_CODES))
  expect(rowsOf('Row')).toEqual([...Object.entries(ROW_ERROR_CODES), ...Object.entries(CELL_ERROR_CODES)])
})
