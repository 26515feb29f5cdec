const MS_PER_DAY = 86_400_000
const MAX_FORMATS = 100
const OFFSET = /^GMT([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?$/
const formats = new Map<string, Intl.DateTimeFormat>()

/** Formats are kept by time zone: making one takes ten times as long as using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  if (formats.size >= MAX_FORMATS) formats.clear()
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  formats.set(timeZone, format)
  return format
}

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
export function zoneOffsetMs(atMs: number, timeZone: string): number {
  const name = formatOf(timeZone)
    .formatToParts(atMs)
    .find(({ type }) => type === 'timeZoneName')?.value
  const [, sign, hours, minutes, seconds = '0'] = OFFSET.exec(name ?? '') ?? []
  const ms = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -ms : ms
}

/** The moments of a time by each offset that a zone has around it, which is given as clocks of UTC show it, in their order. */
export function possibleMoments(localMs: number, timeZone: string): number[] {
  const offsets = new Set([-MS_PER_DAY, 0, MS_PER_DAY].map((ms) => zoneOffsetMs(localMs + ms, timeZone)))
  return [...offsets].map((offset) => localMs - offset).sort((a, b) => a - b)
}

/**
 * The moments at which a zone's clocks show a time, which is given as clocks of UTC show it, in their order: mostly one; two
 * in an hour that is turned back, none in one that is left out.
 */
export function momentsOf(localMs: number, timeZone: string): number[] {
  return possibleMoments(localMs, timeZone).filter((ms) => ms + zoneOffsetMs(ms, timeZone) === localMs)
}
