import { accept, quote, refuse, type Checked } from './checked.js'
import { checkLine } from './text.js'

const DATE_RULE = { maxLength: 255, what: 'date' }
const DATE_TIME_RULE = { maxLength: 255, what: 'time' }
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/
const DATE_TIME =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:\.([0-9]+))?(Z|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$/i
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')
const MS_PER_MINUTE = 60_000

/** A day of the calendar, YYYY-MM-DD, from 0001-01-01 to 9999-12-31. */
export function checkDate(value: string): Checked<string> {
  const line = checkLine(value, DATE_RULE)
  if (!line.ok) return line
  if (!DATE.test(line.value)) return refuse(`${quote(line.value)} is not a date: write it YYYY-MM-DD, as 2024-02-29.`)
  return isDay(line.value) ? line : refuse(noDay(line.value))
}

/**
 * A moment of RFC 3339, which names its offset from UTC, as the milliseconds of a `Date`; further decimals are cut off.
 * From the year 1 to the year 9999 in UTC. Leap seconds are refused: neither `Date` nor PostgreSQL keeps them.
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function checkDateTime(value: string): Checked<string> {
  const line = checkLine(value, DATE_TIME_RULE)
  if (!line.ok) return line
  const match = DATE_TIME.exec(line.value)
  if (!match) {
    return refuse(
      `${quote(line.value)} is not a time of RFC 3339: write date, time and offset, as 2024-02-29T12:30:00Z or 2024-02-29T12:30:00+01:00.`,
    )
  }
  const [, day = '', hours, minutes, seconds, fraction = '', , sign, offsetHours = '0', offsetMinutes = '0'] = match
  if (!isDay(day)) return refuse(noDay(day))
  if (seconds === '60') return refuse(`${quote(line.value)} is a leap second, which can't be stored: use second 59.`)
  const localMs = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MS_PER_MINUTE
  const utcMs = sign === '-' ? localMs + offsetMs : localMs - offsetMs
  if (utcMs < FIRST_MS || utcMs > LAST_MS) {
    return refuse(`${quote(line.value)} is out of range: the year must be 0001 to 9999 in UTC.`)
  }
  return accept(new Date(utcMs).toISOString())
}

function isDay(text: string): boolean {
  // Date.parse takes 2023-02-30 for the 2nd of March: only a real day prints back as it was written.
  const ms = Date.parse(`${text}T00:00:00.000Z`)
  return ms >= FIRST_MS && new Date(ms).toISOString().slice(0, 10) === text
}

function noDay(text: string): string {
  return `${quote(text)} is not a day of the calendar in the years 0001 to 9999.`
}
