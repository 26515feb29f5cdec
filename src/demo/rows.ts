import type { RowRandom } from './random.js'

export const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const SPAN_DAYS = 3 * 365

/** The beginning of a moment's day in UTC, where demo data of that day ends: so none of it lies in the future. */
export function startOfDayMs(momentMs: number): number {
  return Math.floor(momentMs / DAY_MS) * DAY_MS
}

/** A moment of the three years before the demo's end, at a working hour; later ones more often, weekends seldom. */
export function createdAt(random: RowRandom, endMs: number): Date {
  const daysAgo = 1 + Math.floor(SPAN_DAYS * (1 - Math.sqrt(random.next())))
  const moment = new Date(startOfDayMs(endMs) - daysAgo * DAY_MS + random.int(7 * HOUR_MS, 18 * HOUR_MS))
  const isWeekend = moment.getUTCDay() % 6 === 0
  return isWeekend && random.chance(0.85) ? new Date(moment.getTime() - 2 * DAY_MS) : moment
}

/** How a row was edited since: half of them never. */
export function edits(random: RowRandom, created: Date, endMs: number): { updatedAt: Date; version: number } {
  if (random.chance(0.5)) return { updatedAt: created, version: 1 }
  return { updatedAt: between(random, created.getTime(), endMs), version: random.int(2, 6) }
}

/** A moment between two others. */
export function between(random: RowRandom, fromMs: number, toMs: number): Date {
  return new Date(Math.floor(fromMs + random.next() * (toMs - fromMs)))
}
