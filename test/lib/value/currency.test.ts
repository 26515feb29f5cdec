import { expect, test } from '@jest/globals'
import { checkCurrency } from '../../../src/lib/value/currency.js'

test.each([
  ['EUR', 'EUR'],
  ['usd', 'USD'],
  [' Jpy ', 'JPY'],
  ['CHF', 'CHF'],
  ['KWD', 'KWD'],
])('%j', (value, code) => {
  expect(checkCurrency(value)).toEqual({ ok: true, value: code })
})

test.each(['€', 'EU', 'EURO', 'XXX', 'XTS', 'DEM', 'BTC', 'E U', '978', 'ＥＵＲ', 'ßp'])('refuses %j', (value) => {
  expect(checkCurrency(value)).toEqual({
    ok: false,
    problem: `“${value}” is not a currency code of ISO 4217 with three letters, such as EUR or USD.`,
  })
})

test('empty', () => {
  expect(checkCurrency('')).toEqual({ ok: false, problem: 'The currency is empty.' })
})
