const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const SHORT = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `1,234`; `12.3` below a hundred. */
export function count(value: number): string {
  return Math.abs(value) >= 100 || Number.isInteger(value) ? WHOLE.format(value) : SHORT.format(value)
}

/** A large number in four characters: `12.3k`. */
export function short(value: number): string {
  if (Math.abs(value) >= 1e6) return `${SHORT.format(value / 1e6)}M`
  return Math.abs(value) >= 10_000 ? `${SHORT.format(value / 1000)}k` : count(value)
}

/** `0.45 ms`, `12 ms`, `1.2 s`, `3 min`; a dash for null. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (ms < 1) return `${ms === 0 ? 0 : ms.toFixed(2)} ms`
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`
  if (ms < 1000) return `${ms.toFixed(0)} ms`
  if (ms < 60_000) return `${SHORT.format(ms / 1000)} s`
  if (ms < 7_200_000) return `${SHORT.format(ms / 60_000)} min`
  return ms < 172_800_000 ? `${SHORT.format(ms / 3_600_000)} h` : `${SHORT.format(ms / 86_400_000)} days`
}

/** `13 MB`. */
export function bytes(value: number): string {
  let [rest, unit] = [value, 0]
  while (rest >= 1000 && unit < UNITS.length - 1) [rest, unit] = [rest / 1000, unit + 1]
  return `${SHORT.format(rest)} ${UNITS[unit]}`
}

/** `2.5 %`; a dash for null. */
export function percent(part: number | null | undefined): string {
  if (part === null || part === undefined || Number.isNaN(part)) return '–'
  const hundredth = part * 100
  return `${hundredth >= 99.95 || hundredth === 0 ? hundredth.toFixed(0) : SHORT.format(Number(hundredth.toFixed(1)))} %`
}

/** The time of day of this browser, with the day where it isn't today's. */
export function clock(at: string | number | null | undefined, nowMs = Date.now()): string {
  if (at === null || at === undefined) return 'never'
  const date = new Date(at)
  const isToday = date.toDateString() === new Date(nowMs).toDateString()
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  return isToday ? time : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time.slice(0, 5)}`
}

/** `3 min ago`, in whole units. */
export function ago(at: string | null | undefined, nowMs = Date.now()): string {
  return at === null || at === undefined ? 'never' : `${span(nowMs - Date.parse(at))} ago`
}

/** How long something lasts already: `5 s`, `3 min`, `2 h`, `4 days`. */
export function span(ms: number): string {
  if (ms < 60_000) return `${Math.max(0, Math.round(ms / 1000))} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} days`
}
