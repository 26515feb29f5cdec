import { possibleMoments, zoneOffsetMs } from '../../lib/zone-clock.js'

const MS_PER_DAY = 86_400_000
const FIRST_DAY = '0001-01-01'
const LAST_DAY = '9999-12-31'
/** How long a replaced field can be had back. */
const SHADOW_DAYS = 30

/**
 * The day of a moment in a time zone (UTC without one), as `2024-02-29`; behind the last day of four-digit years it is that day.
 * Before 1583 days are those of UTC.
 */
export function dayOf(moment: Date, timeZone: string | null): string {
  const utcMs = moment.getTime()
  if (timeZone === null || utcMs < Date.parse('1583-01-01T00:00:00Z')) return moment.toISOString().slice(0, 10)
  const localMs = utcMs + zoneOffsetMs(utcMs, timeZone)
  return localMs > Date.parse(`${LAST_DAY}T23:59:59.999Z`) ? LAST_DAY : new Date(localMs).toISOString().slice(0, 10)
}

/** The day so many days after another; where the calendar of four-digit years ends, its first or last day. */
export function daysFrom(day: string, days: number): string {
  const ms = Date.parse(`${day}T00:00:00Z`) + days * MS_PER_DAY
  if (ms < Date.parse(`${FIRST_DAY}T00:00:00Z`)) return FIRST_DAY
  if (ms > Date.parse(`${LAST_DAY}T00:00:00Z`)) return LAST_DAY
  return new Date(ms).toISOString().slice(0, 10)
}

/**
 * The first moment of a day in a time zone (UTC without one), as `2024-02-29T05:00:00.000Z`: where a zone goes from 23:59 to
 * 01:00, the day begins at 01:00. Before 1583 days are those of UTC, as in `dayOf`.
 */
export function startOfDay(day: string, timeZone: string | null): string {
  const utcMs = Date.parse(`${day}T00:00:00Z`)
  const inUtc = new Date(utcMs).toISOString()
  if (timeZone === null || day < '1583-01-02') return inUtc
  // Midnight by each offset that the zone has around the day; the right one has the day before it and the day at it.
  const moments = possibleMoments(utcMs, timeZone)
  const first = moments.find((ms) => dayOf(new Date(ms), timeZone) === day && dayOf(new Date(ms - 1), timeZone) < day)
  return first === undefined ? inUtc : new Date(first).toISOString()
}

/** When a field that was replaced now is removed with its values. */
export function shadowExpiry(now: Date): string {
  return new Date(now.getTime() + SHADOW_DAYS * MS_PER_DAY).toISOString()
}
