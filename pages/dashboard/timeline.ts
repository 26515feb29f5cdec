import type { HistoryPoint, Tick } from './types.js'

/** A span of time of the charts. Numbers are null in a gap; percentiles also where nothing ended. */
export interface Point {
  readonly atMs: number
  readonly spanMs: number
  readonly isGap: boolean
  readonly count: number | null
  readonly failed: number | null
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly latencyCounts: readonly number[]
}

// Less is the way of what is known from the process to the page.
const HOLE_MS = 3000
const UNKNOWN = { count: null, failed: null, p50Ms: null, p95Ms: null, p99Ms: null, latencyCounts: [] } as const

/** The points of a history; the last one ends at `endMs`, each other where the next begins. */
export function pointsOfHistory(history: readonly HistoryPoint[], endMs: number): Point[] {
  return history.map((point, index) => {
    const atMs = Date.parse(point.at)
    const nextMs = index + 1 < history.length ? Date.parse(history[index + 1]!.at) : endMs
    return { ...point, atMs, spanMs: Math.max(1000, nextMs - atMs) }
  })
}

/** The points of ticks; where one is missing between two, the time between them is a gap. */
export function pointsOfTicks(ticks: readonly Tick[], intervalMs: number): Point[] {
  const points: Point[] = []
  for (const { at, durationMs, requests } of ticks) {
    const startMs = Date.parse(at) - durationMs
    const last = points.at(-1)
    const endMs = last ? last.atMs + last.spanMs : startMs
    if (startMs - endMs > intervalMs / 2) points.push({ ...UNKNOWN, atMs: endMs, spanMs: startMs - endMs, isGap: true })
    points.push({ ...requests, atMs: startMs, spanMs: durationMs, isGap: false })
  }
  return points
}

/**
 * One timeline from `fromMs` on: what the process remembers by the minute comes before what was seen live, and what the
 * history has before both. Where two know the same time, the later source in this order counts; what none knows is a gap.
 */
export function joinPoints(
  fromMs: number,
  history: readonly Point[],
  minutes: readonly Point[],
  live: readonly Point[],
): Point[] {
  const liveFromMs = live[0]?.atMs ?? Infinity
  const minutesFromMs = minutes[0]?.atMs ?? Infinity
  const points = [
    ...history.filter(({ atMs, spanMs }) => atMs + spanMs <= Math.min(minutesFromMs, liveFromMs) + 1000),
    ...minutes.flatMap((point) => cutAt(point, liveFromMs)),
    ...live,
  ].filter(({ atMs, spanMs }) => atMs + spanMs > fromMs)
  return points.flatMap((point, index) => {
    const last = points[index - 1]
    const endMs = last ? last.atMs + last.spanMs : point.atMs
    const isHole = point.atMs - endMs > HOLE_MS
    return isHole ? [{ ...UNKNOWN, atMs: endMs, spanMs: point.atMs - endMs, isGap: true }, point] : [point]
  })
}

// The running minute overlaps with what is seen live: its part before that is shown as a share of it.
function cutAt(point: Point, endMs: number): Point[] {
  const { atMs, spanMs, count, failed } = point
  if (atMs + spanMs <= endMs) return [point]
  if (atMs >= endMs) return []
  const part = (endMs - atMs) / spanMs
  const share = (value: number | null): number | null => (value === null ? null : value * part)
  return [{ ...point, spanMs: endMs - atMs, count: share(count), failed: share(failed) }]
}

/** At most `max` points: neighbours are drawn together by their worst percentile and the sum of their counts. */
export function thinOut(points: readonly Point[], max: number): Point[] {
  const size = Math.ceil(points.length / max)
  if (size <= 1) return [...points]
  const thinned: Point[] = []
  for (let start = 0; start < points.length; start += size) {
    const group = points.slice(start, start + size)
    const [first, last] = [group[0]!, group.at(-1)!]
    const known = group.filter(({ isGap }) => !isGap)
    const worst = (pick: (point: Point) => number | null): number | null => {
      const values = known.map(pick).filter((value) => value !== null)
      return values.length > 0 ? Math.max(...values) : null
    }
    // One unknown minute in a group isn't worth a hole; where all are unknown, it is one.
    const spanMs = last.atMs + last.spanMs - first.atMs
    const scale = known.length > 0 ? group.length / known.length : 1
    const sum = (pick: (point: Point) => number | null): number | null =>
      known.length > 0 ? known.reduce((total, point) => total + (pick(point) ?? 0), 0) * scale : null
    thinned.push({
      atMs: first.atMs,
      spanMs,
      isGap: known.length === 0,
      count: sum(({ count }) => count),
      failed: sum(({ failed }) => failed),
      p50Ms: worst(({ p50Ms }) => p50Ms),
      p95Ms: worst(({ p95Ms }) => p95Ms),
      p99Ms: worst(({ p99Ms }) => p99Ms),
      latencyCounts: addCounts(known.map(({ latencyCounts }) => latencyCounts)),
    })
  }
  return thinned
}

function addCounts(all: readonly (readonly number[])[]): number[] {
  const sum: number[] = []
  for (const counts of all) for (const [index, count] of counts.entries()) sum[index] = (sum[index] ?? 0) + count
  return sum
}
