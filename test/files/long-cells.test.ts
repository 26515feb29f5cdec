import { expect, test } from '@jest/globals'
import { readDate, readDateTime } from '../../src/files/cell-dates.js'
import { suggestMapping } from '../../src/files/suggest-mapping.js'
import { CONTACT_KEYS } from './support.js'

// Sizes that took many minutes as long as their time was quadratic: Jest gives each test a minute.

test('a cell of 250,000 characters is no date and no moment', () => {
  const cell = `1${' '.repeat(250_000)}x`
  expect([readDate(cell, {}), readDateTime(cell, {})]).toEqual([
    {
      ok: false,
      code: 'INVALID_DATE',
      message: `“1${' '.repeat(59)}…” is no date: write it YYYY-MM-DD, as 2024-02-29.`,
      declare: [],
    },
    {
      ok: false,
      code: 'INVALID_DATE_TIME',
      message: `“1${' '.repeat(59)}…” is no moment: write it as 2024-02-29T12:30:00+01:00.`,
      declare: [],
    },
  ])
})

test('of 1,000 columns of phones the first 25 are suggested; a header of more than 200 characters is none', () => {
  const columns = Array.from({ length: 1_000 }, (_, index) => `Phone ${String(index + 1)}`)
  expect(suggestMapping(columns, [], CONTACT_KEYS).map(({ target }) => target?.key ?? null)).toEqual(
    columns.map((_, index) => (index < 25 ? `phoneNumbers.${String(index + 1)}.number` : null)),
  )
  const long = ['aA'.repeat(2_000_000), `${' '.repeat(196)}email`, `${' '.repeat(195)}email`]
  expect(suggestMapping(long, [], CONTACT_KEYS).map(({ target }) => target)).toEqual([
    null,
    null,
    { key: 'emailAddresses.1.email' },
  ])
})
