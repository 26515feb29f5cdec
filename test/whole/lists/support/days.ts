const MS_PER_DAY = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** The day of the calendar, YYYY-MM-DD, that a moment falls on in a time zone; UTC without one. */
export function localDay(zone: string | null, ms: number): string {
  const name = zone ?? 'UTC'
  const format =
    formats.get(name) ??
    new Intl.DateTimeFormat('en-CA', { timeZone: name, year: 'numeric', month: '2-digit', day: '2-digit' })
  formats.set(name, format)
  return format.format(ms)
}

/** A day some days later, or earlier for a negative number. */
export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(day) + days * MS_PER_DAY).toISOString().slice(0, 10)
}

/** The first moment of a day in a time zone, in milliseconds: found by halving, whatever the clocks do. */
export function startOfDay(zone: string | null, day: string): number {
  let before = Date.parse(day) - 2 * MS_PER_DAY
  let after = Date.parse(day) + 2 * MS_PER_DAY
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (localDay(zone, middle) < day) before = middle
    else after = middle
  }
  return after
}
