import { createHistogram, mergeHistogram, percentilesOf, type Histogram } from '../../../metrics/histogram.js'
import { addedSince, latencyCounts } from '../../../metrics/latency-spans.js'
import type { PoolFigures } from '../../../metrics/pool-watch.js'
import { SIGNALS } from '../../../metrics/times.js'
import type { Monitoring } from '../performance.service.js'
import { listSlowQueries, listPools, listTenants, listTimes } from '../performance.service.js'
import type { View } from '../view.js'

/** What ended between two ticks. Milliseconds; percentiles are null where nothing ended. */
export interface LiveTimes {
  readonly count: number
  readonly failed: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  /** by the spans of LATENCY_BOUNDS_MS; empty where nothing ended */
  readonly latencyCounts: readonly number[]
}

/** What a tick tells of the time since the one before it. */
export interface Tick {
  readonly at: string
  readonly durationMs: number
  readonly requests: LiveTimes
  /** of the last minute, or since somebody watches where that is less */
  readonly lastMinute: Omit<LiveTimes, 'latencyCounts'> & {
    readonly durationMs: number
    /** requests that failed by the server's fault; null but for operators */
    readonly faults: number | null
  }
  readonly statements: Omit<LiveTimes, 'latencyCounts'>
  /** slow statements since the start, of all tenants; null but for operators */
  readonly slowQueries: number | null
  /** null but for operators */
  readonly pool: PoolFigures | null
}

interface Added {
  readonly added: Histogram
  readonly failed: number
  /** by the server's fault; 0 where it isn't known */
  readonly faults: number
}

const FIGURE_ROWS = 30
const MINUTE_MS = 60_000

/** What makes the ticks of a view: each call tells what ended since the one before. */
export function createTicker(monitoring: Monitoring, { tenantId }: View, startMs: number): (nowMs: number) => Tick {
  const { times, slowStatements, pool } = monitoring
  const isOperator = tenantId === undefined
  // Faults are counted for all tenants together.
  const faultsOf = (kind: 'request' | 'statement'): number =>
    isOperator && kind === 'request'
      ? times.sum('signal', undefined, (name) => name === SIGNALS.fault).durations.count
      : 0
  let lastMs = startMs
  const sumOf = (kind: 'request' | 'statement') => ({
    sum: times.sum(kind, tenantId),
    faults: faultsOf(kind),
  })
  const last = { request: sumOf('request'), statement: sumOf('statement') }
  const lastMinute: { readonly atMs: number; readonly durationMs: number; readonly ended: Added }[] = []
  const seed = recentlyEnded(monitoring, tenantId, startMs - 2 * MINUTE_MS)
  if (seed) lastMinute.push({ atMs: startMs, durationMs: Math.max(1, startMs - seed.sinceMs), ended: seed })
  const take = (kind: 'request' | 'statement'): Added => {
    const [before, now] = [last[kind], sumOf(kind)]
    last[kind] = now
    return {
      added: addedSince(before.sum.durations, now.sum.durations),
      failed: Math.max(0, now.sum.failed - before.sum.failed),
      faults: Math.max(0, now.faults - before.faults),
    }
  }
  return (nowMs) => {
    const [requests, statements] = [take('request'), take('statement')]
    const durationMs = Math.max(1, nowMs - lastMs)
    lastMs = nowMs
    lastMinute.push({ atMs: nowMs, durationMs, ended: requests })
    while (lastMinute[0] && lastMinute[0].atMs <= nowMs - MINUTE_MS) lastMinute.shift()
    const minute = together(lastMinute.map(({ ended }) => ended))
    return {
      at: new Date(nowMs).toISOString(),
      durationMs,
      requests: {
        ...timesOf(requests),
        latencyCounts: requests.added.count === 0 ? [] : latencyCounts(requests.added),
      },
      lastMinute: {
        ...timesOf(minute),
        faults: isOperator ? minute.faults : null,
        durationMs: lastMinute.reduce((sum, part) => sum + part.durationMs, 0),
      },
      statements: timesOf(statements),
      slowQueries: isOperator ? slowStatements.total() : null,
      pool: isOperator && pool ? pool.figures() : null,
    }
  }
}

/** The minute that runs and the one before it, so that who comes sees at once how it goes. */
function recentlyEnded(
  { times }: Monitoring,
  tenantId: string | undefined,
  fromMs: number,
): (Added & { readonly sinceMs: number }) | undefined {
  const last = times.minutes('request', { tenantId }).filter(({ startMs }) => startMs > fromMs)
  const [first] = last
  if (!first) return undefined
  const isFault = (name: string): boolean => name === SIGNALS.fault
  const faults = tenantId === undefined ? times.minutes('signal', { isMeant: isFault }) : []
  const faultsAt = new Map(faults.map(({ startMs, sum }) => [startMs, sum.durations.count]))
  const parts = last.map(({ startMs, sum }) => ({
    added: sum.durations,
    failed: sum.failed,
    faults: faultsAt.get(startMs) ?? 0,
  }))
  return { ...together(parts), sinceMs: first.startMs }
}

function together(parts: readonly Added[]): Added {
  const added = createHistogram()
  let [failed, faults] = [0, 0]
  for (const part of parts) {
    mergeHistogram(added, part.added)
    failed += part.failed
    faults += part.faults
  }
  return { added, failed, faults }
}

function timesOf({ added, failed }: Added) {
  if (added.count === 0) return { count: 0, failed, p50Ms: null, p95Ms: null, p99Ms: null }
  return { count: added.count, failed, ...percentilesOf(added) }
}

/** Which alerts are open: who watches asks the API for more when they change. */
export type OpenAlerts = () => readonly { readonly id: string; readonly state: string }[]

/**
 * The lists of a view, as the API's fields of the same names give them: operations, statements and slow queries (without
 * their texts and plans), for an operator tenants and pools too, and which alerts are
 * open. All of it is in memory.
 */
export function readFigures(monitoring: Monitoring, openAlerts: OpenAlerts, view: View) {
  const services = { monitoring }
  const { entries, total, evictions } = listSlowQueries(services, view, FIGURE_ROWS)
  const slowQueries = {
    entries: entries.map(({ sql: _, planKey: __, view: ___, ...rest }) => rest),
    total,
    evictions,
  }
  return {
    operations: listTimes(services, view, 'request', FIGURE_ROWS),
    statements: listTimes(services, view, 'statement', FIGURE_ROWS),
    slowQueries,
    tenants: view.tenantId === undefined ? listTenants(services, view, FIGURE_ROWS) : null,
    pools: view.tenantId === undefined ? listPools(services, view) : null,
    openAlerts: view.tenantId === undefined ? openAlerts().map(({ id, state }) => ({ id, state })) : null,
  }
}
