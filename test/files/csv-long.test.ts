import { expect, test } from '@jest/globals'
import { openRowFile } from '../../src/files/open-row-file.js'
import type { FileRow } from '../../src/files/row-file.js'
import { bytes, readAll } from './support.js'

// Sizes that took many minutes as long as their time was quadratic: Jest gives each test a minute.

const TOO_LARGE = ['ROW_TOO_LARGE', 'The row has more than 1,048,576 characters: shorten its cells.']
const said = ({ row, error }: FileRow) => [row, error?.code, error?.message]

// In one chunk: what follows a row that is given up is read over as a whole.
test.each([
  ['LF', '\n'],
  ['CR', '\r'],
])('a row of 8,000,000 quotes is one that is too large, before %s', async (_, lineBreak) => {
  const start = ['a,b', '1,2', '3,4', ''].join(lineBreak)
  const { rows } = await readAll(bytes(start, '"'.repeat(8_000_000), `${lineBreak}5,6${lineBreak}`))
  expect(rows.map(said)).toEqual([
    [2, undefined, undefined],
    [3, undefined, undefined],
    [4, ...TOO_LARGE],
    [5, undefined, undefined],
  ])
})

test('4,000,000 lone CR are as many blank lines', async () => {
  const { rows } = await readAll(bytes(`a,b\r1,2\r`, '\r'.repeat(4_000_000), '3,4'))
  expect(rows.map(({ row, cells }) => [row, [...cells.values()]])).toEqual([
    [2, ['1', '2']],
    [4_000_003, ['3', '4']],
  ])
})

test('broken quotes in a file of lone CR whose later lines end with LF, and the other way round', async () => {
  const read = async (first: string, later: string) => {
    const file = await openRowFile(
      bytes(`a,b${first}1,2${first}3,4${first}`.repeat(20_000), `"1"x,2${later}`.repeat(150_000)),
    )
    const codes: Record<string, number> = {}
    for await (const { error } of file.rows) codes[error?.code ?? 'NONE'] = (codes[error?.code ?? 'NONE'] ?? 0) + 1
    return codes
  }
  expect(await read('\r', '\n')).toEqual({ NONE: 59_999, INVALID_QUOTES: 150_000 })
  expect(await read('\n', '\n')).toEqual({ NONE: 59_999, INVALID_QUOTES: 150_000 })
})
