/** A value of one day. Days are counted from any one; some may be missing. */
export interface DailyValue {
  readonly day: number
  readonly value: number
}

/** How a series of days goes on. */
export interface Forecast {
  /** what it is on the last day, without the ups and downs of the week and without outliers */
  readonly level: number
  /** what each day adds */
  readonly perDay: number
  /** whether it grows or falls at all, or only seems to (Kendall's test, 1 % on each side) */
  readonly isTrend: boolean
  /** half the width of the band in which 9 of 10 values a week ahead lay when the past was forecast, from day to day */
  readonly band: number
  /** the same as a part of the level: the error of the method, as far as the past tells */
  readonly errorPart: number
}

/** When a series reaches a budget, in days from its last one. */
export interface Crossing {
  /** 0 where it has; null where it won't within 400 days, or nothing speaks for it */
  readonly inDays: number | null
  /** the same by the upper and the lower edge of the band */
  readonly earliestInDays: number | null
  readonly latestInDays: number | null
}

/** Fewer days say nothing: a week has its own shape. */
export const MIN_DAYS = 14
const HORIZON_DAYS = 400
const AHEAD_DAYS = 7
// Neighbouring days tell the same.
const BACKTEST_STEP_DAYS = 2
const WEEK_DAYS = 7
const BAND_PART = 0.9
// Normal deviate of 1 % on one side.
const SIGNIFICANT = 2.326

/**
 * The trend of a series, oldest day first: the median of the slopes of all pairs of days (Theil and Sen), which a fifth of
 * outliers doesn't move, after the medians of the days of the week were taken off. Null for fewer than 14 days.
 */
export function forecastDays(values: readonly DailyValue[]): Forecast | null {
  if (values.length < MIN_DAYS) return null
  const fit = fitDays(values)
  const errors: number[] = []
  for (let known = MIN_DAYS; known + AHEAD_DAYS <= values.length; known += BACKTEST_STEP_DAYS) {
    const past = fitDays(values.slice(0, known))
    const ahead = values[known + AHEAD_DAYS - 1] as DailyValue
    errors.push(Math.abs(ahead.value - past.at(ahead.day)))
  }
  // Too short for a look back: what the fit itself leaves over.
  if (errors.length === 0) errors.push(...values.map(({ day, value }) => Math.abs(value - fit.at(day))))
  const band = quantile(errors, BAND_PART)
  const errorPart = fit.level === 0 ? 0 : band / Math.abs(fit.level)
  return { level: fit.level, perDay: fit.perDay, isTrend: fit.isTrend, band, errorPart }
}

/** The day on which a forecast reaches a budget from below. */
export function crossingOf({ level, perDay, isTrend, band }: Forecast, budget: number): Crossing {
  if (level >= budget) return { inDays: 0, earliestInDays: 0, latestInDays: 0 }
  if (!isTrend || perDay <= 0) return { inDays: null, earliestInDays: null, latestInDays: null }
  const days = (left: number): number | null => {
    const inDays = Math.max(0, left / perDay)
    return inDays <= HORIZON_DAYS ? inDays : null
  }
  const left = budget - level
  return { inDays: days(left), earliestInDays: days(left - band), latestInDays: days(left + band) }
}

interface Fit {
  readonly level: number
  readonly perDay: number
  readonly isTrend: boolean
  readonly at: (day: number) => number
}

function fitDays(values: readonly DailyValue[]): Fit {
  const first = slopeOf(values)
  const residuals = values.map(({ day, value }) => ({ day, left: value - first * day }))
  const middle = median(residuals.map(({ left }) => left))
  const season = Array.from({ length: WEEK_DAYS }, (_, weekday) => {
    const own = residuals.filter(({ day }) => day % WEEK_DAYS === weekday).map(({ left }) => left - middle)
    // One week tells nothing of its days.
    return own.length < 2 ? 0 : median(own)
  })
  const seasonOf = (day: number): number => season[((day % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS] ?? 0
  const plain = values.map(({ day, value }) => ({ day, value: value - seasonOf(day) }))
  const perDay = slopeOf(plain)
  const base = median(plain.map(({ day, value }) => value - perDay * day))
  const lastDay = values.at(-1)?.day ?? 0
  return {
    level: base + perDay * lastDay,
    perDay,
    isTrend: isTrend(plain),
    at: (day) => base + perDay * day + seasonOf(day),
  }
}

function slopeOf(values: readonly DailyValue[]): number {
  const slopes = new Float64Array((values.length * (values.length - 1)) / 2)
  let place = 0
  for (let from = 0; from < values.length; from++) {
    const a = values[from] as DailyValue
    for (let to = from + 1; to < values.length; to++) {
      const b = values[to] as DailyValue
      slopes[place++] = (b.value - a.value) / (b.day - a.day)
    }
  }
  return median(slopes)
}

/** Kendall's test: whether later days are higher, or lower, more often than chance makes them. */
function isTrend(values: readonly DailyValue[]): boolean {
  let score = 0
  for (const [index, a] of values.entries()) {
    for (const b of values.slice(index + 1)) score += Math.sign(b.value - a.value)
  }
  const n = values.length
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
  return (Math.abs(score) - 1) / deviation > SIGNIFICANT
}

function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/** By interpolation between the two nearest. */
function quantile(values: ArrayLike<number>, part: number): number {
  const sorted = Float64Array.from(values).sort()
  const place = part * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? 0
  return low + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? low) - low)
}
