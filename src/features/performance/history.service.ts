import type { Database } from '../../database/database.js'
import { crossingOf, forecastDays, MIN_DAYS, type DailyValue } from '../../metrics/forecast.js'
import { addCellCounts, createHistogram, percentileMs, percentilesOf, type Histogram } from '../../metrics/histogram.js'
import { latencyCounts } from '../../metrics/latency-spans.js'
import type { Series } from '../../metrics/series.js'
import type { Kind, Times } from '../../metrics/times.js'
import { historyName } from './history-names.js'
import * as repository from './history.repository.js'
import type { HistoryRow } from './history.repository.js'
import { requireOperator, type View } from './view.js'

export type HistoryKind = 'REQUESTS' | 'STATEMENTS' | 'DATA_OPERATIONS' | 'TRANSACTIONS' | 'SIGNALS' | 'GAUGES'
type ForecastMeasure = 'P95_MS' | 'COUNT' | 'VALUE' | 'BUSIEST_HOUR'

/** What is asked of the history: all names of a kind together where `name` is empty. */
export interface HistoryQuestion {
  readonly kind: HistoryKind
  readonly name: string
}

export interface ForecastQuestion extends HistoryQuestion {
  readonly measure: ForecastMeasure
  readonly budget?: number | null | undefined
}

const KINDS: Readonly<Record<HistoryKind, string>> = {
  REQUESTS: 'request',
  STATEMENTS: 'statement',
  DATA_OPERATIONS: 'operation',
  TRANSACTIONS: 'transaction',
  SIGNALS: 'signal',
  GAUGES: 'gauge',
}
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const MINUTES_UP_TO_HOURS = 24
const FORECAST_DAYS = 400
const WEEK_DAYS = 7

/**
 * How a name went: a point for each minute of up to 24 hours, for each hour of more, the oldest first, up to the last whole
 * one. Where no process kept anything, the point is a gap. A tenant sees its own requests and statements, of 14 days at most.
 * @throws FORBIDDEN, SERVICE_UNAVAILABLE
 */
export async function readHistory(database: Database, view: View, question: HistoryQuestion, hours: number, now: Date) {
  requireOwnKind(view, question.kind)
  const isByMinute = hours <= MINUTES_UP_TO_HOURS && question.kind !== 'GAUGES'
  const stepMs = isByMinute ? MINUTE_MS : HOUR_MS
  const endMs = now.getTime() - (now.getTime() % stepMs) + (question.kind === 'GAUGES' ? HOUR_MS : 0)
  const fromMs = endMs - hours * HOUR_MS
  const read = isByMinute ? readMinutes : readHours
  const since = new Date(fromMs)
  const { tenantId } = view
  const [own, ran] = await Promise.all([
    tenantId === undefined
      ? read(database, KINDS[question.kind], question.name, since)
      : readOfTenant(database, tenantId, question, isByMinute, since),
    question.kind === 'GAUGES' ? null : read(database, 'process', '', since),
  ])
  const points = []
  for (let atMs = fromMs; atMs < endMs; atMs += stepMs) {
    const span = own.get(atMs)
    points.push(pointOf(atMs, span, ran === null ? span === undefined : !ran.has(atMs)))
  }
  return points
}

/**
 * How a name went in this process, minute by minute of the last hour, the oldest first. The first point begins with the
 * process where it is younger, the last one still runs. Of all tenants for an operator, else of the own one; none of gauges.
 */
export function readRecentMinutes(times: Times, { tenantId }: View, { kind, name }: HistoryQuestion, now: Date) {
  if (kind === 'GAUGES') return []
  const own = KINDS[kind] as Kind
  const isMeant = name === '' ? undefined : (full: string) => historyName(own, full) === name
  const minutes = new Map(
    times.minutes(own, { tenantId, isMeant }).map(({ startMs, sum }) => [startMs - (startMs % MINUTE_MS), sum]),
  )
  const sinceMs = times.minutesSinceMs()
  const points = []
  for (let atMs = sinceMs - (sinceMs % MINUTE_MS); atMs <= now.getTime(); atMs += MINUTE_MS) {
    const sum = minutes.get(atMs)
    // Where nothing ended in a minute, there is none of it.
    const span = sum && { durations: sum.durations, ...amountsOf(sum) }
    points.push(pointOf(Math.max(atMs, sinceMs), span, false))
  }
  return points
}

function amountsOf({ durations: { count }, failed, rows }: Series) {
  return { count, failed, rows }
}

/** The names of a kind that took most time in the last 24 hours that are kept. @throws FORBIDDEN, SERVICE_UNAVAILABLE */
export async function readHistoryNames(database: Database, view: View, kind: HistoryKind, first: number, now: Date) {
  requireOwnKind(view, kind)
  const { tenantId } = view
  const since = new Date(now.getTime() - DAY_MS)
  const names =
    tenantId === undefined
      ? await repository.listNames(database, KINDS[kind], since, first + 1)
      : await repository.listTenantNames(database, { tenantId, kind: KINDS[kind], since, first: first + 1 })
  return names.filter((name) => name !== '').slice(0, first)
}

/**
 * How a name will go on, by its whole days. `missing` says why nothing can be said. With a budget, when it is reached.
 * @throws FORBIDDEN, SERVICE_UNAVAILABLE
 */
export async function forecastHistory(database: Database, view: View, question: ForecastQuestion, now: Date) {
  requireOperator(view)
  const since = new Date(now.getTime() - FORECAST_DAYS * DAY_MS)
  const days = daysOf(await readHours(database, KINDS[question.kind], question.name, since), question.measure, now)
  const weeks = {
    thisWeek: medianOf(days.slice(-WEEK_DAYS)),
    lastWeek: medianOf(days.slice(-2 * WEEK_DAYS, -WEEK_DAYS)),
  }
  const common = { days: days.length, ...weeks, budget: question.budget ?? null }
  const forecast = forecastDays(days)
  if (!forecast) {
    const missing = `Not enough history: ${days.length} of ${MIN_DAYS} days.`
    const nothing = { level: null, perDay: null, isTrend: null, band: null, errorPart: null }
    return { ...common, ...nothing, inDays: null, earliestInDays: null, latestInDays: null, missing }
  }
  const crossing =
    question.budget === null || question.budget === undefined
      ? { inDays: null, earliestInDays: null, latestInDays: null }
      : crossingOf(forecast, question.budget)
  return { ...common, ...forecast, ...crossing, missing: null }
}

/** What a tenant caused is its own; the rest needs an operator. @throws FORBIDDEN */
function requireOwnKind(view: View, kind: HistoryKind): void {
  if (kind !== 'REQUESTS' && kind !== 'STATEMENTS') requireOperator(view)
}

/** What happened in a span of time, of all processes. */
interface Span {
  readonly durations: Histogram
  count: number
  failed: number
  rows: number
}

type Spans = Map<number, Span>

async function readMinutes(database: Database, kind: string, name: string, since: Date): Promise<Spans> {
  return spansOf(await repository.listSpans(database, 'minutes', kind, name, since), MINUTE_MS)
}

async function readOfTenant(
  database: Database,
  tenantId: string,
  { kind, name }: HistoryQuestion,
  isByMinute: boolean,
  since: Date,
): Promise<Spans> {
  const asked = { tenantId, kind: KINDS[kind], name, since }
  const [span, stepMs] = isByMinute ? (['minutes', MINUTE_MS] as const) : (['hours', HOUR_MS] as const)
  return spansOf(await repository.listTenantSpans(database, span, asked), stepMs)
}

/** Hours that are made, and behind them those that are still minutes. */
async function readHours(database: Database, kind: string, name: string, since: Date): Promise<Spans> {
  const hours = await repository.listSpans(database, 'hours', kind, name, since)
  const made = kind === 'process' ? hours : await repository.listSpans(database, 'hours', 'process', '', since)
  const lastMade = made.at(-1)
  const behind = lastMade ? new Date(Date.parse(lastMade.at) + HOUR_MS) : since
  const minutes = await repository.listSpans(database, 'minutes', kind, name, behind)
  return spansOf([...hours, ...minutes], HOUR_MS)
}

function spansOf(rows: readonly HistoryRow[], stepMs: number): Spans {
  const spans: Spans = new Map()
  for (const { at, count, failed, rows: found, totalMs, maxMs, cells, counts } of rows) {
    const atMs = Date.parse(at) - (Date.parse(at) % stepMs)
    const span = spans.get(atMs) ?? { durations: createHistogram(), count: 0, failed: 0, rows: 0 }
    spans.set(atMs, span)
    addCellCounts(span.durations, { cells, counts, sumMs: totalMs, maxMs })
    span.count += count
    span.failed += failed
    span.rows += found
  }
  return spans
}

function pointOf(atMs: number, span: Span | undefined, isGap: boolean) {
  const at = new Date(atMs).toISOString()
  if (isGap || !span) {
    const zero = isGap ? null : 0
    return {
      at,
      isGap,
      count: zero,
      failed: zero,
      rows: zero,
      totalMs: zero,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      maxMs: null,
      latencyCounts: [],
    }
  }
  const { durations, ...amounts } = span
  const percentiles = durations.cells.length > 0 ? percentilesOf(durations) : { p50Ms: null, p95Ms: null, p99Ms: null }
  const counts = durations.cells.length > 0 ? latencyCounts(durations) : []
  return {
    at,
    isGap,
    ...amounts,
    totalMs: durations.sumMs,
    ...percentiles,
    maxMs: durations.maxMs,
    latencyCounts: counts,
  }
}

/** What happened on a day. */
interface DaySum extends Span {
  /** of its last hour, and of its busiest one */
  lastMs: number
  mostMs: number
}

/** One value for each whole day that is known, the oldest first. */
function daysOf(hours: Spans, measure: ForecastMeasure, now: Date): DailyValue[] {
  const days = new Map<number, DaySum>()
  const today = Math.floor(now.getTime() / DAY_MS)
  for (const [atMs, span] of [...hours].sort(([a], [b]) => a - b)) {
    const day = Math.floor(atMs / DAY_MS)
    if (day >= today) continue
    const sum = days.get(day) ?? { durations: createHistogram(), count: 0, failed: 0, rows: 0, lastMs: 0, mostMs: 0 }
    days.set(day, sum)
    const { first, cells, sumMs, maxMs } = span.durations
    const numbers = [...cells.keys()].map((index) => first + index)
    addCellCounts(sum.durations, { cells: numbers, counts: [...cells], sumMs, maxMs })
    sum.count += span.count
    sum.lastMs = sumMs
    sum.mostMs = Math.max(sum.mostMs, sumMs)
  }
  const valueOf: Readonly<Record<ForecastMeasure, (of: DaySum) => number>> = {
    P95_MS: ({ durations }) => percentileMs(durations, 0.95),
    COUNT: ({ count }) => count,
    VALUE: ({ lastMs }) => lastMs,
    BUSIEST_HOUR: ({ mostMs }) => mostMs / HOUR_MS,
  }
  return [...days].map(([day, sum]) => ({ day, value: valueOf[measure](sum) }))
}

function medianOf(days: readonly DailyValue[]): number | null {
  const sorted = days.map(({ value }) => value).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
