import { expect, test } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { csvLine } from '../../src/files/csv-writer.js'
import { unescapeFormula } from '../../src/files/formula.js'
import { testSeed } from '../setup/test-run.js'

const seed = testSeed()

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'"\',;\n\r\t =+-@a0é山'), maxLength: 12 }),
  fc.constantFrom('', '007', '=1+1', "'=1", "''", '"', '""', '\r\n', '-1', 'x'.repeat(70_000)),
)
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }))

test(`any cells come back from csv-parse, formulas unescaped: KITH_TEST_SEED=${String(seed)}`, () => {
  fc.assert(
    fc.property(table, (lines) => {
      const written = lines.map((cells) => csvLine(cells, true)).join('')
      const read: string[][] = parse(written, { relax_column_count: false })
      expect(read.map((cells) => cells.map(unescapeFormula))).toEqual(lines)
      // Nothing that a spreadsheet would run is left.
      expect(read.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
    }),
    { seed, numRuns: 200 },
  )
})

test('null is nothing, lists and objects are JSON, numbers are no formulas', () => {
  expect(csvLine([null, true, -1, ['a', 'b'], { c: null }], true)).toBe(',true,-1,"[""a"",""b""]","{""c"":null}"\n')
  expect(csvLine(['-1.50', '-1.50'], true, [true, false])).toBe("-1.50,'-1.50\n")
  expect(csvLine(['=1'], false)).toBe('=1\n')
  expect(csvLine([null], true)).toBe('""\n')
})
