import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createDatabase, type Database } from '../../../src/database/database.js'
import { createHistoryWriter } from '../../../src/features/performance/history-writer.js'
import { forecastHistory, readHistory, readHistoryNames } from '../../../src/features/performance/history.service.js'
import { LATENCY_BOUNDS_MS } from '../../../src/metrics/latency-spans.js'
import { createTimes } from '../../../src/metrics/times.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { testDatabaseOptions } from '../../support/api.js'

const START_MS = Date.UTC(2026, 8, 1, 10, 0, 0)
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const OPERATOR = { tenantId: undefined, minutes: undefined }

let clone: ClonedDatabase
let admin: pg.Client
let database: Database

beforeAll(async () => {
  clone = await cloneDatabase()
  admin = new pg.Client({ connectionString: clone.adminUrl })
  await admin.connect()
  database = createDatabase(testDatabaseOptions(clone.databaseUrl))
})

afterAll(async () => {
  await admin.end()
  await database.close()
  await clone.drop()
})

beforeEach(async () => {
  const partitions = await admin.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent::regclass::text like 'kith_history.%' and inhrelid::regclass::text not like '%key'
      and inhrelid in (select oid from pg_class where relkind = 'r')`,
  )
  for (const { name } of partitions.rows) await admin.query(`drop table ${name}`)
})

/** A process of its own, by a clock that the test sets. */
function openProcess(over: Database = database) {
  const clock = { nowMs: START_MS }
  const lines: string[] = []
  const times = createTimes(() => clock.nowMs)
  const log = { warn: (_: object, message: string) => void lines.push(message), info: () => undefined }
  const writer = createHistoryWriter({ database: over, times, log, intervalSeconds: 0, nowMs: () => clock.nowMs })
  const record = (name: string, durationMs: number, failed = false): void =>
    times.record('statement', `${name}\u0000kith_app`, null, { durationMs, failed, rows: 2 })
  return { clock, times, writer, record, lines }
}

const question = (name = 'a kith_app') => ({ kind: 'STATEMENTS', name }) as const
const at = (ms: number): Date => new Date(ms)
const partitions = async (parent: string): Promise<string[]> =>
  (
    await admin.query<{ name: string }>(
      `select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = $1::regclass and c.relkind = 'r' order by 1`,
      [`kith_history.${parent}`],
    )
  ).rows.map(({ name }) => name)

describe('minutes', () => {
  test('of all processes come back as points, exactly; a minute that nobody kept is a gap', async () => {
    const [one, two] = [openProcess(), openProcess()]
    for (const { record } of [one, two]) {
      record('a', 10)
      record('b', 1)
    }
    two.record('a', 30, true)
    for (const { clock, writer } of [one, two]) {
      clock.nowMs += MINUTE_MS
      await writer.write()
    }
    // Both are away for a minute, then one is there without any traffic.
    one.times.record('request', 'x', null, { durationMs: 1, failed: false })
    one.clock.nowMs += 2 * MINUTE_MS
    const late = openProcess()
    late.clock.nowMs = START_MS + 3 * MINUTE_MS
    const points = await readHistory(database, OPERATOR, question(), 1, at(START_MS + 2 * MINUTE_MS))
    expect(points).toHaveLength(60)
    expect(points.slice(-3).map(({ isGap, count }) => [isGap, count])).toEqual([
      [true, null],
      [false, 3],
      [true, null],
    ])
    expect(points.at(-2)).toEqual({
      at: '2026-09-01T10:00:00.000Z',
      isGap: false,
      count: 3,
      failed: 1,
      rows: 6,
      totalMs: 50,
      p50Ms: expect.closeTo(10, 0),
      p95Ms: 30,
      p99Ms: 30,
      maxMs: 30,
      // Two from 8 to 12 ms, one from 24 to 32.
      latencyCounts: LATENCY_BOUNDS_MS.map((bound) => (bound === 12.288 ? 2 : bound === 32.768 ? 1 : 0)).concat(0),
    })
    await one.writer.write()
    const quiet = await readHistory(database, OPERATOR, question(), 1, at(START_MS + 2 * MINUTE_MS))
    expect(quiet.at(-1)).toMatchObject({ isGap: false, count: 0, p95Ms: null })
    const all = await readHistory(database, OPERATOR, question(''), 1, at(START_MS + 2 * MINUTE_MS))
    expect(all.at(-2)).toMatchObject({ count: 5, totalMs: 52 })
  })

  test('are kept once, however often they are sent', async () => {
    const { clock, writer, record } = openProcess()
    record('a', 10)
    clock.nowMs += MINUTE_MS
    await Promise.all([writer.write(), writer.write()])
    await writer.write()
    const { rows } = await admin.query(
      `select count(*)::int as n, sum(count)::int as count from kith_history.minutes where kind = 'statement' and name <> ''`,
    )
    expect(rows).toEqual([{ n: 1, count: 1 }])
  })

  test('that could not be kept are tried again, and work goes on', async () => {
    const process = openProcess()
    process.record('a', 10)
    process.clock.nowMs += MINUTE_MS
    await admin.query('alter table kith_history.minutes rename to away')
    await process.writer.write()
    process.record('a', 20)
    process.clock.nowMs += MINUTE_MS
    await process.writer.write()
    expect(process.lines).toEqual(['minutes of the history could not be kept; they are tried again'])
    await admin.query('alter table kith_history.away rename to minutes')
    await process.writer.write()
    const points = await readHistory(database, OPERATOR, question(), 1, at(process.clock.nowMs))
    expect(points.slice(-2).map(({ count, totalMs }) => [count, totalMs])).toEqual([
      [1, 10],
      [1, 20],
    ])
  })

  test('wait while another process writes', async () => {
    const process = openProcess()
    process.record('a', 10)
    process.clock.nowMs += MINUTE_MS
    await admin.query('begin')
    await admin.query('select pg_advisory_xact_lock(727410003)')
    await process.writer.write()
    expect((await admin.query('select count(*)::int as n from kith_history.minutes')).rows).toEqual([{ n: 0 }])
    await admin.query('rollback')
    await process.writer.write()
    expect(process.lines).toEqual([])
    expect((await admin.query('select count(*)::int as n from kith_history.minutes')).rows).toEqual([{ n: 3 }])
  })
})

describe('hours', () => {
  test('are made of minutes with the same figures, and stay when these are dropped; sizes are noted', async () => {
    const process = openProcess()
    for (let minute = 0; minute < 90; minute++) {
      process.record('a', 1 + (minute % 10))
      process.clock.nowMs += MINUTE_MS
      if (minute % 30 === 29) await process.writer.write()
    }
    const read = () => readHistory(database, OPERATOR, question(), 48, at(START_MS + 2 * HOUR_MS))
    const points = await read()
    expect(points).toHaveLength(48)
    // The first hour is made, the second still minutes.
    expect(
      (await admin.query(`select count(*)::int as n from kith_history.hours where kind = 'statement'`)).rows,
    ).toEqual([{ n: 2 }])
    expect(points.slice(-2).map(({ isGap, count, totalMs }) => [isGap, count, totalMs])).toEqual([
      [false, 60, 330],
      [false, 30, 165],
    ])
    expect(points.at(-2)?.p95Ms).toBeCloseTo(10, 0)
    expect(points.at(-3)?.isGap).toBe(true)
    process.clock.nowMs = START_MS + 16 * DAY_MS
    process.record('a', 1)
    process.clock.nowMs += MINUTE_MS
    await process.writer.write()
    expect(await partitions('minutes')).toEqual(['minutes_20260917'])
    expect(await partitions('hours')).toEqual(['hours_20260901'])
    expect(
      (await readHistory(database, OPERATOR, question(), 17 * 24, at(START_MS + 16 * DAY_MS)))
        .filter(({ isGap }) => !isGap)
        .map(({ count }) => count),
    ).toEqual([60, 30])
    const rows = await readHistory(
      database,
      OPERATOR,
      { kind: 'GAUGES', name: 'table.contacts.rows' },
      2,
      at(process.clock.nowMs),
    )
    expect(rows.at(-1)).toMatchObject({ isGap: false, totalMs: 0 })
    process.clock.nowMs = START_MS + 500 * DAY_MS
    await process.writer.write()
    await admin.query('select kith_history.tend($1)', [at(START_MS + 500 * DAY_MS)])
    expect((await partitions('hours')).includes('hours_20260901')).toBe(false)
  })

  test('say how a name goes on, once there are 14 days', async () => {
    await admin.query(
      `select kith_history.make_partition('hours', 'month', $1), kith_history.make_partition('hours', 'month', $2)`,
      [at(START_MS), at(START_MS + 31 * DAY_MS)],
    )
    await admin.query(
      `insert into kith_history.hours (at, kind, name, count, failed, total_ms, max_ms, rows, cells, counts)
       select $1::timestamptz + n * interval '1 day', 'gauge', 'table.contacts.rows', 1, 0, 1000 + 10 * n, 0, 0, '{}', '{}' from generate_series(0, 39) n`,
      [at(START_MS)],
    )
    const asked = { kind: 'GAUGES', name: 'table.contacts.rows', measure: 'VALUE', budget: 2000 } as const
    const after = (days: number): Date => at(START_MS + days * DAY_MS)
    expect(await forecastHistory(database, OPERATOR, asked, after(13))).toMatchObject({
      days: 13,
      missing: 'Not enough history: 13 of 14 days.',
      level: null,
      inDays: null,
    })
    expect(await forecastHistory(database, OPERATOR, asked, after(40))).toEqual({
      days: 40,
      missing: null,
      thisWeek: 1360,
      lastWeek: 1290,
      level: expect.closeTo(1390, 6),
      perDay: expect.closeTo(10, 6),
      isTrend: true,
      band: expect.closeTo(0, 6),
      errorPart: expect.closeTo(0, 6),
      budget: 2000,
      inDays: expect.closeTo(61, 6),
      earliestInDays: expect.closeTo(61, 6),
      latestInDays: expect.closeTo(61, 6),
    })
  })

  test('say how many were at work at once in the busiest hour of each day', async () => {
    await admin.query(
      `select kith_history.make_partition('hours', 'month', $1), kith_history.make_partition('hours', 'month', $2)`,
      [at(START_MS), at(START_MS + 31 * DAY_MS)],
    )
    // Of each day two hours: one with a connection, and one with two and half a connection more each day.
    await admin.query(
      `insert into kith_history.hours (at, kind, name, count, failed, total_ms, max_ms, rows, cells, counts)
       select $1::timestamptz + n * interval '1 day' + hour * interval '1 hour', 'transaction', '', 1, 0,
         case hour when 1 then 3600000 * (2 + 0.5 * n) else 3600000 end, 0, 0, '{}', '{}'
       from generate_series(0, 19) n, generate_series(0, 2) hour`,
      [at(START_MS)],
    )
    const asked = { kind: 'TRANSACTIONS', name: '', measure: 'BUSIEST_HOUR', budget: 97 } as const
    expect(await forecastHistory(database, OPERATOR, asked, at(START_MS + 20 * DAY_MS))).toEqual({
      days: 20,
      missing: null,
      thisWeek: 10,
      lastWeek: 6.5,
      level: expect.closeTo(11.5, 6),
      perDay: expect.closeTo(0.5, 6),
      isTrend: true,
      band: expect.closeTo(0, 6),
      errorPart: expect.closeTo(0, 6),
      budget: 97,
      inDays: expect.closeTo(171, 6),
      earliestInDays: expect.closeTo(171, 6),
      latestInDays: expect.closeTo(171, 6),
    })
  })
})

test('names are those with most time, without the sum of all', async () => {
  const process = openProcess()
  for (const [name, ms] of [
    ['a', 5],
    ['b', 50],
    ['c', 1],
  ] as const)
    process.record(name, ms)
  const names = (first: number) => readHistoryNames(database, OPERATOR, 'STATEMENTS', first, at(process.clock.nowMs))
  process.clock.nowMs += MINUTE_MS
  await process.writer.write()
  // The hour isn't made yet: of a server that has just started its minutes are all there is.
  expect(await names(10)).toEqual(['b kith_app', 'a kith_app', 'c kith_app'])
  process.clock.nowMs += 2 * HOUR_MS
  await process.writer.write()
  const made = await admin.query(`select name from kith_history.hours where kind = 'statement' and name <> ''`)
  expect(made.rowCount).toBe(3)
  expect(await names(10)).toEqual(['b kith_app', 'a kith_app', 'c kith_app'])
  expect(await names(2)).toEqual(['b kith_app', 'a kith_app'])
  // Hours and minutes add up, 48 ms and 1 for c; what was made of minutes isn't counted twice.
  process.record('c', 48)
  process.record('d', 60)
  process.clock.nowMs += MINUTE_MS
  await process.writer.write()
  expect(await names(10)).toEqual(['d kith_app', 'b kith_app', 'c kith_app', 'a kith_app'])
})
