import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  createHistogram,
  filledCells,
  mergeHistogram,
  percentileMs,
  recordDuration,
  RESOLUTION,
  type Histogram,
} from '../../src/metrics/histogram.js'
import { addedSince, LATENCY_BOUNDS_MS, latencyCounts } from '../../src/metrics/latency-spans.js'
import { testSeed } from '../setup/test-run.js'

const SEED = testSeed()

function histogramOf(durations: readonly number[]): Histogram {
  const histogram = createHistogram()
  for (const durationMs of durations) recordDuration(histogram, durationMs)
  return histogram
}

/** By the definition: the least duration that so many don't exceed. */
function nearestRank(durations: readonly number[], part: number): number {
  const sorted = [...durations].sort((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil(part * sorted.length)) - 1] ?? 0
}

const seed = testSeed()
const durations = fc.array(
  fc.integer({ min: 1, max: 40_000_000 }).map((us) => us / 1000),
  { minLength: 1, maxLength: 300 },
)

describe('a histogram', () => {
  test('without a duration has percentiles of 0', () => {
    expect([percentileMs(createHistogram(), 0.5), filledCells(createHistogram())]).toEqual([0, []])
  })

  test.each([0.5, 0.95, 0.99, 1])(`gives percentile %d within its resolution (seed ${seed})`, (part) => {
    fc.assert(
      fc.property(durations, (all) => {
        const exact = nearestRank(all, part)
        const found = percentileMs(histogramOf(all), part)
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * RESOLUTION)
      }),
      { seed },
    )
  })

  test(`keeps count, sum and maximum exactly (seed ${seed})`, () => {
    fc.assert(
      fc.property(durations, (all) => {
        const { count, sumMs, maxMs } = histogramOf(all)
        expect([count, maxMs]).toEqual([all.length, Math.max(...all)])
        expect(sumMs).toBeCloseTo(
          all.reduce((a, b) => a + b, 0),
          6,
        )
      }),
      { seed },
    )
  })

  test(`that is merged is the one of all durations (seed ${seed})`, () => {
    fc.assert(
      fc.property(durations, durations, (one, other) => {
        const merged = histogramOf(one)
        mergeHistogram(merged, histogramOf(other))
        expect(filledCells(merged)).toEqual(filledCells(histogramOf([...one, ...other])))
        expect([merged.count, merged.maxMs]).toEqual([one.length + other.length, Math.max(...one, ...other)])
      }),
      { seed },
    )
  })

  test('has memory for the powers of two between its durations alone', () => {
    expect(histogramOf([1]).cells.byteLength).toBe(64)
    expect(histogramOf([1, 1.5, 2]).cells.byteLength).toBe(128)
    expect(histogramOf([0, 1e12]).cells.byteLength).toBe(28 * 64)
  })

  test('takes a negative duration for 0, and one beyond its range for the longest', () => {
    const histogram = histogramOf([-1, 1e12])
    expect(filledCells(histogram)).toEqual([
      { fromMs: 0, count: 1 },
      { fromMs: 2_080_374.784, count: 1 },
    ])
  })
})

describe('what was added, and how it spreads', () => {
  const durations = fc.array(fc.double({ min: 0, max: 30_000, noNaN: true }), { maxLength: 60 })

  test('is what was recorded since', () => {
    fc.assert(
      fc.property(durations, durations, (before, after) => {
        const added = addedSince(histogramOf(before), histogramOf([...before, ...after]))
        const alone = histogramOf(after)
        expect([added.count, filledCells(added)]).toEqual([alone.count, filledCells(alone)])
        expect(added.sumMs).toBeCloseTo(alone.sumMs, 5)
      }),
      { seed: SEED },
    )
  })

  test('is in the span of its cell', () => {
    fc.assert(
      fc.property(durations, (all) => {
        const counts = latencyCounts(histogramOf(all))
        // A cell lies in one span as a whole: its bounds are bounds of cells.
        const expected = LATENCY_BOUNDS_MS.map(() => 0).concat(0)
        for (const durationMs of all) {
          const span = LATENCY_BOUNDS_MS.findIndex((bound) => Math.round(durationMs * 1000) < Math.round(bound * 1000))
          expected[span < 0 ? LATENCY_BOUNDS_MS.length : span]!++
        }
        expect(counts).toEqual(expected)
      }),
      { seed: SEED },
    )
  })
})
