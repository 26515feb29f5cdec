import { parse } from 'csv-parse/sync'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { gzipSync } from 'node:zlib'
import { csvLine } from '../../src/files/csv-writer.js'
import { escapeFormula } from '../../src/files/formula.js'
import { nester } from '../../src/files/nested.js'
import { bytes, readAll } from './support.js'
import { testSeed } from '../setup/test-run.js'

const seed = testSeed()

const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', "'", ',', ';', '\n', '\r', '\t', '|', ' ', '=', '+', '-', '@', 'a', '0', '😀'),
    maxLength: 12,
  }),
  fc.constantFrom('', '007', '=1+1', "'=1", "''", '"', '""', ' "x" ', '\r\n', '1,5', 'x'.repeat(70_000)),
)
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }))
const form = fc.record({
  separator: fc.constantFrom(',', ';', '\t', '|'),
  lineBreak: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf-8', 'utf-16le', 'utf-16be'),
  isGzip: fc.boolean(),
  size: fc.integer({ min: 5, max: 100_000 }),
})

/** The text in RFC 4180, quotes only where they are needed. */
function write(rows: readonly (readonly string[])[], separator: string, lineBreak: string): string {
  const quoted = (text: string): string => {
    const isPlain = !/["\r\n]/.test(text) && !text.includes(separator) && text.trim() === text
    return isPlain ? text : `"${text.replaceAll('"', '""')}"`
  }
  return rows.map((row) => row.map((text) => quoted(text)).join(separator)).join(lineBreak)
}

test(`any table survives being written and read, in any form: KITH_TEST_SEED=${String(seed)}`, async () => {
  await fc.assert(
    fc.asyncProperty(table, form, async (rows, { separator, lineBreak, encoding, isGzip, size }) => {
      const columns = (rows[0] ?? []).map((_, index) => `column${String(index)}`)
      const text = write([columns, ...rows.map((row) => row.map(escapeFormula))], separator, lineBreak)
      const plain = iconv.encode(text, encoding, { addBOM: true })
      const content = isGzip ? gzipSync(plain) : plain
      const parts = Array.from({ length: Math.ceil(content.length / size) }, (_, at) =>
        content.subarray(at * size, (at + 1) * size),
      )
      const read = await readAll(bytes(...parts), { separator })
      expect(read.columns).toEqual(columns)
      expect(read.rows.map(({ error }) => error).filter(Boolean)).toEqual([])
      // Rows without a text are left out, like blank lines.
      const filled = rows.filter((row) => row.some((text) => text !== ''))
      expect(read.rows.map(({ cells }) => [...cells.values()])).toEqual(filled)
      expect(read.rows.map(({ index }) => index)).toEqual(filled.map((_, index) => index))
    }),
    { seed, numRuns: 120 },
  )
})

test(`what our own writers write is read back: KITH_TEST_SEED=${String(seed)}`, async () => {
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const columns = (rows[0] ?? []).map((_, index) => `column${String(index)}`)
      const filled = rows.filter((row) => row.some((text) => text !== ''))
      const text = [columns, ...rows].map((row) => csvLine(row, true)).join('')
      const csv = await readAll(bytes(text), { separator: ',', format: 'CSV' })
      expect(csv.rows.map(({ cells, error }) => [...cells.values(), ...(error ? [error] : [])])).toEqual(filled)
      const nest = nester(columns.map((column) => `company.${column}`))
      const lines = rows.map((row) => `${JSON.stringify(nest(row))}\n`).join('')
      const json = await readAll(bytes(lines), { format: 'NDJSON' })
      expect(json.rows.map(({ cells }) => columns.map((column) => cells.get(`company.${column}`)))).toEqual(rows)
    }),
    { seed, numRuns: 60 },
  )
})

test(`well-formed text is read as csv-parse reads it: KITH_TEST_SEED=${String(seed)}`, async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom(',', ';'), async (rows, separator) => {
      const text = write([(rows[0] ?? []).map((_, index) => `c${String(index)}`), ...rows], separator, '\n')
      const known: string[][] = parse(text, {
        delimiter: separator,
        skip_empty_lines: true,
        record_delimiter: ['\n', '\r\n'],
      })
      const read = await readAll(bytes(text), { separator, unescapeFormulas: false })
      expect(read.rows.map(({ cells }) => [...cells.values()])).toEqual(
        known.slice(1).filter((row) => row.some((text) => text !== '')),
      )
    }),
    { seed, numRuns: 100 },
  )
})

test(`whatever the bytes, reading ends, and every row but bad ones has all columns: KITH_TEST_SEED=${String(seed)}`, async () => {
  const noise = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', '=', 'é'), maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(
      noise,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 5, max: 300 }),
      async (text, size, maxRowLength) => {
        const content = Buffer.from(`a,b,c\n${text}`)
        const parts = Array.from({ length: Math.ceil(content.length / size) }, (_, at) =>
          content.subarray(at * size, (at + 1) * size),
        )
        const { rows, columns } = await readAll(bytes(...parts), {
          separator: ',',
          encoding: 'UTF-8',
          limits: { maxRowLength },
        })
        expect(columns).toEqual(['a', 'b', 'c'])
        expect(rows.map(({ index }) => index)).toEqual(rows.map((_, index) => index))
        for (const { cells, row } of rows) expect([row > 1, cells.size]).toEqual([true, 3])
        expect([...rows].sort((a, b) => a.row - b.row)).toEqual(rows)
      },
    ),
    { seed, numRuns: 250 },
  )
})
