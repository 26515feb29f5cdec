import { expect, test } from '@jest/globals'
import { checkLatitude, checkLongitude } from '../../../src/lib/value/coordinate.js'

test.each([0, 34.181059, -90, 90])('latitude %d', (value) => {
  expect(checkLatitude(value)).toEqual({ ok: true, value })
})

test.each([0, -86.840631, -180, 180])('longitude %d', (value) => {
  expect(checkLongitude(value)).toEqual({ ok: true, value })
})

test.each([90.000001, -91, 441.5080197, NaN, Infinity])('refuses latitude %d', (value) => {
  expect(checkLatitude(value)).toEqual({
    ok: false,
    problem: `The latitude must be a number of degrees from -90 to 90; it is ${value}.`,
  })
})

test.each([180.000001, -181, NaN, -Infinity])('refuses longitude %d', (value) => {
  expect(checkLongitude(value)).toEqual({
    ok: false,
    problem: `The longitude must be a number of degrees from -180 to 180; it is ${value}.`,
  })
})

test('-0 becomes 0', () => {
  const checked = checkLongitude(-0)
  expect(checked.ok && Object.is(checked.value, 0)).toBe(true)
})
