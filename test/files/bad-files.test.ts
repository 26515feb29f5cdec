import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { openRowFile } from '../../src/files/open-row-file.js'
import { bytes, failure, readAll, short } from './support.js'

const MIB = 2 ** 20
const csv = async (text: string, options = {}) => (await readAll(bytes(text), options)).rows.map(short)

/** The most memory that was held at once while the rows were read, above what was before, in MiB. */
async function heldWhile(read: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage()
  let most = 0
  const watch = setInterval(() => {
    const now = process.memoryUsage()
    most = Math.max(most, now.rss - before.rss)
  }, 5)
  await read()
  clearInterval(watch)
  return most / MIB
}

describe('quotes', () => {
  test('one that is never closed costs its own row where the lines behind it are rows', async () => {
    expect(await csv('a,b\n1,"x\n2,y\n3,"z"\n4,w\n')).toEqual([
      [2, { a: '1', b: '"x' }, 'INVALID_QUOTES', 'b'],
      [3, { a: '2', b: 'y' }],
      [4, { a: '3', b: 'z' }],
      [5, { a: '4', b: 'w' }],
    ])
    expect(await csv('a,b\n1,"x\n2,y\n3,z\n')).toEqual([
      [2, { a: '1', b: '"x' }, 'UNCLOSED_QUOTE', 'b'],
      [3, { a: '2', b: 'y' }],
      [4, { a: '3', b: 'z' }],
    ])
  })

  test('one that is never closed takes lines that are no rows, and says how many', async () => {
    const { rows } = await readAll(bytes('a,b\n1,x\n2,"a letter\nof three\nlines'))
    expect(rows.map(short)).toEqual([
      [2, { a: '1', b: 'x' }],
      [3, { a: '2', b: '"a letter' }, 'UNCLOSED_QUOTE', 'b'],
    ])
    expect(rows[1]?.error?.message).toBe(
      'The quote that opens the cell is never closed. All 2 lines after it were taken as part of the cell, and no row of them was read. Close it and import again.',
    )
  })

  test('the rest of a cell with wrong quotes is never taken for a row', async () => {
    expect(await csv('a,b,c\n1,"He said "hello, there" and\nleft, quickly",x\n2,y,z\n')).toEqual([
      [2, { a: '1', b: '"He said "hello', c: ' there" and' }, 'INVALID_QUOTES', 'b'],
      [3, { a: 'left', b: ' quickly"', c: 'x' }, 'INVALID_QUOTES', 'b'],
      [4, { a: '2', b: 'y', c: 'z' }],
    ])
  })

  test('one that is open for 12 MB of rows costs one row and bounded memory', async () => {
    const line = '1,2,some text that goes on for a while\n'
    function* parts(): Generator<string> {
      yield 'a,b,c\n0,"x\n'
      for (let part = 0; part < 3; part++) yield line.repeat(100_000)
    }
    let [good, bad] = [0, [] as unknown[]]
    const held = await heldWhile(async () => {
      for await (const row of (await openRowFile(bytes(...parts()))).rows) {
        if (row.error) bad = [...bad, [row.row, row.error.code]]
        else good += 1
      }
    })
    expect([good, bad]).toEqual([300_000, [[2, 'UNCLOSED_QUOTE']]])
    expect(held).toBeLessThan(200)
  })
})

describe('what is too large', () => {
  test.each([
    ['in quotes', `"${'some text\n'.repeat(MIB)}"`],
    ['without quotes', 'some text '.repeat(MIB)],
  ])('a cell of 10 MB %s costs its row; others are read', async (_, cell) => {
    const { rows } = await readAll(
      bytes(
        ...(function* () {
          const text = `a,b\n1,${cell}\n2,y\n`
          for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536)
        })(),
      ),
    )
    expect(rows.map(({ row, error, text }) => [row, error?.code, error?.column, text.length <= 65_536])).toEqual([
      [2, 'ROW_TOO_LARGE', 'b', true],
      [cell.startsWith('"') ? MIB + 3 : 3, undefined, undefined, true],
    ])
  })

  test('a cell above the limit is told with its column', async () => {
    const { rows } = await readAll(bytes('a,b\n12345,1234567\n1,2\n'), { limits: { maxCellLength: 6 } })
    expect(rows.map(({ error }) => error)).toEqual([
      { code: 'ROW_TOO_LARGE', column: 'b', message: 'The cell has 7 characters; at most 6 are read: shorten it.' },
      undefined,
    ])
  })

  test('a header of 100,001 columns is refused', async () => {
    const header = Array.from({ length: 100_001 }, (_, index) => `c${String(index)}`).join(',')
    expect(await failure(readAll(bytes(`${header}\n1,2\n`)))).toEqual([
      'TOO_MANY_COLUMNS',
      'There are 100,001 columns in the header (line 1); at most 1,000 are read. If that line is no header, say which is (headerRow); if it is, leave columns out.',
    ])
  })

  test('a file above the limit ends with an error behind its good rows', async () => {
    const file = await openRowFile(bytes('a,b\n', ...Array.from({ length: 100 }, () => '1,2\n'.repeat(1_000))), {
      limits: { maxBytes: 200_000 },
    })
    const read: number[] = []
    const all = async () => {
      for await (const { index } of file.rows) read.push(index)
    }
    expect(await failure(all())).toEqual([
      'TOO_LARGE',
      'The file has more than 200,000 bytes: split it and send the parts.',
    ])
    expect(read.length).toBeGreaterThanOrEqual(100)
  })
})

describe('headers', () => {
  test('two columns of one name are refused, all of them at once, unless names are given', async () => {
    expect(await failure(csv('a,b,a,c,b\n1,2,3,4,5\n'))).toEqual([
      'DUPLICATE_COLUMNS',
      'Several columns in the header (line 1) are called “a”, “b”: rename them in the file, or give names for all columns.',
    ])
    expect(await csv('a,a\n1,2\n', { columns: ['x', 'y'] })).toEqual([[2, { x: '1', y: '2' }]])
    expect(await failure(csv('a,a\n1,2\n', { columns: ['x'] }))).toEqual([
      'BAD_OPTION',
      '1 column names were given, but the header (line 1) has 2 columns: name each of them.',
    ])
  })

  test.each([
    ['a title', 'Report of May\n\na,b,c\n1,2,3\n', 'The first line says only “Report of May”', 3],
    ['a title with separators', 'Report of May,,\na,b,c\n1,2,3\n', 'The first line says only “Report of May”', 2],
    ['a blank line', '\na,b,c\n1,2,3\n', 'The first line is blank', 2],
  ])('below %s are found only where they are declared', async (_, text, found, line) => {
    expect(await failure(csv(text))).toEqual([
      'HEADER_NOT_FOUND',
      `${found}, so it is no header: say which line the header is (headerRow: ${String(line)}, if it is that one), or delete the lines above it.`,
    ])
    expect(await csv(text, { headerRow: line })).toEqual([[line + 1, { a: '1', b: '2', c: '3' }]])
  })

  test('are read without the apostrophe that keeps formulas from running, as cells are', async () => {
    expect(await csv("'=a,'-b,'c\n'=1,'-2,'3\n")).toEqual([[2, { '=a': '=1', '-b': '-2', "'c": "'3" }]])
    expect(await csv("'=a\n'=1\n", { unescapeFormulas: false })).toEqual([[2, { "'=a": "'=1" }]])
  })

  test('a column without a name is read under its number', async () => {
    expect(await csv(',b\n1,2\n')).toEqual([[2, { '(column 1)': '1', b: '2' }]])
  })
})

test('ragged rows are told; empty cells too many are none', async () => {
  const { rows } = await readAll(bytes('a;b\n1;2\n3\n4;5;6\n7;8;\n'))
  expect(rows.map(short)).toEqual([
    [2, { a: '1', b: '2' }],
    [3, { a: '3', b: '' }, 'RAGGED_ROW', null],
    [4, { a: '4', b: '5' }, 'RAGGED_ROW', null],
    [5, { a: '7', b: '8' }],
  ])
  expect(rows[1]?.error?.message).toBe(
    'Cells in the row: 1; columns in the header: 2. Write a cell for each column, empty ones too, and quotes around cells that hold the separator.',
  )
})

test('NUL characters are told with their column', async () => {
  expect(await csv('a,b\n1,x\0y\n2,z\n')).toEqual([
    [2, { a: '1', b: 'x\0y' }, 'NUL_CHARACTER', 'b'],
    [3, { a: '2', b: 'z' }],
  ])
})

test('one bad row in 10,000 is the only one', async () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => (index === 6_665 ? '6665' : `${String(index)},x`))
  const { rows } = await readAll(bytes(`a,b\n${lines.join('\n')}\n`))
  expect(rows).toHaveLength(10_000)
  expect(rows.filter(({ error }) => error).map(({ row, index, error }) => [row, index, error?.code])).toEqual([
    [6_667, 6_665, 'RAGGED_ROW'],
  ])
})

describe('what is no text', () => {
  test.each([
    [
      'a ZIP or a workbook',
      [0x50, 0x4b, 3, 4, 0, 0, 0, 0],
      'The file is a ZIP archive or an Excel workbook (.xlsx), whatever its name: unpack it, or save the sheet as “CSV UTF-8” and send that.',
    ],
    [
      'an old workbook',
      [0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0],
      'The file is an old Excel workbook (.xls): save the sheet as CSV.',
    ],
    ['a PDF', [...Buffer.from('%PDF-1.7')], 'The file is a PDF document: send CSV, NDJSON or vCard.'],
    ['noise', [1, 2, 3, 4, 5, 6, 7, 8, 9, 255], 'The file is no text: send CSV, NDJSON or vCard.'],
    [
      'a JSON list',
      [...Buffer.from('[{"a":1}]')],
      'The file is a JSON list: write one object in each line (NDJSON), as `jq -c ".[]"` does.',
    ],
  ])('%s is refused, also within gzip', async (_, content, message) => {
    const refused = ['UNSUPPORTED_FILE', message]
    expect(await failure(readAll(bytes(Uint8Array.from(content))))).toEqual(refused)
    expect(await failure(readAll(bytes(gzipSync(Uint8Array.from(content)))))).toEqual(refused)
  })

  test('a gzip bomb is given up while it is unpacked', async () => {
    const bomb = gzipSync(`a,b\n${'0'.repeat(64 * MIB)}`)
    const held = await heldWhile(async () => {
      expect(await failure(readAll(bytes(bomb)))).toEqual([
        'TOO_COMPRESSED',
        'The gzip file unpacks to more than 200 times its size and was given up: send it unpacked.',
      ])
    })
    expect(held).toBeLessThan(150)
  })

  test('a gzip file that is cut off ends with an error behind its good rows', async () => {
    const whole = gzipSync(`a,b\n${Array.from({ length: 50_000 }, (_, index) => `${String(index)},x`).join('\n')}`)
    const file = await openRowFile(bytes(whole.subarray(0, whole.length - 1_000)))
    let read = 0
    const all = async () => {
      for await (const row of file.rows) read += row.error ? 0 : 1
    }
    expect(await failure(all())).toEqual([
      'DAMAGED_FILE',
      'The gzip file is damaged or cut off: compress and send it again.',
    ])
    expect(read).toBeGreaterThan(10_000)
  })
})

test('bytes are closed when the loop is left, and by close()', async () => {
  let closed = 0
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from('a,b\n1,2\n'.repeat(10_000))
    } finally {
      closed += 1
    }
  }
  for await (const row of (await openRowFile(source())).rows) if (row.index === 5) break
  expect(closed).toBe(1)
  await (await openRowFile(source())).close()
  expect(closed).toBe(2)
  expect(await failure(openRowFile(source(), { columns: ['x'] }))).toMatchObject(['BAD_OPTION', expect.any(String)])
  // Without a loop or close(), so that nothing but the failure ends them.
  expect(closed).toBe(3)
})
