import { describe, expect, test } from '@jest/globals'
import { checkDate, checkDateTime } from '../../../src/lib/value/date.js'

const noDay = (value: string) => `“${value}” is not a day of the calendar in the years 0001 to 9999.`
const noDate = (value: string) => `“${value}” is not a date: write it YYYY-MM-DD, as 2024-02-29.`
const noTime = (value: string) =>
  `“${value}” is not a time of RFC 3339: write date, time and offset, as 2024-02-29T12:30:00Z or 2024-02-29T12:30:00+01:00.`

describe('checkDate', () => {
  test.each(['2024-02-29', '2000-02-29', '0001-01-01', '0099-12-31', '1752-09-05', '9999-12-31'])('%s', (value) => {
    expect(checkDate(` ${value}`)).toEqual({ ok: true, value })
  })

  test.each([
    '2023-02-29',
    '1900-02-29',
    '2024-02-30',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '2024-01-32',
    '0000-12-31',
  ])('refuses %s, which no calendar has', (value) => {
    expect(checkDate(value)).toEqual({ ok: false, problem: noDay(value) })
  })

  test.each([
    '31.12.2024',
    '12/31/2024',
    '2024-2-5',
    '20240205',
    '2024-02',
    '10000-01-01',
    '-0001-01-01',
    '2024-02-05T00:00:00Z',
    '２０２４-02-05',
    '2024-W05-1',
    'today',
    'Invalid Date',
  ])('refuses %s', (value) => {
    expect(checkDate(value)).toEqual({ ok: false, problem: noDate(value) })
  })

  test('empty', () => {
    expect(checkDate('')).toEqual({ ok: false, problem: 'The date is empty.' })
  })
})

describe('checkDateTime', () => {
  test.each([
    ['2024-02-29T12:30:00Z', '2024-02-29T12:30:00.000Z'],
    ['2024-02-29t12:30:00z', '2024-02-29T12:30:00.000Z'],
    ['2024-02-29T12:30:00+01:00', '2024-02-29T11:30:00.000Z'],
    ['2024-02-29T23:30:00-05:30', '2024-03-01T05:00:00.000Z'],
    ['2024-01-01T00:00:00+23:59', '2023-12-31T00:01:00.000Z'],
    ['2024-02-29T12:30:00-00:00', '2024-02-29T12:30:00.000Z'],
    ['2024-02-29T12:30:00.5Z', '2024-02-29T12:30:00.500Z'],
    ['2024-02-29T12:30:00.123999999Z', '2024-02-29T12:30:00.123Z'],
    ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0050-06-01T00:00:00Z', '0050-06-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s', (value, iso) => {
    expect(checkDateTime(value)).toEqual({ ok: true, value: iso })
  })

  test.each([
    ['2024-02-29T12:30:00', noTime('2024-02-29T12:30:00')],
    ['2024-02-29 12:30:00Z', noTime('2024-02-29 12:30:00Z')],
    ['2024-02-29T12:30Z', noTime('2024-02-29T12:30Z')],
    ['2024-02-29T24:00:00Z', noTime('2024-02-29T24:00:00Z')],
    ['2024-02-29T12:60:00Z', noTime('2024-02-29T12:60:00Z')],
    ['2024-02-29T12:30:61Z', noTime('2024-02-29T12:30:61Z')],
    ['2024-02-29T12:30:00.Z', noTime('2024-02-29T12:30:00.Z')],
    ['2024-02-29T12:30:00+24:00', noTime('2024-02-29T12:30:00+24:00')],
    ['2024-02-29T12:30:00+0100', noTime('2024-02-29T12:30:00+0100')],
    ['2024-02-29', noTime('2024-02-29')],
    ['1709210000000', noTime('1709210000000')],
    ['2023-02-29T12:30:00Z', noDay('2023-02-29')],
    ['0000-06-01T00:00:00Z', noDay('0000-06-01')],
    ['2016-12-31T23:59:60Z', "“2016-12-31T23:59:60Z” is a leap second, which can't be stored: use second 59."],
    ['0001-01-01T00:00:00+00:01', '“0001-01-01T00:00:00+00:01” is out of range: the year must be 0001 to 9999 in UTC.'],
    ['9999-12-31T23:59:59-00:01', '“9999-12-31T23:59:59-00:01” is out of range: the year must be 0001 to 9999 in UTC.'],
    ['', 'The time is empty.'],
  ])('refuses %j', (value, problem) => {
    expect(checkDateTime(value)).toEqual({ ok: false, problem })
  })
})
