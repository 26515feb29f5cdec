import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import iconv from 'iconv-lite'
import { bytes, failure, readAll, short } from './support.js'

const TEXT = 'Name,Ort\nZoë,Zürich\n'
const ROWS = [[2, { Name: 'Zoë', Ort: 'Zürich' }]]

test.each([
  ['UTF-8', Buffer.from(TEXT), 'UTF-8'],
  ['UTF-8 with a BOM', Buffer.from(`\ufeff${TEXT}`), 'UTF-8'],
  ['UTF-16 LE with a BOM', iconv.encode(TEXT, 'utf-16le', { addBOM: true }), 'UTF-16LE'],
  ['UTF-16 LE without', iconv.encode(TEXT, 'utf-16le'), 'UTF-16LE'],
  ['UTF-16 BE with a BOM', iconv.encode(TEXT, 'utf-16be', { addBOM: true }), 'UTF-16BE'],
  ['UTF-16 BE without', iconv.encode(TEXT, 'utf-16be'), 'UTF-16BE'],
  ['Windows-1252', iconv.encode(TEXT, 'windows-1252'), 'WINDOWS-1252'],
])('is told by the bytes: %s, plain and by gzip, cut anywhere', async (_, content, encoding) => {
  for (const parts of [[content], [gzipSync(content)], [...content].map((byte) => Uint8Array.of(byte))]) {
    const file = await readAll(bytes(...parts))
    expect([file.encoding, file.rows.map(short)]).toEqual([encoding, ROWS])
  }
})

test('bytes 0x80 to 0x9F are the quotes and the euro of Windows-1252, unless ISO-8859-1 is declared', async () => {
  const content = Buffer.from('a,b\n1,\x80 \x93q\x94 caf\xe9\n', 'latin1')
  expect((await readAll(bytes(content))).rows.map(short)).toEqual([[2, { a: '1', b: '€ “q” café' }]])
  expect((await readAll(bytes(content), { encoding: 'ISO-8859-1' })).rows.map(short)).toEqual([
    [2, { a: '1', b: '\u0080 \u0093q\u0094 café' }],
  ])
})

test('the five bytes that Windows-1252 has no character for are told, not replaced', async () => {
  const content = Buffer.from('a,b\n1,\x80\n\x81\x8d\x8f,2\n3,x\x90\n4,\x9d\n', 'latin1')
  const { rows } = await readAll(bytes(...[...content].map((byte) => Uint8Array.of(byte))))
  expect(rows.map(({ row, error }) => [row, error?.code, error?.column])).toEqual([
    [2, undefined, undefined],
    [3, 'INVALID_ENCODING', 'a'],
    [4, 'INVALID_ENCODING', 'b'],
    [5, 'INVALID_ENCODING', 'b'],
  ])
  expect(rows[1]?.error?.message).toContain('the byte 0x81')
})

test('a byte that is no UTF-8 far down in the file costs its row alone, and the encoding can be declared', async () => {
  const content = () => bytes('a,b\n', 'Zürich,ok\n'.repeat(20_000), Buffer.from('1,caf\xe9\n', 'latin1'), '2,b\n')
  const { encoding, rows } = await readAll(content())
  expect([encoding, rows.length]).toEqual(['UTF-8', 20_002])
  expect(rows.filter(({ error }) => error).map(({ row, error }) => [row, error])).toEqual([
    [
      20_002,
      {
        code: 'INVALID_ENCODING',
        column: 'b',
        message:
          'The cell holds the byte 0xE9, which is no text in the encoding of the file: say which encoding it has, as WINDOWS-1252 or ISO-8859-1.',
      },
    ],
  ])
  expect(rows.at(-1)?.cells.get('a')).toBe('2')
})

test('a wrong encoding that is declared is told row by row', async () => {
  const { rows } = await readAll(bytes(iconv.encode(TEXT, 'windows-1252')), { encoding: 'UTF-8' })
  expect(rows.map(short)).toEqual([[2, { Name: 'Zo\udceb', Ort: 'Z\udcfcrich' }, 'INVALID_ENCODING', 'Name']])
})

test('a character of UTF-8 is neither lost nor doubled where chunks cut it', async () => {
  const text = `a\n${'𝒳é€x'.repeat(50)}\n`
  const content = Buffer.from(text)
  for (let size = 1; size < 9; size++) {
    const parts = Array.from({ length: Math.ceil(content.length / size) }, (_, at) =>
      content.subarray(at * size, (at + 1) * size),
    )
    expect((await readAll(bytes(...parts))).rows.map(({ cells }) => cells.get('a'))).toEqual(['𝒳é€x'.repeat(50)])
  }
})

test('UTF-32 is refused with what to do', async () => {
  expect(await failure(readAll(bytes(Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]))))).toEqual([
    'UNSUPPORTED_ENCODING',
    'The file is UTF-32, which is not read: save it as UTF-8.',
  ])
})
