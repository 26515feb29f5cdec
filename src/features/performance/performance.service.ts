import type { Database } from '../../database/database.js'
import type { ApiFieldUsage } from '../../metrics/api-field-usage.js'
import { percentilesOf, RESOLUTION } from '../../metrics/histogram.js'
import { LATENCY_BOUNDS_MS } from '../../metrics/latency-spans.js'
import { readRequestName, readStatementName } from '../../metrics/tally.js'
import type { Plans, SampledPlan } from '../../metrics/plans.js'
import type { PoolWatch } from '../../metrics/pool-watch.js'
import { sumSeries, type Series } from '../../metrics/series.js'
import type { SlowStatement, SlowStatements } from '../../metrics/slow-statements.js'
import type { Kind, Times, TimesRead } from '../../metrics/times.js'
import { forecastHistory, type ForecastQuestion } from './history.service.js'
import { isUnused } from './index-use.js'
import { proposeIndexes } from './index-proposals.js'
import { LARGE_TABLE_ROWS } from './missing-index.js'
import * as repository from './performance.repository.js'
import { recommend, type Recommendation } from './recommendations.js'
import { requireOperator, type View } from './view.js'

/** What a process knows of its own performance. */
export interface Monitoring {
  readonly times: Times
  readonly slowStatements: SlowStatements
  readonly plans: Plans
  readonly fieldUsage: ApiFieldUsage
  readonly slowMs: number
  /** why plans are not sampled; undefined where they are */
  readonly whyNoPlans: () => string | undefined
  /** undefined where no pool is watched */
  readonly pool: PoolWatch | undefined
  /** what the database may take on its disk; 0 where nobody said so */
  readonly diskBytes: number
}

export interface PerformanceServices {
  readonly database: Database
  readonly monitoring: Monitoring
}

/** All that is needed for what is in memory. */
type MonitoringServices = Pick<PerformanceServices, 'monitoring'>

/** What the figures of a view cover. */
export function readCoverage({ monitoring }: PerformanceServices, view: View) {
  const { sinceMs, untilMs } = monitoring.times.read('request', view)
  return {
    since: moment(sinceMs),
    until: moment(untilMs),
    startedAt: moment(monitoring.times.startedAtMs),
    processId: process.pid,
    resolution: RESOLUTION,
    slowQueryMs: monitoring.slowMs,
    latencyBoundsMs: [...LATENCY_BOUNDS_MS],
    plansMissing: monitoring.whyNoPlans() ?? null,
  }
}

/** The names of a kind that took most time. */
export function listTimes({ monitoring }: MonitoringServices, view: View, kind: Kind, first: number) {
  const read = monitoring.times.read(kind, view)
  const entries = [...read.series]
    .sort(([, a], [, b]) => b.durations.sumMs - a.durations.sumMs)
    .slice(0, first)
    .map(([name, series]) => ({ ...nameOf(kind, name), timing: timingOf(series) }))
  const others = timingOrNull(read.rest)
  return { entries, others, evictions: read.evicted, since: moment(read.sinceMs) }
}

/** The latest slow statements. */
export function listSlowQueries({ monitoring }: MonitoringServices, view: View, first: number) {
  const { slowStatements } = monitoring
  const isOperator = view.tenantId === undefined
  const entries = slowStatements
    .list(view.tenantId)
    .slice(0, first)
    .map(({ endedAtMs, label, request, planKey, text: _text, tables: _tables, ...rest }) => ({
      ...rest,
      endedAt: moment(endedAtMs),
      name: label,
      operation: request,
      planKey,
      view,
    }))
  const [total, evictions] = isOperator ? [slowStatements.total(), slowStatements.evicted()] : [null, null]
  return { entries, total, evictions }
}

/** The plan of a slow statement, as it was sampled last; null where there is none. @throws FORBIDDEN */
export function readPlan(
  { monitoring: { plans } }: PerformanceServices,
  { view, planKey }: { readonly view: View; readonly planKey: string },
) {
  requireOperator(view)
  const sampled = plans.of(planKey)
  return sampled ? plan(sampled) : null
}

/** The fields of the API that were asked for most. */
export function listFieldUses({ monitoring: { fieldUsage } }: PerformanceServices, view: View, first: number) {
  const entries = fieldUsage
    .list(view.tenantId)
    .slice(0, first)
    .map(({ firstAtMs, lastAtMs, ...use }) => ({ ...use, firstAt: moment(firstAtMs), lastAt: moment(lastAtMs) }))
  const unattributed = view.tenantId === undefined ? fieldUsage.unattributed() : 0
  return { entries, unattributed, since: moment(fieldUsage.sinceMs) }
}

/** The changes of plans, the latest first. @throws FORBIDDEN */
export function listPlanFlips({ monitoring }: PerformanceServices, view: View, first: number) {
  requireOperator(view)
  return monitoring.plans
    .flips()
    .slice(0, first)
    .map(({ label, role, sql, before, after }) => ({
      name: label,
      role,
      sql,
      before: plan(before),
      after: plan(after),
    }))
}

/** What each tenant takes, those with most time in transactions first. @throws FORBIDDEN */
export function listTenants({ monitoring: { times } }: MonitoringServices, view: View, first: number) {
  requireOperator(view)
  const { minutes } = view
  const all = [...new Set([...times.tenants('transaction'), ...times.tenants('request')])]
  return all
    .map((tenantId) => {
      const transactions = times.read('transaction', { tenantId, minutes })
      const held = sumOf(transactions)
      const requests = sumOf(times.read('request', { tenantId, minutes }))
      const spanMs = Math.max(1, transactions.untilMs - transactions.sinceMs)
      const heldMs = Math.max(0, held.durations.sumMs - held.waitMs)
      return {
        tenantId,
        heldMs,
        requests: timingOrNull(requests),
        transactions: timingOrNull(held),
        connections: heldMs / spanMs,
      }
    })
    .filter(({ requests, transactions }) => requests !== null || transactions !== null)
    .sort((a, b) => b.heldMs - a.heldMs)
    .slice(0, first)
}

/** The pool of the process. @throws FORBIDDEN */
export function listPools({ monitoring: { pool } }: MonitoringServices, view: View) {
  requireOperator(view)
  if (!pool) return []
  const waits = pool.waits()
  const { count, sumMs, maxMs } = waits
  const waited = { count, meanMs: count === 0 ? 0 : sumMs / count, ...percentilesOf(waits), maxMs }
  return [{ ...pool.figures(), waits: waited, refused: pool.refused(), exhausted: pool.exhausted() }]
}

/**
 * How a name will go on, and when it reaches its budget: where none is asked for, the database its disk, as the settings say, and the
 * transactions of the busiest hour the connections that the server has room for. @throws FORBIDDEN, SERVICE_UNAVAILABLE
 */
export async function readForecast(
  { monitoring, database }: PerformanceServices,
  view: View,
  { budget, ...asked }: ForecastQuestion,
  now: Date,
) {
  requireOperator(view)
  const own = budget ?? (await readBudget(database, monitoring, asked))
  return forecastHistory(database, view, { ...asked, budget: own }, now)
}

async function readBudget(
  database: Database,
  { diskBytes }: Monitoring,
  { kind, name, measure }: ForecastQuestion,
): Promise<number | null> {
  if (kind === 'GAUGES' && name === 'database.bytes') return diskBytes > 0 ? diskBytes : null
  const isOfConnections = kind === 'TRANSACTIONS' && name === '' && measure === 'BUSIEST_HOUR'
  return isOfConnections ? repository.readConnectionRoom(database) : null
}

/** All tables, the largest first. @throws FORBIDDEN */
export function listTables({ database }: PerformanceServices, view: View) {
  requireOperator(view)
  return repository.listTables(database)
}

/** All indexes, the largest first. @throws FORBIDDEN */
export async function listIndexes({ database }: PerformanceServices, view: View, now: Date) {
  requireOperator(view)
  return (await repository.listIndexes(database)).map((index) => ({ ...index, isUnused: isUnused(index, now) }))
}

/** What tables, indexes and the slow statements of this process give reason for. @throws FORBIDDEN */
export function listRecommendations(
  { database, monitoring }: PerformanceServices,
  view: View,
  now: Date,
): Promise<Recommendation[]> {
  requireOperator(view)
  return findRecommendations(database, now, monitoring.slowStatements.list())
}

/** What tables, indexes and some slow statements give reason for, for who has the whole database at hand. */
export async function findRecommendations(
  database: Database,
  now: Date,
  slow: readonly SlowStatement[] = [],
  minRows = LARGE_TABLE_ROWS,
): Promise<Recommendation[]> {
  const [tables, indexes, hasHypopg] = await Promise.all([
    repository.listTables(database),
    repository.listIndexes(database),
    repository.hasExtension(database, 'hypopg'),
  ])
  const missing = await proposeIndexes(database, slow, { tables, indexes, hasHypopg, minRows })
  return [...missing, ...recommend(tables, indexes, now, hasHypopg)]
}

/** What pg_stat_statements counts, or why it doesn't. @throws FORBIDDEN, SERVICE_UNAVAILABLE */
export async function listServerStatements({ database }: PerformanceServices, view: View, first: number) {
  requireOperator(view)
  try {
    const [entries, coverage] = await Promise.all([
      repository.listServerStatements(database, first),
      repository.readStatementCoverage(database),
    ])
    return { entries, ...coverage, missing: null }
  } catch (error) {
    const missing = MISSING[error instanceof Error && 'code' in error ? String(error.code) : '']
    if (missing === undefined) throw error
    return { entries: [], since: null, evictions: null, missing }
  }
}

const PROVISION = 'Run: ADMIN_DATABASE_URL=postgresql://… npm run db:provision'
/** Why pg_stat_statements says nothing, by SQLSTATE. */
const MISSING: Readonly<Record<string, string>> = {
  '42P01': `The extension pg_stat_statements is not in this database. ${PROVISION}`,
  '42501': `kith_system may not read pg_stat_statements. ${PROVISION}`,
  '55000': 'The server does not load pg_stat_statements: put it into shared_preload_libraries and restart.',
}

function nameOf(kind: Kind, name: string) {
  const nothing = { hash: null, client: null, clientVersion: null, role: null }
  if (kind === 'request') {
    const { label, ...rest } = readRequestName(name)
    return { ...nothing, ...rest, name: label }
  }
  if (kind === 'statement') {
    const { label, role } = readStatementName(name)
    return { ...nothing, name: label, role }
  }
  return { ...nothing, name }
}

function timingOf({ durations, firstAtMs, lastAtMs, ...amounts }: Series) {
  const { count, sumMs, maxMs } = durations
  return {
    ...amounts,
    count,
    totalMs: sumMs,
    meanMs: sumMs / count,
    ...percentilesOf(durations),
    maxMs,
    firstAt: moment(firstAtMs),
    lastAt: moment(lastAtMs),
  }
}

function timingOrNull(series: Series) {
  return series.durations.count === 0 ? null : timingOf(series)
}

function sumOf({ series, rest }: TimesRead): Series {
  return sumSeries([...series.values(), rest])
}

function plan({ shape, plan: json, sampledAtMs }: SampledPlan) {
  return { shape, json, sampledAt: moment(sampledAtMs) }
}

function moment(ms: number): string {
  return new Date(ms).toISOString()
}
