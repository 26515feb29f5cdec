const MS_PER_DAY = 86_400_000
const FIRST_DAY = '0001-01-01'
const LAST_DAY = '9999-12-31'
/** How long a replaced field can be had back. */
const SHADOW_DAYS = 30

/** The day of a moment in a time zone (UTC without one), as `2024-02-29`; days before the year 1 are its first. */
export function dayOf(moment: Date, timeZone: string | null): string {
  // The calendar of Intl is Julian before 1582; that of PostgreSQL and of Date is Gregorian throughout.
  if (moment.getTime() < Date.parse('1583-01-01T00:00:00Z')) return moment.toISOString().slice(0, 10)
  return localTime(moment, timeZone ?? 'UTC').day
}

const MAX_FORMATS = 100
const formats = new Map<string, Intl.DateTimeFormat>()

/** Formats are kept by time zone: a change of type uses one several times for each of many values. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  if (formats.size >= MAX_FORMATS) formats.clear()
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(timeZone, format)
  return format
}

/** What a zone's calendar and clocks say at a moment: `2024-02-29` and `13:05:00`. */
function localTime(moment: Date, timeZone: string): { readonly day: string; readonly time: string } {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '00'
  const day = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
  return { day, time: `${part('hour')}:${part('minute')}:${part('second')}` }
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
  const offsets = [-MS_PER_DAY, 0, MS_PER_DAY].map((ms) => offsetMs(new Date(utcMs + ms), timeZone))
  const moments = offsets.map((offset) => utcMs - offset).sort((a, b) => a - b)
  const first = moments.find((ms) => dayOf(new Date(ms), timeZone) === day && dayOf(new Date(ms - 1), timeZone) < day)
  return first === undefined ? inUtc : new Date(first).toISOString()
}

/** How far a zone's clocks are ahead of UTC at a moment. */
function offsetMs(moment: Date, timeZone: string): number {
  const { day, time } = localTime(moment, timeZone)
  return Date.parse(`${day}T${time}Z`) - Math.floor(moment.getTime() / 1000) * 1000
}

/** When a field that was replaced now is removed with its values. */
export function shadowExpiry(now: Date): string {
  return new Date(now.getTime() + SHADOW_DAYS * MS_PER_DAY).toISOString()
}
