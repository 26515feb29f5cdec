import { expect, test } from '@jest/globals'
import { checkInteger } from '../../../src/lib/value/integer.js'

test.each([
  [0, 0, 100],
  [100, 0, 100],
  [-5, -5, -5],
  [2_147_483_647, 0, 2_147_483_647],
])('%d', (value, min, max) => {
  expect(checkInteger(value, { min, max })).toEqual({ ok: true, value })
})

test('-0 becomes 0', () => {
  const checked = checkInteger(-0, { min: 0, max: 1 })
  expect(checked.ok && Object.is(checked.value, 0)).toBe(true)
})

test.each([
  [101, 0, 100, 'The number must be a whole number from 0 to 100; it is 101.'],
  [-1, 0, 2_147_483_647, 'The number must be a whole number from 0 to 2,147,483,647; it is -1.'],
  [999, 1000, 2100, 'The number must be a whole number from 1000 to 2100; it is 999.'],
  [1.5, 0, 100, 'The number must be a whole number from 0 to 100; it is 1.5.'],
  [1e300, 0, 100, 'The number must be a whole number from 0 to 100; it is 1e+300.'],
  [NaN, 0, 100, 'The number must be a whole number from 0 to 100; it is NaN.'],
  [Infinity, 0, Infinity, 'The number must be a whole number from 0 to ∞; it is Infinity.'],
])('refuses %d', (value, min, max, problem) => {
  expect(checkInteger(value, { min, max })).toEqual({ ok: false, problem })
})
