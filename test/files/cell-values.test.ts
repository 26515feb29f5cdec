import { describe, expect, test } from '@jest/globals'
import { cellReader } from '../../src/files/cell-values.js'
import type { ColumnKey, NamedValue, ValueKind } from '../../src/files/column-keys.js'
import type { CellOptions } from '../../src/files/mapping.js'

const read = (
  kind: ValueKind,
  cell: string,
  options: CellOptions = {},
  values: readonly NamedValue[] = [],
): unknown => {
  const key: ColumnKey = { key: 'x', kind, values, place: { in: 'field', field: 'x' } }
  const result = cellReader(key, options)(cell)
  return result.ok ? result.value : result.code
}

test.each([
  ['1980-05-17', undefined, '1980-05-17'],
  ['1980/5/7', undefined, '1980-05-07'],
  ['19800517', undefined, '1980-05-17'],
  ['1980-05-17T00:00:00Z', undefined, '1980-05-17'],
  ['1980-05-17T12:00:00Z', undefined, 'INVALID_DATE'],
  ['3/4/2024', undefined, 'AMBIGUOUS_DATE'],
  ['3/4/2024', 'DMY', '2024-04-03'],
  ['3/4/2024', 'MDY', '2024-03-04'],
  ['3.4.2024', undefined, 'AMBIGUOUS_DATE'],
  ['03.04.2024', 'DMY', '2024-04-03'],
  ['13/4/2024', undefined, '2024-04-13'],
  ['4/13/2024', undefined, '2024-04-13'],
  ['13/4/2024', 'MDY', 'INVALID_DATE'],
  ['4/4/2024', undefined, '2024-04-04'],
  ['3/4/24', 'DMY', 'AMBIGUOUS_DATE'],
  ['29.2.2023', undefined, 'INVALID_DATE'],
  ['31.4.2024', 'DMY', 'INVALID_DATE'],
  ['3/4-2024', 'DMY', 'INVALID_DATE'],
  ['2 Jan 2024', undefined, '2024-01-02'],
  ['January 2nd, 2024', undefined, '2024-01-02'],
  ['2. März 2024', undefined, '2024-03-02'],
  ['17-Dez-2024', undefined, '2024-12-17'],
  ['2 Ju 2024', undefined, 'INVALID_DATE'],
  ['--05-17', undefined, 'INVALID_DATE'],
  ['soon', undefined, 'INVALID_DATE'],
] as const)('the date %s, declared %s, is %s', (cell, dateOrder, expected) => {
  expect(read('date', cell, { dateOrder })).toBe(expected)
})

test.each([
  ['2024-03-04T12:30:00+01:00', {}, '2024-03-04T12:30:00+01:00'],
  ['2024-03-04 12:30:00Z', {}, '2024-03-04T12:30:00Z'],
  ['2024-03-04 12:30', {}, 'INVALID_DATE_TIME'],
  ['2024-03-04 12:30', { timeZone: 'Europe/Zurich' }, '2024-03-04T11:30:00.000Z'],
  ['2024-07-04 12:30', { timeZone: 'Europe/Zurich' }, '2024-07-04T10:30:00.000Z'],
  ['7/4/2024 1:05 PM', { timeZone: 'America/New_York' }, 'AMBIGUOUS_DATE'],
  ['7/4/2024 1:05 PM', { timeZone: 'America/New_York', dateOrder: 'MDY' }, '2024-07-04T17:05:00.000Z'],
  ['2024-03-04 25:00', { timeZone: 'UTC' }, 'INVALID_DATE_TIME'],
  ['2024-03-04', {}, 'INVALID_DATE_TIME'],
  ['2024-03-04 13:05 AM', { timeZone: 'UTC' }, 'INVALID_DATE_TIME'],
  ['2024-03-04 25:05 PM +01:00', {}, 'INVALID_DATE_TIME'],
  ['2024-03-04 12:05 AM', { timeZone: 'UTC' }, '2024-03-04T00:05:00.000Z'],
  // Clocks are turned: from 2:00 to 3:00, and from 3:00 back to 2:00.
  ['2024-03-31 01:59:59', { timeZone: 'Europe/Zurich' }, '2024-03-31T00:59:59.000Z'],
  ['2024-03-31 02:00', { timeZone: 'Europe/Zurich' }, 'INVALID_DATE_TIME'],
  ['2024-03-31 02:59:59', { timeZone: 'Europe/Zurich' }, 'INVALID_DATE_TIME'],
  ['2024-03-31 03:00', { timeZone: 'Europe/Zurich' }, '2024-03-31T01:00:00.000Z'],
  ['2024-03-31 02:30:00+01:00', { timeZone: 'Europe/Zurich' }, '2024-03-31T02:30:00+01:00'],
  ['2024-10-27 01:59:59', { timeZone: 'Europe/Zurich' }, '2024-10-26T23:59:59.000Z'],
  ['2024-10-27 02:00', { timeZone: 'Europe/Zurich' }, 'AMBIGUOUS_DATE_TIME'],
  ['2024-10-27 02:59:59', { timeZone: 'Europe/Zurich' }, 'AMBIGUOUS_DATE_TIME'],
  ['2024-10-27 03:00', { timeZone: 'Europe/Zurich' }, '2024-10-27T02:00:00.000Z'],
  ['2024-11-03 01:30', { timeZone: 'America/New_York' }, 'AMBIGUOUS_DATE_TIME'],
  // By half an hour; the whole of a day; and a second of local mean time.
  ['2024-04-07 01:45', { timeZone: 'Australia/Lord_Howe' }, 'AMBIGUOUS_DATE_TIME'],
  ['2011-12-30 12:00', { timeZone: 'Pacific/Apia' }, 'INVALID_DATE_TIME'],
  ['2011-12-31 00:00', { timeZone: 'Pacific/Apia' }, '2011-12-30T10:00:00.000Z'],
  ['1850-01-01 00:00', { timeZone: 'Europe/Berlin' }, '1849-12-31T23:06:32.000Z'],
  ['1500-03-01 00:00', { timeZone: 'UTC' }, '1500-03-01T00:00:00.000Z'],
] as const)('the moment %s, declared %j, is %s', (cell, options, expected) => {
  expect(read('datetime', cell, options)).toBe(expected)
})

describe('numbers', () => {
  test.each([
    ['1234.5', '1234.5', '1234.5', 'INVALID_NUMBER'],
    ['1,234.50', '1234.50', '1234.50', 'INVALID_NUMBER'],
    ['1.234,50', '1234.50', 'INVALID_NUMBER', '1234.50'],
    ['12,5', '12.5', 'INVALID_NUMBER', '12.5'],
    ['1,234', 'AMBIGUOUS_NUMBER', '1234', '1.234'],
    ['1.234', '1.234', '1.234', '1234'],
    ['0,123', '0.123', 'INVALID_NUMBER', '0.123'],
    ['1,234,567', '1234567', '1234567', 'INVALID_NUMBER'],
    ['1.234.567', '1234567', 'INVALID_NUMBER', '1234567'],
    ["1'234'567.5", '1234567.5', '1234567.5', 'INVALID_NUMBER'],
    ['1 234,5', '1234.5', 'INVALID_NUMBER', '1234.5'],
    ['−5', '-5', '-5', '-5'],
    ['+5', '5', '5', '5'],
    ['5 %', 'INVALID_NUMBER', 'INVALID_NUMBER', 'INVALID_NUMBER'],
    ['1e3', 'INVALID_NUMBER', 'INVALID_NUMBER', 'INVALID_NUMBER'],
  ])('%s is %s; with a declared point %s, with a comma %s', (cell, undeclared, point, comma) => {
    expect([
      read('decimal', cell),
      read('decimal', cell, { decimalSeparator: '.' }),
      read('decimal', cell, { decimalSeparator: ',' }),
    ]).toEqual([undeclared, point, comma])
  })

  test('whole ones and degrees', () => {
    expect(['12', "1'200", '12.0', '12.5', '9007199254740993'].map((cell) => read('integer', cell))).toEqual([
      12,
      1200,
      12,
      'INVALID_NUMBER',
      'INVALID_NUMBER',
    ])
    expect(['47.37', '-8,5', '1e-7'].map((cell) => read('float', cell))).toEqual([47.37, -8.5, 1e-7])
  })

  test('amounts of money', () => {
    expect(
      ['12.50 CHF', '€ 12,50', 'USD 1,234.50', '12.50', '$5', '5 ABC', '1,234 EUR'].map((cell) => read('money', cell)),
    ).toEqual([
      { amount: '12.50', code: 'CHF' },
      { amount: '12.50', code: 'EUR' },
      { amount: '1234.50', code: 'USD' },
      { amount: '12.50' },
      'INVALID_NUMBER',
      'UNKNOWN_VALUE',
      'AMBIGUOUS_NUMBER',
    ])
  })
})

test('booleans, countries, JSON', () => {
  expect(['yes', 'Ja', '1', 'TRUE', 'no', 'Nein', '0', 'false', 'maybe'].map((cell) => read('boolean', cell))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    'INVALID_BOOLEAN',
  ])
  expect(
    ['CH', 'ch', 'Switzerland', 'Schweiz', 'Suisse', 'USA', 'Türkei', 'Atlantis'].map((cell) => read('country', cell)),
  ).toEqual(['CH', 'CH', 'CH', 'CH', 'CH', 'US', 'TR', 'UNKNOWN_VALUE'])
  expect([read('json', '[1]'), read('json', '[1')]).toEqual([[1], 'INVALID_JSON'])
})

test('values by name, label, and the words of address books; options by several separators', () => {
  const phones = ['WORK', 'MOBILE', 'HOME', 'OTHER'].map((value) => ({ value, label: value }))
  expect(
    ['MOBILE', 'mobile', 'Cell', '* Work', 'Main', 'privat', 'pager'].map((cell) => read('enum', cell, {}, phones)),
  ).toEqual(['MOBILE', 'MOBILE', 'MOBILE', 'WORK', 'WORK', 'HOME', 'UNKNOWN_VALUE'])
  expect(read('enum', 'pager', { values: { pager: 'OTHER' } }, phones)).toBe('OTHER')
  const tags = [
    { value: 'a', label: 'Label A' },
    { value: 'b', label: 'B; or b' },
    { value: 'c', label: 'C' },
  ]
  expect(
    ['a;c', 'Label A, c', '["b","a"]', 'B; or b', 'a\nc\na', 'a;d'].map((cell) => read('options', cell, {}, tags)),
  ).toEqual([['a', 'c'], ['a', 'c'], ['b', 'a'], ['b'], ['a', 'c'], 'UNKNOWN_VALUE'])
})
