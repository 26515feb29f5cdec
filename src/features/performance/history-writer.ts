import { groupByKey } from '../../lib/batch.js'
import { repeat } from '../../lib/repeat.js'
import { randomUUID } from 'node:crypto'
import type { Database } from '../../database/database.js'
import { cellCounts } from '../../metrics/histogram.js'
import type { MetricsLog } from '../../metrics/metrics-log.js'
import { sumSeries, type Series } from '../../metrics/series.js'
import { KINDS, type Kind, type Minute, type MinuteTable, type Times } from '../../metrics/times.js'
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
const NAMES_PER_TENANT = 10
// A minute of one tenant has some 20: beyond 50 busy tenants in a minute, those with least time have a gap of figures.
const MAX_TENANT_ENTRIES = 1000
const TENANT_KINDS = ['request', 'statement'] as const
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
  const { tick, stop } = repeat(writeAll, intervalSeconds)
  return { write: tick, stop: () => void stop() }
}

/** What is kept of a minute: of all and of each tenant, and that the process ran. */
function entriesOf({ tables }: Minute): HistoryEntry[] {
  const ran = { kind: 'process', name: '', count: 1, failed: 0, total_ms: 0, max_ms: 0, rows: 0, cells: [], counts: [] }
  const own = KINDS.flatMap((kind) => entriesOfTable(kind, tables[kind].names, NAMES_PER_KIND))
  return [ran, ...own, ...entriesOfTenants({ tables })]
}

/** Of a table its heaviest names, all others together, and all of it. */
function entriesOfTable(kind: Kind, { series, rest }: MinuteTable, maxNames: number): HistoryEntry[] {
  const sorted = [...series].sort(
    ([, { durations: a }], [, { durations: b }]) => b.sumMs - a.sumMs || b.count - a.count,
  )
  const all = sorted.map(([name, one], place) => ({ name: place < maxNames ? historyName(kind, name) : OTHERS, one }))
  if (rest.durations.count > 0) all.push({ name: OTHERS, one: rest })
  if (all.length === 0) return []
  // All names together have a line of their own, so that nobody has to add them up.
  const entry = (name: string, parts: typeof all): HistoryEntry =>
    entryOf(
      kind,
      name,
      parts.map(({ one }) => one),
    )
  return [entry('', all), ...[...groupByKey(all, ({ name }) => name)].map(([name, parts]) => entry(name, parts))]
}

/** Of each tenant the same, with fewer names; of the tenants with most time where there are too many. */
function entriesOfTenants({ tables }: Pick<Minute, 'tables'>): HistoryEntry[] {
  const entries = TENANT_KINDS.flatMap((kind) =>
    [...tables[kind].tenants.tables].flatMap(([tenantId, table]) => {
      const found = entriesOfTable(kind, table, NAMES_PER_TENANT)
      return found.map((entry) => ({ ...entry, tenant_id: tenantId }))
    }),
  )
  const byTenant = new Map<string, number>()
  for (const { tenant_id: id, total_ms: ms } of entries) byTenant.set(id, (byTenant.get(id) ?? 0) + ms)
  return entries
    .sort((a, b) => (byTenant.get(b.tenant_id) ?? 0) - (byTenant.get(a.tenant_id) ?? 0))
    .slice(0, MAX_TENANT_ENTRIES)
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
