import { randomUUID } from 'node:crypto'
import type { Database } from '../../database/database.js'
import { cellCounts } from '../../metrics/histogram.js'
import type { MetricsLog } from '../../metrics/metrics-log.js'
import { sumSeries, type Series } from '../../metrics/series.js'
import { KINDS, type Minute, type Times } from '../../metrics/times.js'
import { historyName, OTHERS } from './history-names.js'
import { recordMinute, recordStart, tendHistory, type HistoryEntry } from './history.repository.js'

/** What keeps the minutes of a process. */
export interface HistoryWriter {
  /** Keeps all whole minutes that are not kept yet; never throws. */
  readonly write: () => Promise<void>
  readonly stop: () => void
}

export interface HistoryOptions {
  readonly database: Database
  readonly times: Times
  readonly log: MetricsLog
  /** how often; 0 for never by itself */
  readonly intervalSeconds: number
  /** of the program, as its start is noted */
  readonly version?: string
  readonly nowMs?: () => number
}

const NAMES_PER_KIND = 100
const TOLD_EVERY_MS = 600_000

/**
 * Keeps the minutes of this process in the database, beside the work of requests. What could not be kept is tried again as
 * long as the process remembers it; beyond that it is a gap. It writes from the first whole minute on that begins after it.
 */
export function createHistoryWriter({
  database,
  times,
  log,
  intervalSeconds,
  version = '',
  nowMs = Date.now,
}: HistoryOptions): HistoryWriter {
  const process = randomUUID().slice(0, 8)
  // The minute in which a process starts isn't whole, but it is all that there is of it.
  let keptMs = -Infinity
  let toldAtMs = -Infinity
  let isStartNoted = false
  let running: Promise<void> | undefined

  const writeAll = async (): Promise<void> => {
    try {
      if (!isStartNoted) await recordStart(database, process, new Date(times.startedAtMs), version)
      isStartNoted = true
      for (const minute of times.minutesAfter(keptMs)) {
        const at = new Date(minute.startMs - (minute.startMs % 60_000))
        if (!(await recordMinute(database, at, process, entriesOf(minute)))) return
        keptMs = minute.startMs
      }
      await tendHistory(database, new Date(nowMs()))
    } catch (error) {
      if (nowMs() - toldAtMs < TOLD_EVERY_MS) return
      toldAtMs = nowMs()
      log.warn({ err: error }, 'minutes of the history could not be kept; they are tried again')
    }
  }
  const write = (): Promise<void> => (running ??= writeAll().finally(() => (running = undefined)))
  const timer = intervalSeconds === 0 ? undefined : setInterval(() => void write(), intervalSeconds * 1000)
  timer?.unref()
  return { write, stop: () => clearInterval(timer) }
}

/** What is kept of a minute: for each kind its heaviest names, and all others together; and that the process ran. */
function entriesOf({ tables }: Minute): HistoryEntry[] {
  const ran = { kind: 'process', name: '', count: 1, failed: 0, total_ms: 0, max_ms: 0, rows: 0, cells: [], counts: [] }
  const entries: HistoryEntry[] = [ran]
  for (const kind of KINDS) {
    const { series, rest } = tables[kind].names
    const byName = new Map<string, Series[]>()
    const sorted = [...series].sort(
      ([, { durations: a }], [, { durations: b }]) => b.sumMs - a.sumMs || b.count - a.count,
    )
    for (const [place, [name, one]] of sorted.entries()) {
      const kept = place < NAMES_PER_KIND ? historyName(kind, name) : OTHERS
      byName.set(kept, [...(byName.get(kept) ?? []), one])
    }
    if (rest.durations.count > 0) byName.set(OTHERS, [...(byName.get(OTHERS) ?? []), rest])
    const all = [...byName.values()].flat()
    // All names together have a line of their own, so that nobody has to add them up.
    if (all.length > 0) entries.push(entryOf(kind, '', all))
    for (const [name, parts] of byName) entries.push(entryOf(kind, name, parts))
  }
  return entries
}

function entryOf(kind: string, name: string, parts: readonly Series[]): HistoryEntry {
  const sum = sumSeries(parts)
  const { count, sumMs, maxMs } = sum.durations
  return {
    kind,
    name,
    count,
    failed: sum.failed,
    total_ms: sumMs,
    max_ms: maxMs,
    rows: sum.rows,
    ...cellCounts(sum.durations),
  }
}
