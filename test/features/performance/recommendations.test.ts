import { expect, test } from '@jest/globals'
import type { IndexRow, TableRow } from '../../../src/features/performance/performance.repository.js'
import { recommend } from '../../../src/features/performance/recommendations.js'

const NOW = new Date('2026-11-29T12:00:00.000Z')
const MB = 1024 * 1024

const INDEX: IndexRow = {
  name: 'idx_contacts_x',
  table: 'contacts',
  bytes: 5 * MB,
  writeShare: 0.25,
  scans: 7,
  isUnique: false,
  isValid: true,
  coveredBy: null,
  statisticsSince: '2026-11-15T12:00:00.000Z',
  definition: 'CREATE INDEX …',
}
const TABLE: TableRow = {
  name: 'contacts',
  bytes: 200 * MB,
  indexBytes: 20 * MB,
  rows: 1_000_000,
  deadRows: 0,
  changedSinceAnalyze: 0,
  vacuumedAt: null,
  analyzedAt: null,
  sequentialScans: 0,
  sequentialRows: 0,
  indexScans: 0,
  writes: 0,
  cacheHitRatio: 0.99,
  statisticsSince: null,
}

const kinds = (tables: Partial<TableRow>[], indexes: Partial<IndexRow>[]): string[] =>
  recommend(
    tables.map((changes) => ({ ...TABLE, ...changes })),
    indexes.map((changes) => ({ ...INDEX, ...changes })),
    NOW,
  ).map(({ kind }) => kind)

test('what is in order gives no reason', () => {
  expect(kinds([{}], [{}])).toEqual([])
})

test.each<[string, Partial<IndexRow>, string[]]>([
  ['that nobody read for 14 days', { scans: 0 }, ['UNUSED_INDEX']],
  ['that nobody read for less', { scans: 0, statisticsSince: '2026-11-15T12:00:00.001Z' }, []],
  ['of which nobody knows since when it is unread', { scans: 0, statisticsSince: null }, []],
  ['that is unread and makes rows unique', { scans: 0, isUnique: true }, []],
  ['that another one covers', { coveredBy: 'idx_contacts_y' }, ['DUPLICATE_INDEX']],
  ['whose making was broken off', { isValid: false, scans: 0 }, ['INVALID_INDEX']],
])('an index %s', (_, changes, expected) => {
  expect(kinds([], [changes])).toEqual(expected)
})

test.each<[string, Partial<TableRow>, string[]]>([
  ['a fifth of dead rows', { deadRows: 200_000 }, []],
  ['more than a fifth of dead rows', { deadRows: 200_001 }, ['DEAD_ROWS']],
  ['few dead rows, though many for its size', { rows: 100, deadRows: 10_000 }, []],
  ['statistics of a part of its rows', { changedSinceAnalyze: 200_001 }, ['STALE_STATISTICS']],
  ['been read as a whole often', { sequentialScans: 101, sequentialRows: 101_000_000 }, ['SEQUENTIAL_SCANS']],
  ['been read in small parts often', { sequentialScans: 101, sequentialRows: 10_000 }, []],
  ['blocks that are not in memory', { cacheHitRatio: 0.5 }, ['CACHE_MISSES']],
  ['none of its blocks asked for', { cacheHitRatio: null }, []],
])('a table that has %s', (_, changes, expected) => {
  expect(kinds([changes], [])).toEqual(expected)
})

test('a recommendation says why, what mends it, and what that saves', () => {
  expect(recommend([], [{ ...INDEX, name: 'Idx "x"', scans: 0 }], NOW)).toEqual([
    {
      kind: 'UNUSED_INDEX',
      about: 'Idx "x"',
      evidence: '0 scans since 2026-11-15T12:00:00.000Z.',
      ddl: 'DROP INDEX CONCURRENTLY "Idx ""x""";',
      cost: 'Saves 5.0 MB, 25.0 % of what the indexes of contacts cost each write.',
      verified: null,
      unverified: 'hypopg is not in this database.',
    },
  ])
})

test.each<[string, Partial<TableRow>[], Partial<IndexRow>[], string]>([
  ['an index that goes', [], [{ scans: 0 }], 'An index that goes is judged by its use: hypopg knows no requests.'],
  ['what is no index', [{ deadRows: 200_001 }], [], 'It is no index that could be tried out.'],
])('%s is not tried out by hypopg either, and says why', (_, tables, indexes, unverified) => {
  const found = recommend(
    tables.map((changes) => ({ ...TABLE, ...changes })),
    indexes.map((changes) => ({ ...INDEX, ...changes })),
    NOW,
    true,
  )
  expect(found.map((one) => [one.verified, one.unverified])).toEqual([[null, unverified]])
})
