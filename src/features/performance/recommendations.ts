import type { IndexRow, TableRow } from './performance.repository.js'
import { isUnused } from './index-use.js'
import { LARGE_TABLE_ROWS } from './missing-index.js'

export type RecommendationKind =
  | 'MISSING_INDEX'
  | 'INVALID_INDEX'
  | 'DUPLICATE_INDEX'
  | 'UNUSED_INDEX'
  | 'DEAD_ROWS'
  | 'STALE_STATISTICS'
  | 'SEQUENTIAL_SCANS'
  | 'CACHE_MISSES'

/** Something to look at, with what speaks for it. */
export interface Recommendation {
  readonly kind: RecommendationKind
  readonly about: string
  readonly evidence: string
  readonly ddl: string | null
  readonly cost: string
  /** whether it was tried out and holds; null where it could not be */
  readonly verified: boolean | null
  /** why it could not be tried out */
  readonly unverified: string | null
}

const MIN_DEAD_ROWS = 10_000
const MAX_DEAD_PART = 0.2
const MIN_CHANGED_ROWS = 10_000
const MAX_CHANGED_PART = 0.2
const MANY_SCANS = 100
const MIN_HIT_RATIO = 0.9
const LARGE_TABLE_BYTES = 64 * 1024 * 1024

/** What tables and indexes give reason for, those that save most bytes first within each kind. */
export function recommend(
  tables: readonly TableRow[],
  indexes: readonly IndexRow[],
  now: Date,
  hasHypopg = false,
): Recommendation[] {
  const found = [...indexes.flatMap((index) => ofIndex(index, now)), ...tables.flatMap(ofTable)]
  return found.map((one) => ({ ...one, verified: null, unverified: whyUnverified(one.kind, hasHypopg) }))
}

/** A recommendation before it is known whether it can be tried out. */
type Found = Omit<Recommendation, 'verified' | 'unverified'>

// hypopg tries out indexes that don't exist yet. None of these makes one.
function whyUnverified(kind: RecommendationKind, hasHypopg: boolean): string {
  if (kind !== 'DUPLICATE_INDEX' && kind !== 'UNUSED_INDEX') return 'It is no index that could be tried out.'
  if (!hasHypopg) return 'hypopg is not in this database.'
  return 'An index that goes is judged by its use: hypopg knows no requests.'
}

function ofIndex(index: IndexRow, now: Date): Found[] {
  const { name, table, bytes, scans, coveredBy, writeShare, statisticsSince } = index
  const saved = `${formatBytes(bytes)}, ${formatPart(writeShare)} of what the indexes of ${table} cost each write`
  const drop = `DROP INDEX CONCURRENTLY ${quoted(name)};`
  const about = { about: name }
  if (!index.isValid) {
    const ddl = `REINDEX INDEX CONCURRENTLY ${quoted(name)};`
    const evidence = 'Making it was broken off: writes keep it up, and no statement reads it.'
    return [{ ...about, kind: 'INVALID_INDEX', evidence, ddl, cost: `Saves nothing; costs ${saved}.` }]
  }
  if (coveredBy !== null) {
    const evidence = `${coveredBy} begins with the same columns, over the same rows.`
    return [{ ...about, kind: 'DUPLICATE_INDEX', evidence, ddl: drop, cost: `Saves ${saved}.` }]
  }
  if (isUnused(index, now) === true) {
    const evidence = `${scans} scans since ${statisticsSince ?? ''}.`
    return [{ ...about, kind: 'UNUSED_INDEX', evidence, ddl: drop, cost: `Saves ${saved}.` }]
  }
  return []
}

function ofTable(table: TableRow): Found[] {
  const { name, rows, deadRows, changedSinceAnalyze, sequentialScans, sequentialRows, cacheHitRatio, bytes } = table
  const about = { about: name }
  const found: Found[] = []
  if (deadRows > MIN_DEAD_ROWS && deadRows > MAX_DEAD_PART * rows) {
    const evidence = `${formatCount(deadRows)} dead rows beside ${formatCount(rows)} live ones; vacuumed ${table.vacuumedAt ?? 'never'}.`
    const cost = 'Reads the table and its indexes once; writes go on.'
    found.push({ ...about, kind: 'DEAD_ROWS', evidence, ddl: `VACUUM (ANALYZE) ${quoted(name)};`, cost })
  }
  if (changedSinceAnalyze > MIN_CHANGED_ROWS && changedSinceAnalyze > MAX_CHANGED_PART * rows) {
    const evidence = `${formatCount(changedSinceAnalyze)} rows were written since the statistics were made (${table.analyzedAt ?? 'never'}); there are ${formatCount(rows)}.`
    const cost = 'Reads a sample of the table; writes go on.'
    found.push({ ...about, kind: 'STALE_STATISTICS', evidence, ddl: `ANALYZE ${quoted(name)};`, cost })
  }
  if (rows > LARGE_TABLE_ROWS && sequentialScans > MANY_SCANS && sequentialRows / sequentialScans > rows / 2) {
    const evidence = `All of its ${formatCount(rows)} rows were read ${formatCount(sequentialScans)} times: look which statement does it (statements, slowQueries).`
    found.push({ ...about, kind: 'SEQUENTIAL_SCANS', evidence, ddl: null, cost: 'An index would cost each write.' })
  }
  if (cacheHitRatio !== null && cacheHitRatio < MIN_HIT_RATIO && bytes > LARGE_TABLE_BYTES) {
    const evidence = `${formatPart(1 - cacheHitRatio)} of its blocks were not in memory when they were asked for.`
    const cost = `More memory: shared_buffers; the table has ${formatBytes(bytes)}.`
    found.push({ ...about, kind: 'CACHE_MISSES', evidence, ddl: null, cost })
  }
  return found
}

/** A name as DDL takes it. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function formatBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

function formatPart(part: number): string {
  return `${(100 * part).toFixed(1)} %`
}

function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}
