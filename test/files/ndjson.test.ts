import { expect, test } from '@jest/globals'
import { bytes, failure, readAll, short } from './support.js'

test('reads objects, nested ones by column keys, and tells what is wrong line by line', async () => {
  const lines = [
    '{"firstName":"Ada","company":{"name":"Acme","id":null},"emailAddresses":[{"email":"a@b.ch"},{"email":"c@d.ch"}],"tags":["x","y"],"n":1.50,"ok":true}',
    '',
    '{"n":12345678901234567890}',
    '{"n":0.1,"text":"12345678901234567890"}',
    'nothing',
    '[1]',
    '{"a":{"b":1},"a.b":2}',
    '{"a":"x\\u0000y"}',
    '{"a":"\\ud800"}',
    `{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}`,
    '{"firstName":"Zoë"}',
  ]
  const file = await readAll(bytes(lines.join('\r\n')))
  expect([file.format, file.separator, file.columns]).toEqual([
    'NDJSON',
    null,
    [
      'firstName',
      'company.name',
      'company.id',
      'emailAddresses.1.email',
      'emailAddresses.2.email',
      'tags',
      'n',
      'ok',
      'text',
      'a.b',
      'a',
    ],
  ])
  expect(file.rows.map(short)).toEqual([
    [
      1,
      {
        firstName: 'Ada',
        'company.name': 'Acme',
        'company.id': '',
        'emailAddresses.1.email': 'a@b.ch',
        'emailAddresses.2.email': 'c@d.ch',
        tags: '["x","y"]',
        n: '1.5',
        ok: 'true',
      },
    ],
    [3, {}, 'INVALID_JSON', 'n'],
    [4, { n: '0.1', text: '12345678901234567890' }],
    [5, {}, 'INVALID_JSON', null],
    [6, {}, 'INVALID_JSON', null],
    [7, { 'a.b': '1' }, 'INVALID_JSON', 'a.b'],
    [8, { a: 'x\0y' }, 'NUL_CHARACTER', 'a'],
    [9, { a: '\ud800' }, 'INVALID_ENCODING', 'a'],
    [10, {}, 'INVALID_JSON', 'a.a.a.a.a.a.a.a.a'],
    [11, { firstName: 'Zoë' }],
  ])
  expect(file.rows.map(({ index, text }) => [index, text])).toEqual(
    lines.filter((line) => line !== '').map((line, index) => [index, line]),
  )
  expect(file.rows[1]?.error?.message).toBe(
    'The number has more digits than JSON keeps: write it as a text, in quotes.',
  )
})

test('a line that is too large costs itself', async () => {
  const { rows } = await readAll(bytes('{"a":1}\n{"a":"', 'x'.repeat(3_000_000), '"}\n{"a":2}\n'))
  expect(rows.map(short)).toEqual([
    [1, { a: '1' }],
    [2, {}, 'ROW_TOO_LARGE', null],
    [3, { a: '2' }],
  ])
})

test('options of CSV are refused where the format is said', async () => {
  expect(await failure(readAll(bytes('{"a":1}'), { format: 'NDJSON', separator: ';' }))).toEqual([
    'BAD_OPTION',
    'separator, headerRow and columns are of CSV files alone: leave them out.',
  ])
  expect(await failure(readAll(bytes('\n\n'), { format: 'NDJSON' }))).toEqual([
    'EMPTY_FILE',
    'The file has no records.',
  ])
})

test('lists that stand in each other and names that are long cost their line alone', async () => {
  const { columns, rows } = await readAll(
    bytes(
      `{"a":${'['.repeat(8)}1${']'.repeat(8)}}\n`,
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`,
      `{"${'n'.repeat(500)}":{"${'m'.repeat(499)}":1}}\n`,
      `{"${'n'.repeat(500)}":{"${'m'.repeat(500)}":1}}\n`,
    ),
  )
  expect(rows.map(({ row, cells, error }) => [row, [...cells.values()], error?.code, error?.message])).toEqual([
    [1, ['[[[[[[[[1]]]]]]]]'], undefined, undefined],
    [2, [], 'INVALID_JSON', 'Objects or lists are nested deeper than 8 levels.'],
    [3, ['1'], undefined, undefined],
    [4, [], 'INVALID_JSON', `The names of “${'n'.repeat(60)}…” have more than 1,000 characters: shorten them.`],
  ])
  expect(columns).toEqual(['a', `${'n'.repeat(500)}.${'m'.repeat(499)}`])
})

test('the first 1,000 keys of the first rows are columns', async () => {
  const line = (from: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`k${String(from + index)}`, 1])))
  const { columns, rows } = await readAll(bytes(`${line(0)}\n${line(600)}\n`))
  expect(columns).toEqual(Array.from({ length: 1_000 }, (_, index) => `k${String(index)}`))
  expect(rows.map(({ cells, error }) => [cells.size, error])).toEqual([
    [600, undefined],
    [600, undefined],
  ])
})
