import { expect, test } from '@jest/globals'
import { checkTimeZone } from '../../../src/lib/value/time-zone.js'

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  [' america/new_york ', 'America/New_York'],
  ['US/Pacific', 'America/Los_Angeles'],
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['asia/kolkata', 'Asia/Kolkata'],
  ['Europe/Kiev', 'Europe/Kyiv'],
  ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['UTC', 'UTC'],
  ['etc/utc', 'UTC'],
  ['GMT', 'UTC'],
  ['Etc/GMT+5', 'Etc/GMT+5'],
])('%j', (value, zone) => {
  expect(checkTimeZone(value)).toEqual({ ok: true, value: zone })
})

test.each([
  '+05:30',
  '-00:00',
  '+5',
  'UTC+1',
  'Z',
  'Europe/Nowhere',
  'Berlin',
  'localtime',
  '../etc/passwd',
  'Europe /Berlin',
])('refuses %j', (value) => {
  expect(checkTimeZone(value)).toEqual({
    ok: false,
    problem: `“${value}” is not a time zone of the IANA list, such as Europe/Berlin or UTC.`,
  })
})

test('every zone of Intl is taken, and its name stays the same when it is checked again', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  expect(zones.length).toBeGreaterThan(400)
  for (const zone of zones) {
    const checked = checkTimeZone(zone)
    expect(checked.ok && checkTimeZone(checked.value)).toEqual(checked)
  }
})
