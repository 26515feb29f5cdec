import { createHistogram, filledCells, type Histogram } from './histogram.js'

const FIRST_POWER = 8
const LAST_POWER = 24

/**
 * The spans by which durations are drawn: two for each power of two of microseconds, told by their upper bounds in
 * milliseconds, from 0.256 to 16,777. What is longer is in one span more.
 */
export const LATENCY_BOUNDS_MS: readonly number[] = Array.from({ length: LAST_POWER - FIRST_POWER }, (_, power) => {
  const fromMs = 2 ** (FIRST_POWER + power) / 1000
  return [fromMs, fromMs * 1.5]
})
  .flat()
  .concat(2 ** LAST_POWER / 1000)

/** How many durations each span of LATENCY_BOUNDS_MS holds; one number more than there are bounds. */
export function latencyCounts(histogram: Histogram): number[] {
  const counts = Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0)
  let span = 0
  for (const { fromMs, count } of filledCells(histogram)) {
    while (span < LATENCY_BOUNDS_MS.length && fromMs >= LATENCY_BOUNDS_MS[span]!) span++
    counts[span]! += count
  }
  return counts
}

/**
 * What was added to a histogram since a copy of it was taken, as a new one; its maximum is that of all. What is fewer
 * than before, as names were dropped meanwhile, counts as nothing.
 */
export function addedSince(before: Histogram, after: Histogram): Histogram {
  const added = createHistogram()
  added.first = after.first
  added.cells = after.cells.map((count, index) => {
    const earlier = before.cells[index + after.first - before.first] ?? 0
    return Math.max(0, count - earlier)
  })
  added.count = added.cells.reduce((sum, count) => sum + count, 0)
  added.sumMs = Math.max(0, after.sumMs - before.sumMs)
  added.maxMs = after.maxMs
  return added
}
