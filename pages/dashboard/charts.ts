import type UPlot from 'uplot'
import { color, drawBudget, drawGaps, drawMarks } from './chart-drawing.js'
import { h, put } from './dom.js'
import { clock } from './format.js'
import type { Point } from './timeline.js'
import type { Mark } from './types.js'

// The package's script comes before this one and makes one global name.
const Chart = (globalThis as unknown as { uPlot: typeof UPlot }).uPlot

/** One line of a chart. */
export interface Line {
  readonly label: string
  /** a custom property of the style, as `--p95` */
  readonly color: string
  readonly value: (point: Point) => number | null
  readonly width?: number
  readonly isFilled?: boolean
  /** not drawn where it is 0 */
  readonly isRare?: boolean
}

export interface ChartOptions {
  /** an h3 stands over it */
  readonly title: string
  readonly unit: string
  readonly lines: readonly Line[]
  readonly format: (value: number) => string
  readonly height: number
  readonly isLogarithmic?: boolean
  /** drawn below the lines */
  readonly underlay?: (u: UPlot, points: readonly Point[]) => void
  /** of the values' axis; by the values where it isn't said */
  readonly valueRange?: (points: readonly Point[]) => [number, number]
  readonly budget?: number
  readonly tools?: readonly HTMLElement[]
  /** what is said beside the lines at a time */
  readonly more?: (point: Point) => string
}

/** A chart of points over time, with its table and its readings. */
export interface TimeChart {
  readonly element: HTMLElement
  readonly show: (points: readonly Point[], marks: readonly Mark[], fromMs: number, untilMs: number) => void
  /** Draws it again, as the colours or its width are others. */
  readonly redraw: () => void
}

const FONT = '11px system-ui, sans-serif'
const TABLE_ROWS = 40
/** How near to a mark the cursor must be, as a part of the range, for its words to be shown. */
const NEAR_PART = 0.01

/** An empty chart; all of them share the cursor. */
export function createTimeChart(options: ChartOptions): TimeChart {
  const { title, unit, lines, format, height, tools = [] } = options
  let points: readonly Point[] = []
  let marks: readonly Mark[] = []
  let [fromMs, untilMs] = [0, 1]
  let owners: readonly number[] = []
  let chart: UPlot | undefined
  const place = h('div', { class: 'plot', role: 'img' })
  const readings = h('p', { class: 'readings', 'aria-hidden': 'true' })
  const table = h('div', { class: 'scroll', hidden: true, tabindex: '0' })
  const toggle = h('button', { type: 'button', class: 'tool', 'aria-pressed': 'false', click: flip }, 'Table')
  const head = h(
    'div',
    { class: 'panel-head' },
    h('h3', {}, title),
    readings,
    h('span', { class: 'tools' }, toggle, ...tools),
  )
  const element = h('section', { class: 'panel chart', 'aria-label': title }, head, place, table)

  function flip(): void {
    table.hidden = !table.hidden
    place.hidden = !table.hidden
    toggle.setAttribute('aria-pressed', String(!table.hidden))
    toggle.textContent = table.hidden ? 'Table' : 'Chart'
    if (table.hidden) draw()
    else putTable()
  }
  function putTable(): void {
    const cell = (value: number | null): HTMLElement =>
      h('td', { class: 'number' }, value === null ? '–' : format(value))
    const rows = points.slice(-TABLE_ROWS).reverse()
    const body = rows.map((point) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, clock(point.atMs)),
        ...(point.isGap
          ? [h('td', { colspan: lines.length, class: 'muted' }, 'not known')]
          : lines.map(({ value }) => cell(value(point)))),
      ),
    )
    const names = lines.map(({ label }) => h('th', { scope: 'col', class: 'number' }, `${label} (${unit})`))
    const headRow = h('tr', {}, h('th', { scope: 'col' }, 'From'), ...names)
    put(
      table,
      h('table', {}, h('caption', {}, `${title}, the latest first`), h('thead', {}, headRow), h('tbody', {}, ...body)),
    )
  }
  function read(index: number | null): void {
    const point = index === null ? points.findLast(({ isGap }) => !isGap) : points[owners[index] ?? 0]
    if (!point) return put(readings)
    const parts = lines.map(({ label, color: name, value }) => {
      const told = value(point)
      const dot = h('span', { class: 'dot' })
      dot.style.background = `var(${name})`
      return h('span', { class: 'reading' }, dot, `${label} `, h('b', {}, told === null ? '–' : format(told)))
    })
    const time = h('span', { class: 'reading muted' }, index === null ? 'now' : clock(point.atMs))
    const mark = index === null ? undefined : markNear(marks, point, (untilMs - fromMs) * NEAR_PART)
    put(
      readings,
      time,
      ...parts,
      mark ? h('span', { class: 'reading' }, `▼ ${mark.text}`) : null,
      options.more ? h('span', { class: 'reading muted' }, options.more(point)) : null,
    )
  }
  function draw(): void {
    if (place.hidden || !place.isConnected) return
    const { data, owners: newOwners } = dataOf(points, lines)
    owners = newOwners
    const width = Math.max(200, Math.floor(place.clientWidth))
    if (!chart) {
      chart = new Chart(optionsOf(width), data, place)
    } else {
      if (chart.width !== width) chart.setSize({ width, height })
      chart.setData(data)
    }
    read(null)
    const latest = points.findLast(({ isGap }) => !isGap)
    const told = lines.map(({ label, value }) => `${label} ${textOf(latest ? value(latest) : null)}`)
    const gaps = points.some(({ isGap }) => isGap) ? '; with times of which nothing is known' : ''
    place.setAttribute(
      'aria-label',
      `${title}, ${clock(fromMs)} to ${clock(untilMs)}: now ${told.join(', ')}${gaps}. The table has the values.`,
    )
  }
  const textOf = (value: number | null): string => (value === null ? 'nothing' : format(value))

  function optionsOf(width: number): UPlot.Options {
    const axis = {
      stroke: () => color('--muted'),
      font: FONT,
      grid: { stroke: () => color('--grid'), width: 1 },
      ticks: { show: false },
    }
    return {
      width,
      height,
      padding: [10, 8, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'time' }, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: true, range: () => [fromMs / 1000, untilMs / 1000] },
        y: {
          distr: options.isLogarithmic ? 3 : 1,
          range: (_u, min, max) => options.valueRange?.(points) ?? rangeOf(min, max),
        },
      },
      axes: [
        {
          ...axis,
          size: 26,
          space: 70,
          values: (_u, splits) => splits.map((at) => timeOfAxis(at * 1000, untilMs - fromMs)),
        },
        {
          ...axis,
          size: 58,
          space: 26,
          ...(options.isLogarithmic ? { filter: powersOfTen, grid: { ...axis.grid, filter: powersOfTen } } : {}),
          values: (_u, splits) => splits.map((value) => (value === null ? '' : format(value))),
        },
      ],
      series: [
        {},
        ...lines.map(({ label, color: name, width: lineWidth = 1.5, isFilled = false }): UPlot.Series => ({
          label,
          width: lineWidth,
          spanGaps: false,
          points: { show: () => points.length < 4, size: 4 },
          stroke: () => color(name),
          ...(isFilled ? { fill: () => color(`${name}-fill`), paths: Chart.paths.stepped!({ align: 1 }) } : {}),
        })),
      ],
      hooks: {
        drawClear: [
          (u) => {
            drawGaps(u, points)
            options.underlay?.(u, points)
          },
        ],
        draw: [
          (u) => {
            if (options.budget !== undefined) drawBudget(u, options.budget, format)
            drawMarks(u, marks, fromMs, untilMs)
          },
        ],
        setCursor: [(u) => read(u.cursor.idx ?? null)],
      },
    }
  }
  return {
    element,
    show(shownPoints, shownMarks, from, until) {
      points = shownPoints
      marks = shownMarks
      fromMs = from
      untilMs = until
      draw()
      if (!table.hidden) putTable()
    },
    redraw: draw,
  }
}

// A point holds from its beginning to its end: where nothing is known after it, its lines end there. `owners` says to which
// point each of the values belongs.
function dataOf(points: readonly Point[], lines: readonly Line[]) {
  const owners: number[] = []
  const times: number[] = []
  for (const [index, { atMs, spanMs, isGap }] of points.entries()) {
    times.push(atMs / 1000)
    owners.push(index)
    const next = points[index + 1]
    if (isGap || (next && !next.isGap)) continue
    times.push((atMs + spanMs - 1) / 1000)
    owners.push(index)
  }
  const values = lines.map(({ value, isRare }) =>
    owners.map((index) => {
      const point = points[index]!
      return point.isGap ? null : drawn(value(point), isRare)
    }),
  )
  return { data: [times, ...values] as UPlot.AlignedData, owners }
}

/** The mark that the cursor points at, within so many milliseconds of a point. */
function markNear(marks: readonly Mark[], { atMs, spanMs }: Point, nearMs: number): Mark | undefined {
  return marks.findLast(({ at }) => {
    const markMs = Date.parse(at)
    return markMs > atMs - nearMs && markMs < atMs + spanMs + nearMs
  })
}

function drawn(value: number | null, isRare = false): number | null {
  return isRare && value === 0 ? null : value
}

function rangeOf(_min: number, max: number): [number, number] {
  return [0, max > 0 ? max * 1.12 : 1]
}

function powersOfTen(_u: UPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => (Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? value : null))
}

function timeOfAxis(atMs: number, spanMs: number): string {
  const date = new Date(atMs)
  if (spanMs > 3 * 86_400_000) return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
  return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}
