import { expect, test } from '@jest/globals'
import { bytes, failure, readAll, short } from './support.js'

const csv = async (text: string, options = {}) => (await readAll(bytes(text), options)).rows.map(short)

test('reads cells, quotes, line breaks in quotes, spaces around quotes, and counts lines as an editor does', async () => {
  const text = 'a,b\n1,"x ""y"", z"\n2,"one\ntwo\r\nthree"\n\n3, "quoted" \n5" pipe,\n'
  expect(await readAll(bytes(text))).toMatchObject({
    format: 'CSV',
    encoding: 'UTF-8',
    separator: ',',
    columns: ['a', 'b'],
  })
  expect(await csv(text)).toEqual([
    [2, { a: '1', b: 'x "y", z' }],
    [3, { a: '2', b: 'one\ntwo\r\nthree' }],
    [7, { a: '3', b: 'quoted' }],
    [8, { a: '5" pipe', b: '' }],
  ])
})

test.each([
  ['semicolons', 'a;b\n1,5;2\n', ';'],
  ['tabs', 'a\tb\n1,5\t2\n', '\t'],
  ['bars', 'a|b\n1,5|2\n', '|'],
  ['what Excel says in a first line', 'sep=;\na;b\n1,5;2\n', ';'],
])('finds the separator: %s', async (_, text, separator) => {
  const file = await readAll(bytes(text))
  expect([file.separator, file.columns, file.rows.map(({ cells }) => [...cells.values()])]).toEqual([
    separator,
    ['a', 'b'],
    [['1,5', '2']],
  ])
})

test('takes the separator that it is told, and one column where nothing separates', async () => {
  expect(await csv('a:b\n1:2\n', { separator: ':' })).toEqual([[2, { a: '1', b: '2' }]])
  expect(await csv('email\na@b.ch\nc@d.ch\n')).toEqual([
    [2, { email: 'a@b.ch' }],
    [3, { email: 'c@d.ch' }],
  ])
  expect(await failure(csv('a\n1\n', { separator: '||' }))).toEqual([
    'BAD_OPTION',
    'The separator must be one character, and no quote or line break.',
  ])
})

test.each([
  ['LF', '\n'],
  ['CR LF', '\r\n'],
  ['CR', '\r'],
])('ends lines with %s, in whatever chunks they come', async (_, lineBreak) => {
  const text = ['a,b', '1,"x\ny"', '', '2,z', '"3",""""'].join(lineBreak)
  const expected = [
    [2, { a: '1', b: 'x\ny' }],
    [lineBreak === '\r' ? 4 : 5, { a: '2', b: 'z' }],
    [lineBreak === '\r' ? 5 : 6, { a: '3', b: '"' }],
  ]
  const lines = (rows: unknown[][]) => rows.map(([, cells]) => cells)
  expect(lines(await csv(text))).toEqual(lines(expected))
  const each = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
  expect(lines((await readAll(bytes(...each))).rows.map(short))).toEqual(lines(expected))
})

test('undoes the escape of formulas unless it is told not to', async () => {
  const text = "a\n'=1+1\n''@x\n'quoted'\n"
  expect((await csv(text)).map(([, cells]) => cells)).toEqual([{ a: '=1+1' }, { a: "'@x" }, { a: "'quoted'" }])
  expect((await csv(text, { unescapeFormulas: false })).map(([, cells]) => cells)).toEqual([
    { a: "'=1+1" },
    { a: "''@x" },
    { a: "'quoted'" },
  ])
})

test('goes on at an index: rows before it are read over, and keep their numbers', async () => {
  const text = 'a,b\n1,x\n2,"y\ny"\n3\n4,z\n'
  const { rows } = await readAll(bytes(text), { startAtIndex: 2 })
  expect(rows.map((row) => [row.index, ...short(row)])).toEqual([
    [2, 5, { a: '3', b: '' }, 'RAGGED_ROW', null],
    [3, 6, { a: '4', b: 'z' }],
  ])
})

test('a header alone has no rows; nothing is no file', async () => {
  expect(await readAll(bytes('a;b;c'))).toMatchObject({ separator: ';', columns: ['a', 'b', 'c'], rows: [] })
  expect(await failure(readAll(bytes('')))).toEqual(['EMPTY_FILE', 'The file is empty.'])
  expect(await failure(readAll(bytes('\n \n\n')))).toEqual([
    'HEADER_NOT_FOUND',
    'The first line is blank, so it is no header: the first line must name the columns.',
  ])
})
