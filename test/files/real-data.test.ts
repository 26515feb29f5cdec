import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import { openRowFile } from '../../src/files/open-row-file.js'
import { testDataDir } from '../setup/test-run.js'

// Real records lie outside of the repository; the README of the folder says whose they are.
const FOLDER = testDataDir() ?? ''
const FILES = ['legislators-current.csv', 'legislators-district-offices.csv', 'sp500-constituents.csv']

for (const name of FILES) {
  const path = join(FOLDER, name)
  const isThere = existsSync(path)
  ;(isThere ? test : test.skip)(`${name} is read cell by cell as csv-parse reads it`, async () => {
    const known: Record<string, string>[] = parse(readFileSync(path), { columns: true, bom: true })
    const rows: Record<string, string>[] = []
    for await (const { cells, error } of (await openRowFile(createReadStream(path))).rows) {
      expect(error).toBeUndefined()
      rows.push(Object.fromEntries(cells))
    }
    expect(rows).toEqual(known.map((row) => ({ ...row })))
  })
}
