/**
 * Durations in cells that grow with them: 16 cells in each power of two of microseconds, from 1 µs to 35 minutes. What is
 * read from it lies within RESOLUTION of what was recorded.
 *
 * | cell   | holds, µs      |
 * | ------ | -------------- |
 * | 0 to 31 | one µs each, 0 to 31 |
 * | 32     | 32 and 33      |
 * | 47     | 62 and 63      |
 * | 48     | 64 to 67       |
 *
 * Only the powers of two between the least and the largest duration have memory: 64 bytes each, usually five of them.
 */
export interface Histogram {
  /** the number of the first cell that has memory; a multiple of 16 */
  first: number
  cells: Uint32Array
  count: number
  sumMs: number
  maxMs: number
}

/** The largest error of a percentile, as a part of it: half a cell. */
export const RESOLUTION = 1 / 32

const CELLS_PER_POWER = 16
const MAX_US = 2 ** 31 - 1
const NONE = new Uint32Array(0)

/** A histogram without a duration. */
export function createHistogram(): Histogram {
  return { first: 0, cells: NONE, count: 0, sumMs: 0, maxMs: 0 }
}

/** Adds one duration. What is negative counts as 0, what is longer than 35 minutes as 35 minutes in percentiles. */
export function recordDuration(histogram: Histogram, durationMs: number): void {
  const index = cellOf(durationMs)
  makeCells(histogram, index, index)
  histogram.cells[index - histogram.first]!++
  histogram.count++
  histogram.sumMs += durationMs
  if (durationMs > histogram.maxMs) histogram.maxMs = durationMs
}

/** Adds all durations of `source` to `target`. */
export function mergeHistogram(target: Histogram, source: Histogram): void {
  if (source.count === 0) return
  makeCells(target, source.first, source.first + source.cells.length - 1)
  const offset = source.first - target.first
  for (let index = 0; index < source.cells.length; index++) target.cells[index + offset]! += source.cells[index]!
  target.count += source.count
  target.sumMs += source.sumMs
  if (source.maxMs > target.maxMs) target.maxMs = source.maxMs
}

/**
 * The duration that `part` of all durations don't exceed, in milliseconds: `percentileMs(h, 0.95)` is p95, by nearest
 * rank. 0 where there is none.
 */
export function percentileMs(histogram: Histogram, part: number): number {
  const rank = Math.max(1, Math.ceil(part * histogram.count))
  let seen = 0
  for (const [index, count] of histogram.cells.entries()) {
    seen += count
    if (seen >= rank) return Math.min(middleMs(histogram.first + index), histogram.maxMs)
  }
  return 0
}

/** The percentiles that are told of durations, in milliseconds; 0 where there is none. */
export function percentilesOf(histogram: Histogram) {
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((part) => percentileMs(histogram, part)) as [
    number,
    number,
    number,
  ]
  return { p50Ms, p95Ms, p99Ms }
}

/** The numbers of the cells that hold durations, and how many each holds: a histogram as it is kept. */
export function cellCounts({ first, cells }: Histogram): { readonly cells: number[]; readonly counts: number[] } {
  const filled = [...cells.entries()].filter(([, count]) => count > 0)
  return { cells: filled.map(([index]) => first + index), counts: filled.map(([, count]) => count) }
}

/** Adds what `cellCounts` gave to a histogram; its sum and maximum are told beside. */
export function addCellCounts(
  histogram: Histogram,
  kept: {
    readonly cells: readonly number[]
    readonly counts: readonly number[]
    readonly sumMs: number
    readonly maxMs: number
  },
): void {
  for (const [place, cell] of kept.cells.entries()) {
    makeCells(histogram, cell, cell)
    const count = kept.counts[place] ?? 0
    histogram.cells[cell - histogram.first]! += count
    histogram.count += count
  }
  histogram.sumMs += kept.sumMs
  if (kept.maxMs > histogram.maxMs) histogram.maxMs = kept.maxMs
}

/** The cells that hold durations, from the shortest on: the least duration of each, in milliseconds, and how many. */
export function filledCells(histogram: Histogram): { readonly fromMs: number; readonly count: number }[] {
  return [...histogram.cells.entries()]
    .filter(([, count]) => count > 0)
    .map(([index, count]) => ({ fromMs: leastUs(histogram.first + index) / 1000, count }))
}

function cellOf(durationMs: number): number {
  const us = Math.min(MAX_US, Math.max(0, Math.round(durationMs * 1000)))
  if (us < CELLS_PER_POWER) return us
  const power = 31 - Math.clz32(us)
  return (power - 3) * CELLS_PER_POWER + (us >> (power - 4)) - CELLS_PER_POWER
}

function leastUs(cell: number): number {
  if (cell < 2 * CELLS_PER_POWER) return cell
  return (CELLS_PER_POWER + (cell % CELLS_PER_POWER)) * widthUs(cell)
}

function widthUs(cell: number): number {
  return 2 ** Math.max(0, Math.floor(cell / CELLS_PER_POWER) - 1)
}

function middleMs(cell: number): number {
  return (leastUs(cell) + (widthUs(cell) - 1) / 2) / 1000
}

/** Gives memory to the powers of two from the one of cell `low` to the one of cell `high`. */
function makeCells(histogram: Histogram, low: number, high: number): void {
  const { first, cells } = histogram
  if (cells.length > 0 && low >= first && high < first + cells.length) return
  const isEmpty = cells.length === 0
  const from = floorToPower(isEmpty ? low : Math.min(low, first))
  const to = floorToPower(isEmpty ? high : Math.max(high, first + cells.length - 1)) + CELLS_PER_POWER
  const grown = new Uint32Array(to - from)
  if (!isEmpty) grown.set(cells, first - from)
  histogram.first = from
  histogram.cells = grown
}

function floorToPower(cell: number): number {
  return cell - (cell % CELLS_PER_POWER)
}
