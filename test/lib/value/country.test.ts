import { expect, test } from '@jest/globals'
import { checkCountry } from '../../../src/lib/value/country.js'

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const PAIRS = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))

test.each([
  ['DE', 'DE'],
  ['us', 'US'],
  [' Gb ', 'GB'],
  ['AQ', 'AQ'],
  ['XK', 'XK'],
  ['SS', 'SS'],
  ['CW', 'CW'],
])('%j', (value, code) => {
  expect(checkCountry(value)).toEqual({ ok: true, value: code })
})

test('250 codes, each of which Intl can name', () => {
  const codes = PAIRS.filter((code) => checkCountry(code).ok)
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  expect(codes).toHaveLength(250)
  expect(codes.filter((code) => names.of(code) === undefined)).toEqual([])
})

test.each([
  'XX',
  'ZZ',
  'UK',
  'EU',
  'UN',
  'YU',
  'SU',
  'DD',
  'AN',
  'AC',
  'TA',
  'XA',
  'QO',
  'D',
  'DEU',
  '49',
  'Germany',
  'D E',
  'ＤＥ',
  'ß',
  '__proto__',
])('refuses %j', (value) => {
  expect(checkCountry(value)).toEqual({
    ok: false,
    problem: `“${value}” is not a country code of ISO 3166 with two letters, such as DE or US.`,
  })
})

test('empty', () => {
  expect(checkCountry(' ')).toEqual({ ok: false, problem: 'The country is empty.' })
})
