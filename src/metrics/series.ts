import { createHistogram, mergeHistogram, recordDuration, type Histogram } from './histogram.js'

/** What is known of one name: how often, how long, and what it took. */
export interface Series {
  readonly durations: Histogram
  failed: number
  /** rows that came back */
  rows: number
  /** statements that a request ran */
  statements: number
  /** how often transactions were begun: more than `durations.count` where some ran again */
  attempts: number
  /** how long a connection was waited for, in all */
  waitMs: number
  /** how long the server took to commit, in all */
  commitMs: number
  /** milliseconds since 1970 */
  firstAtMs: number
  lastAtMs: number
}

/** One thing that ended; what isn't said is 0. */
export interface Ended {
  readonly durationMs: number
  readonly failed: boolean
  readonly rows?: number
  readonly statements?: number
  readonly attempts?: number
  readonly waitMs?: number
  readonly commitMs?: number
}

/** A series without anything. */
export function createSeries(): Series {
  return {
    durations: createHistogram(),
    failed: 0,
    rows: 0,
    statements: 0,
    attempts: 0,
    waitMs: 0,
    commitMs: 0,
    firstAtMs: Infinity,
    lastAtMs: -Infinity,
  }
}

/** Counts one thing that ended at `atMs`, in milliseconds since 1970. */
export function recordEnded(series: Series, ended: Ended, atMs: number): void {
  recordDuration(series.durations, ended.durationMs)
  if (ended.failed) series.failed++
  series.rows += ended.rows ?? 0
  series.statements += ended.statements ?? 0
  series.attempts += ended.attempts ?? 0
  series.waitMs += ended.waitMs ?? 0
  series.commitMs += ended.commitMs ?? 0
  if (atMs < series.firstAtMs) series.firstAtMs = atMs
  if (atMs > series.lastAtMs) series.lastAtMs = atMs
}

/** All of several series together, as a new one. */
export function sumSeries(parts: Iterable<Series>): Series {
  const sum = createSeries()
  for (const part of parts) mergeSeries(sum, part)
  return sum
}

/** Adds all of `source` to `target`. */
export function mergeSeries(target: Series, source: Series): void {
  mergeHistogram(target.durations, source.durations)
  for (const amount of ['failed', 'rows', 'statements', 'attempts', 'waitMs', 'commitMs'] as const) {
    target[amount] += source[amount]
  }
  target.firstAtMs = Math.min(target.firstAtMs, source.firstAtMs)
  target.lastAtMs = Math.max(target.lastAtMs, source.lastAtMs)
}
