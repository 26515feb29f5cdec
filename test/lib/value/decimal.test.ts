import { expect, test } from '@jest/globals'
import { checkDecimal } from '../../../src/lib/value/decimal.js'

const MONEY = { precision: 18, scale: 2 }

test.each([
  ['0', '0.00'],
  ['-0', '0.00'],
  ['-0.00', '0.00'],
  ['5', '5.00'],
  ['+5.5', '5.50'],
  ['-5.05', '-5.05'],
  ['-0.01', '-0.01'],
  [' 1250000.50 ', '1250000.50'],
  ['0007.10', '7.10'],
  ['0.1', '0.10'],
  ['9007199254740993', '9007199254740993.00'],
  ['9007199254740993.01', '9007199254740993.01'],
  ['-9999999999999999.99', '-9999999999999999.99'],
  [`${'0'.repeat(200)}1`, '1.00'],
])('%j', (value, text) => {
  expect(checkDecimal(value, MONEY)).toEqual({ ok: true, value: text })
})

test.each([
  '1e5',
  '1E400',
  '1e200000',
  'NaN',
  'Infinity',
  '-Infinity',
  '0x10',
  '0b1',
  '1 000',
  '1\u00a0000',
  '1,000.00',
  '1.000,00',
  "1'000",
  '1_000',
  '1.2.3',
  '.5',
  '5.',
  '.',
  '-',
  '--5',
  '5-',
  '€5',
  '5 EUR',
  '(5)',
  '١٢',
  '１２',
  '−5',
  '½',
  'null',
  '10n',
])('refuses %j', (value) => {
  expect(checkDecimal(value, MONEY)).toEqual({
    ok: false,
    problem: `“${value}” is not a decimal number: write digits and a point only, as -1250000.50.`,
  })
})

test.each([
  ['10000000000000000', 'The number has 17 digits before the point; at most 16 are allowed.'],
  ['0.001', 'The number has 3 digits after the point; at most 2 are allowed.'],
  ['1.000', 'The number has 3 digits after the point; at most 2 are allowed.'],
  ['9'.repeat(256), 'The number has 256 characters; at most 255 are allowed.'],
  ['9'.repeat(1_000_000), 'The number has 1,000,000 characters; at most 255 are allowed.'],
  ['', 'The number is empty.'],
])('refuses rather than rounds', (value, problem) => {
  expect(checkDecimal(value, MONEY)).toEqual({ ok: false, problem })
})

test('other precisions', () => {
  expect(checkDecimal('007', { precision: 1, scale: 0 })).toEqual({ ok: true, value: '7' })
  expect(checkDecimal('-0', { precision: 1, scale: 0 })).toEqual({ ok: true, value: '0' })
  expect(checkDecimal('0.25', { precision: 2, scale: 2 })).toEqual({ ok: true, value: '0.25' })
  expect(checkDecimal('1.25', { precision: 2, scale: 2 })).toEqual({
    ok: false,
    problem: 'The number has 1 digits before the point; at most 0 are allowed.',
  })
})
