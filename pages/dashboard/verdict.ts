import type { Point } from './timeline.js'
import type { Alert, Tick } from './types.js'

export type Level = 'GOOD' | 'IDLE' | 'SLOW' | 'FAILING' | 'UNKNOWN'

/** Whether users are served well, since when, and what says so. */
export interface Verdict {
  readonly level: Level
  readonly title: string
  readonly reason: string
  /** null where it isn't known */
  readonly sinceMs: number | null
  /** whether it was so already when what is known begins */
  readonly isSinceAtLeast: boolean
}

/** Half of what users notice as waiting, with the way to them. */
export const BUDGET_MS = 200
/** Of all requests with errors: refusals count too, and a few of them are everyday. */
export const FAILED_PART = 0.1
/** Of requests that failed by the server's fault, as alerts have it; only operators know. */
export const FAULT_PART = 0.05
const FEW = 3

/** What is known at the moment. */
export interface Known {
  readonly isConnected: boolean
  readonly tick: Tick | undefined
  readonly points: readonly Point[]
  readonly alerts: readonly Alert[]
}

/** Judges what is known. Critical alerts come first, then errors, slowness and waiting, then other alerts. */
export function judge({ isConnected, tick, points, alerts }: Known): Verdict {
  if (!isConnected || !tick) {
    const title = tick ? 'The server does not answer' : 'Waiting for the first figures'
    return {
      level: 'UNKNOWN',
      title,
      reason: 'Nothing is known at the moment.',
      sinceMs: lastKnownMs(points),
      isSinceAtLeast: false,
    }
  }
  const { count, failed, faults, p95Ms } = tick.lastMinute
  const firing = alerts.filter(({ state, silencedUntil }) => state === 'FIRING' && silencedUntil === null)
  const failedPart = (faults ?? failed) / Math.max(1, count)
  if (firing.some(({ severity }) => severity === 'CRITICAL')) return ofAlerts(firing)
  const isFailing = count >= FEW && failedPart >= (faults === null ? FAILED_PART : FAULT_PART)
  const isSlow = count >= FEW && p95Ms !== null && p95Ms > BUDGET_MS
  const since = (isSo: (point: Point) => boolean) => beginOf(points, isSo)
  if (isFailing) {
    const reason = `${Math.round(failedPart * 100)} % of the requests of the last minute ended with an error${faults === null ? '' : ' of the server'}.`
    return { level: 'FAILING', title: 'Requests fail', reason, ...since(hasFailed) }
  }
  if (isSlow) {
    const reason = `5 of 100 requests of the last minute took over ${Math.round(p95Ms)} ms; the budget is ${BUDGET_MS} ms.`
    return { level: 'SLOW', title: 'Users wait', reason, ...since(wasSlow) }
  }
  if (tick.pool && tick.pool.waiting > 0) {
    const reason = `${tick.pool.waiting} requests wait for a connection to the database.`
    return { level: 'SLOW', title: 'Requests queue', reason, sinceMs: null, isSinceAtLeast: false }
  }
  if (firing.length > 0) return ofAlerts(firing)
  if (count === 0) {
    const known = since(({ count: ended }) => ended === 0)
    return { level: 'IDLE', title: 'Nobody asks', reason: 'No request ended in the last minute.', ...known }
  }
  const reason =
    p95Ms === null
      ? ''
      : `95 of 100 requests took no longer than ${p95Ms < 10 ? p95Ms.toFixed(1) : Math.round(p95Ms)} ms.`
  return {
    level: 'GOOD',
    title: 'Users are served well',
    reason,
    ...since((point) => !wasSlow(point) && !hasFailed(point)),
  }
}

function ofAlerts(firing: readonly Alert[]): Verdict {
  const [first] = firing
  const starts = firing.map(({ firingSince }) => Date.parse(firingSince ?? '')).filter((ms) => !Number.isNaN(ms))
  return {
    level: firing.some(({ severity }) => severity === 'CRITICAL') ? 'FAILING' : 'SLOW',
    title: firing.length === 1 ? 'An alert is firing' : `${firing.length} alerts are firing`,
    reason: first?.summary ?? '',
    sinceMs: starts.length > 0 ? Math.min(...starts) : null,
    isSinceAtLeast: false,
  }
}

function hasFailed({ count, failed }: Point): boolean {
  return (count ?? 0) >= FEW && (failed ?? 0) / (count ?? 1) >= FAILED_PART
}

function wasSlow({ count, p95Ms }: Point): boolean {
  return (count ?? 0) >= FEW && p95Ms !== null && p95Ms > BUDGET_MS
}

// A quiet span says nothing for or against; a gap ends what can be said.
function beginOf(points: readonly Point[], isSo: (point: Point) => boolean) {
  let sinceMs: number | null = null
  for (let index = points.length - 1; index >= 0; index--) {
    const point = points[index]!
    const isTold = isSo(point)
    if (point.isGap || (!isTold && (point.count ?? 0) >= FEW)) return { sinceMs, isSinceAtLeast: point.isGap }
    if (isTold) sinceMs = point.atMs
  }
  return { sinceMs, isSinceAtLeast: true }
}

function lastKnownMs(points: readonly Point[]): number | null {
  const last = points.findLast(({ isGap }) => !isGap)
  return last ? last.atMs + last.spanMs : null
}
