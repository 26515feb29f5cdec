import { createSeries, mergeSeries, recordEnded, type Ended, type Series } from './series.js'
import { createSeriesTable, type SeriesTable } from './series-table.js'
import { createTenantTables, type TenantTables } from './tenant-tables.js'

/** What is timed: GraphQL requests, named statements, operations of Prisma, transactions; and what alerts count (see SIGNALS). */
export const KINDS = ['request', 'statement', 'operation', 'transaction', 'signal'] as const
export type Kind = (typeof KINDS)[number]

/** Names of the kind `signal`; changes of plans stand under `plan-flip <label> <role>`. */
export const SIGNALS = {
  slow: 'slow-statements',
  fault: 'faults',
  exhausted: 'pool-exhausted',
  flip: 'plan-flip ',
} as const

/** What is known of one kind, of the whole process or of one tenant. */
export interface TimesRead {
  /** by name */
  readonly series: ReadonlyMap<string, Series>
  /** all names that have no series of their own */
  readonly rest: Series
  /** what the figures cover, in milliseconds since 1970 */
  readonly sinceMs: number
  readonly untilMs: number
  /** how often a name lost its series to `rest` */
  readonly evicted: number
}

/** The times of one process since its start, and minute by minute of the last hour. */
export interface Times {
  readonly startedAtMs: number
  /** Counts what ended, now unless a moment is said. `tenantId` is null for what belongs to none. */
  readonly record: (kind: Kind, name: string, tenantId: string | null, ended: Ended, atMs?: number) => void
  /** Of the whole process, or of one tenant; since the start, or of the last `minutes` whole ones and the running one. */
  readonly read: (
    kind: Kind,
    options?: { readonly tenantId?: string | undefined; readonly minutes?: number | undefined },
  ) => TimesRead
  /** All names together, or those that `isMeant` says, since the start: cheaper than `read`. */
  readonly sum: (kind: Kind, tenantId?: string, isMeant?: (name: string) => boolean) => Series
  /**
   * Minute by minute, as far as they are kept, the oldest first; the running one is the last. Of the names that `isMeant`
   * says, or of all together.
   */
  readonly minutes: (
    kind: Kind,
    options?: { readonly tenantId?: string | undefined; readonly isMeant?: ((name: string) => boolean) | undefined },
  ) => readonly MinuteSum[]
  /** From then on `minutes` knows all: where there is no minute, nothing ended in it. Milliseconds since 1970. */
  readonly minutesSinceMs: () => number
  /** The tenants that are known of a kind. */
  readonly tenants: (kind: Kind) => string[]
  /** The whole minutes that begin after a moment, as far as they are kept, the oldest first. */
  readonly minutesAfter: (startMs: number) => readonly Minute[]
  /** How many series there are in all: bounded, whatever is recorded. */
  readonly size: () => number
}

export interface TimesLimits {
  /** names of a kind */
  readonly names: number
  /** series of a kind, by tenant and name */
  readonly tenantNames: number
  /** series of all kept minutes together: where there are more, the oldest minutes go before their time */
  readonly minutes: number
}

/** Names with their series, and all others together. */
export type MinuteTable = Pick<SeriesTable, 'series' | 'rest'>

/** What ended in a minute, by kind and name; of all, and of each tenant. */
export interface Minute {
  readonly startMs: number
  readonly tables: Readonly<
    Record<
      Kind,
      { readonly names: MinuteTable; readonly tenants: { readonly tables: ReadonlyMap<string, MinuteTable> } }
    >
  >
}

/** What ended in a minute. */
export interface MinuteSum {
  readonly startMs: number
  readonly sum: Series
}

interface Tables {
  readonly names: SeriesTable
  readonly tenants: TenantTables
}

interface Span {
  readonly startMs: number
  readonly tables: Readonly<Record<Kind, Tables>>
}

const LIMITS: TimesLimits = { names: 1000, tenantNames: 2000, minutes: 10_000 }
const MINUTE_MS = 60_000
const KEPT_MINUTES = 60

const ignore = (): void => undefined

/**
 * Empty times; `nowMs` is the clock, in milliseconds since 1970. `settle` is called before anything is read: it records what still
 * waits for that.
 */
export function createTimes(nowMs: () => number = Date.now, limits: TimesLimits = LIMITS, settle = ignore): Times {
  const createSpan = (startMs: number): Span => {
    const tables = (): Tables => ({
      names: createSeriesTable(limits.names),
      tenants: createTenantTables(limits.tenantNames),
    })
    const [request, statement, operation, transaction, signal] = [tables(), tables(), tables(), tables(), tables()]
    return { startMs, tables: { request, statement, operation, transaction, signal } }
  }
  const startedAtMs = nowMs()
  /** all whole minutes since the start */
  const total = createSpan(startedAtMs)
  /** whole minutes, the oldest first */
  const minutes: Span[] = []
  let running = createSpan(startedAtMs)
  let droppedUntilMs = startedAtMs

  const turn = (atMs: number): void => {
    for (const kind of KINDS) mergeTables(total.tables[kind], running.tables[kind])
    minutes.push(running)
    running = createSpan(atMs - (atMs % MINUTE_MS))
    while (minutes[0] && minutes[0].startMs < running.startMs - KEPT_MINUTES * MINUTE_MS) minutes.shift()
    let kept = minutes.reduce((sum, span) => sum + sizeOf(span), 0)
    while (kept > limits.minutes && minutes[0]) {
      kept -= sizeOf(minutes[0])
      droppedUntilMs = minutes[0].startMs + MINUTE_MS
      minutes.shift()
    }
  }

  /** The minute of a moment, after those that are over were put away. */
  const minuteOf = (atMs: number): Span => {
    // A clock that was set back goes on in the minute that runs.
    if (atMs - (atMs % MINUTE_MS) > running.startMs) turn(atMs)
    return running
  }

  /** The running minute, with all that ended so far. */
  const current = (): Span => {
    settle()
    return minuteOf(nowMs())
  }

  return {
    startedAtMs,
    record(kind, name, tenantId, ended, atMs = nowMs()) {
      const { names, tenants } = minuteOf(atMs).tables[kind]
      recordEnded(names.at(name), ended, atMs)
      if (tenantId !== null) recordEnded(tenants.at(tenantId, name), ended, atMs)
    },
    read(kind, { tenantId, minutes: wanted } = {}) {
      const last = current()
      const spans =
        wanted === undefined
          ? [total, last]
          : [...minutes.filter(({ startMs }) => startMs >= last.startMs - wanted * MINUTE_MS), last]
      const read = { series: new Map<string, Series>(), rest: createSeries(), evicted: 0 }
      for (const { tables } of spans) {
        const table = tenantId === undefined ? tables[kind].names : tables[kind].tenants.tables.get(tenantId)
        if (!table) continue
        for (const [name, series] of table.series) mergeSeries(seriesIn(read.series, name), series)
        mergeSeries(read.rest, table.rest)
        read.evicted += table.evicted
      }
      const sinceMs = Math.min(...spans.map(({ startMs }) => startMs))
      return { ...read, sinceMs, untilMs: nowMs() }
    },
    sum: (kind, tenantId, isMeant) => sumOf([total, current()], kind, tenantId, isMeant),
    minutes(kind, { tenantId, isMeant } = {}) {
      const last = current()
      return [...minutes, last].map((span) => ({ startMs: span.startMs, sum: sumOf([span], kind, tenantId, isMeant) }))
    },
    minutesSinceMs: () => Math.max(droppedUntilMs, current().startMs - KEPT_MINUTES * MINUTE_MS),
    tenants(kind) {
      const spans = [total, current()]
      return [...new Set(spans.flatMap(({ tables }) => [...tables[kind].tenants.tables.keys()]))]
    },
    minutesAfter(startMs) {
      current()
      return minutes.filter((span) => span.startMs > startMs)
    },
    size: () => [total, current(), ...minutes].reduce((sum, span) => sum + sizeOf(span), 0),
  }
}

function sumOf(
  spans: readonly Span[],
  kind: Kind,
  tenantId: string | undefined,
  isMeant?: (name: string) => boolean,
): Series {
  const sum = createSeries()
  for (const { tables } of spans) {
    const table = tenantId === undefined ? tables[kind].names : tables[kind].tenants.tables.get(tenantId)
    if (!table) continue
    for (const [name, series] of table.series) if (!isMeant || isMeant(name)) mergeSeries(sum, series)
    if (!isMeant) mergeSeries(sum, table.rest)
  }
  return sum
}

function sizeOf({ tables }: Span): number {
  return KINDS.reduce((sum, kind) => sum + tables[kind].names.series.size + tables[kind].tenants.size(), 0)
}

function mergeTables(target: Tables, source: Tables): void {
  for (const [name, series] of source.names.series) mergeSeries(target.names.at(name), series)
  mergeSeries(target.names.rest, source.names.rest)
  target.names.evicted += source.names.evicted
  for (const [tenantId, table] of source.tenants.tables) {
    for (const [name, series] of table.series) mergeSeries(target.tenants.at(tenantId, name), series)
    const kept = target.tenants.tables.get(tenantId)
    mergeSeries(kept ? kept.rest : target.tenants.rest, table.rest)
    if (kept) kept.evicted += table.evicted
  }
  mergeSeries(target.tenants.rest, source.tenants.rest)
}

function seriesIn(map: Map<string, Series>, name: string): Series {
  const known = map.get(name)
  if (known) return known
  const made = createSeries()
  map.set(name, made)
  return made
}
