const MS_PER_DAY = 86_400_000
const FIRST_DAY = '0001-01-01'
const LAST_DAY = '9999-12-31'

/** The day of a moment in a time zone (UTC without one), as `2024-02-29`; days before the year 1 are its first. */
export function dayOf(moment: Date, timeZone: string | null): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timeZone ?? 'UTC',
    calendar: 'gregory',
    era: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  // The calendar of Intl is Julian before 1582; that of PostgreSQL and of Date is Gregorian throughout.
  if (moment.getTime() < Date.parse('1583-01-01T00:00:00Z')) return moment.toISOString().slice(0, 10)
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
  return `${parts['year']?.padStart(4, '0')}-${parts['month']}-${parts['day']}`
}

/** The day so many days after another; where the calendar of four-digit years ends, its first or last day. */
export function daysFrom(day: string, days: number): string {
  const ms = Date.parse(`${day}T00:00:00Z`) + days * MS_PER_DAY
  if (ms < Date.parse(`${FIRST_DAY}T00:00:00Z`)) return FIRST_DAY
  if (ms > Date.parse(`${LAST_DAY}T00:00:00Z`)) return LAST_DAY
  return new Date(ms).toISOString().slice(0, 10)
}
