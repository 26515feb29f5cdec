import { createTimeChart, type TimeChart } from './charts.js'
import { h } from './dom.js'
import { count, duration } from './format.js'
import { heatMapOf, heatRange } from './heat-map.js'
import type { Looker, PageState } from './page-state.js'
import { QUERIES } from './queries.js'
import { thinOut, type Point } from './timeline.js'
import { BUDGET_MS } from './verdict.js'

const MINUTE_MS = 60_000
const MAX_POINTS = 360

const perSecond =
  (value: (point: Point) => number | null) =>
  (point: Point): number | null => {
    const told = value(point)
    return told === null ? null : (told * 1000) / point.spanMs
  }
// Lines of a logarithmic axis can't reach 0.
const positive = (value: number | null): number | null => (value === null || value > 0 ? value : 0.001)

/** Requests and errors, percentiles, and the heat map below both. */
export function createTraffic({ links, coverage }: Looker) {
  const query = QUERIES.recent()
  const tool = (about: string): HTMLElement => links.button(about, query)
  const percentiles = { unit: 'ms', format: (value: number) => duration(value), isLogarithmic: true }
  const traffic = createTimeChart({
    title: 'Requests',
    unit: 'a second',
    height: 190,
    lines: [
      { label: 'a second', color: '--requests', value: perSecond(({ count: ended }) => ended), isFilled: true },
      { label: 'with errors', color: '--bad', value: perSecond(({ failed }) => failed), isFilled: true, isRare: true },
    ],
    format: (value) => count(Number(value.toFixed(value < 10 ? 1 : 0))),
    tools: [tool('requests')],
  })
  const latency = createTimeChart({
    ...percentiles,
    title: 'Durations',
    height: 190,
    lines: [
      { label: 'p99', color: '--p99', value: ({ p99Ms }) => positive(p99Ms) },
      { label: 'p95', color: '--p95', value: ({ p95Ms }) => positive(p95Ms), width: 2.25 },
      { label: 'p50', color: '--p50', value: ({ p50Ms }) => positive(p50Ms) },
    ],
    valueRange: (points) => {
      const values = points
        .flatMap(({ p50Ms, p99Ms }) => [p50Ms, p99Ms])
        .filter((value) => value !== null && value > 0) as number[]
      return [Math.min(1, ...values) * 0.8, Math.max(BUDGET_MS * 1.6, ...values) * 1.3]
    },
    budget: BUDGET_MS,
    tools: [tool('durations')],
  })
  const heat = createTimeChart({
    ...percentiles,
    title: 'How many took how long',
    height: 190,
    lines: [{ label: 'p95', color: '--heat-line', value: ({ p95Ms }) => positive(p95Ms), width: 1.25 }],
    underlay: heatMapOf(coverage.latencyBoundsMs),
    valueRange: (points) => heatRange(coverage.latencyBoundsMs, points),
    more: ({ latencyCounts }) => `${count(latencyCounts.reduce((sum, one) => sum + one, 0))} requests`,
    tools: [tool('durations by their number')],
  })
  heat.element.classList.add('full')
  const charts: readonly TimeChart[] = [traffic, latency, heat]
  return {
    element: h('div', { class: 'grid' }, ...charts.map(({ element }) => element)),
    show({ points, marks, range }: PageState): void {
      const untilMs = Date.now()
      const fromMs = untilMs - range.hours * 60 * MINUTE_MS
      const known = fromStart(points, fromMs, untilMs)
      for (const chart of charts) chart.show(known, marks, fromMs, untilMs)
    },
    redraw: () => charts.forEach((chart) => chart.redraw()),
  }
}

/** The points of a range, few enough to be drawn; what is before the first of them is a gap. */
function fromStart(points: readonly Point[], fromMs: number, untilMs: number): Point[] {
  const thin = thinOut(points, MAX_POINTS)
  const firstMs = thin[0]?.atMs ?? untilMs
  if (firstMs - fromMs < 1000) return thin
  const unknown = { count: null, failed: null, p50Ms: null, p95Ms: null, p99Ms: null, latencyCounts: [] }
  return [{ ...unknown, atMs: fromMs, spanMs: firstMs - fromMs, isGap: true }, ...thin]
}
