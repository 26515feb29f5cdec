import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createDatabase, type Database } from '../../../src/database/database.js'
import { createHistoryWriter } from '../../../src/features/performance/history-writer.js'
import { forecastHistory, readHistory, readHistoryNames } from '../../../src/features/performance/history.service.js'
import { createTimes } from '../../../src/metrics/times.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { runAsAdmin } from '../../setup/test-run.js'
import { testDatabaseOptions } from '../../support/api.js'

const START_MS = Date.UTC(2026, 8, 1, 10, 0, 0)
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

let clone: ClonedDatabase
let database: Database

beforeAll(async () => {
  clone = await cloneDatabase()
  database = createDatabase(testDatabaseOptions(clone.databaseUrl))
})

afterAll(async () => {
  await database.close()
  await clone.drop()
})

/** A process by a clock that the test sets. */
function openProcess() {
  const clock = { nowMs: START_MS }
  const times = createTimes(() => clock.nowMs)
  const log = { warn: () => undefined, info: () => undefined }
  const writer = createHistoryWriter({ database, times, log, intervalSeconds: 0, nowMs: () => clock.nowMs })
  return { clock, times, writer }
}

const at = (ms: number): Date => new Date(ms)

test('a tenant sees its own part alone, with the same figures, and none of the whole', async () => {
  const [mine, theirs] = ['0190b0c0-0000-7000-8000-000000000001', '0190b0c0-0000-7000-8000-000000000002']
  const process = openProcess()
  for (const [tenantId, name] of [
    [mine, 'Mine'],
    [mine, 'Mine'],
    [theirs, 'TheirSecret'],
  ] as const) {
    process.times.record('request', name, tenantId, { durationMs: 10, failed: false, rows: 1 })
    process.times.record('statement', 'a\u0000kith_app', tenantId, { durationMs: 10, failed: true, rows: 2 })
    process.clock.nowMs += MINUTE_MS
    await process.writer.write()
  }
  const now = at(process.clock.nowMs)
  const view = { tenantId: mine, minutes: undefined }
  const read = (name: string, kind: 'REQUESTS' | 'STATEMENTS', hours = 1) =>
    readHistory(database, view, { kind, name }, hours, now)
  const counts = async (...asked: Parameters<typeof read>): Promise<unknown[]> =>
    (await read(...asked)).slice(-3).map(({ isGap, count, failed }) => [isGap, count, failed])
  expect(await counts('Mine', 'REQUESTS')).toEqual([
    [false, 1, 0],
    [false, 1, 0],
    [false, 0, 0],
  ])
  expect(await counts('a kith_app', 'STATEMENTS')).toEqual([
    [false, 1, 1],
    [false, 1, 1],
    [false, 0, 0],
  ])
  expect((await read('', 'REQUESTS')).reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(2)
  expect(await counts('TheirSecret', 'REQUESTS')).toEqual(Array(3).fill([false, 0, 0]))
  expect(await readHistoryNames(database, view, 'REQUESTS', 10, now)).toEqual(['Mine'])
  expect(await readHistoryNames(database, { ...view, tenantId: theirs }, 'REQUESTS', 10, now)).toEqual(['TheirSecret'])
  const hourly = await readHistory(database, view, { kind: 'REQUESTS', name: 'Mine' }, 48, at(START_MS + 2 * HOUR_MS))
  expect(hourly.find(({ at: from }) => from === '2026-09-01T10:00:00.000Z')).toMatchObject({
    count: 2,
    rows: 2,
    totalMs: 20,
    p95Ms: expect.closeTo(10, 0),
  })
  // Row-level security alone keeps another tenant's rows away, whatever a statement says.
  const all = { label: 'x', text: 'select tenant_id, name from kith_history.tenant_minutes', values: [] }
  const rows = await database.reader(mine).read<{ tenant_id: string; name: string }>(all)
  expect(new Set(rows.map(({ tenant_id: id }) => id))).toEqual(new Set([mine]))
  process.clock.nowMs += 15 * DAY_MS
  process.times.record('request', 'Late', mine, { durationMs: 1, failed: false })
  process.clock.nowMs += MINUTE_MS
  await process.writer.write()
  const { rows: partitions } = await runAsAdmin(
    clone.adminUrl,
    `select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'kith_history.tenant_minutes'::regclass and c.relkind = 'r'`,
  )
  expect(partitions).toEqual([{ name: 'tenant_minutes_20260916' }])
})

test('what is of the whole server a tenant does not see, and kith_app and kith_keys may neither read nor write it', async () => {
  const view = { tenantId: '0190b0c0-0000-7000-8000-000000000001', minutes: undefined }
  const refused = { code: 'FORBIDDEN' }
  for (const kind of ['GAUGES', 'SIGNALS', 'TRANSACTIONS', 'DATA_OPERATIONS'] as const) {
    await expect(readHistory(database, view, { kind, name: '' }, 1, at(START_MS))).rejects.toMatchObject(refused)
    await expect(readHistoryNames(database, view, kind, 1, at(START_MS))).rejects.toMatchObject(refused)
  }
  await expect(
    forecastHistory(database, view, { kind: 'REQUESTS', name: '', measure: 'COUNT' }, at(START_MS)),
  ).rejects.toMatchObject(refused)
  const tenantId = view.tenantId
  await database.systemChange({ label: 'x', text: `select kith_history.record($1, 'x', '[]')`, values: [at(START_MS)] })
  for (const text of [
    'select from kith_history.minutes',
    'select from kith_history.tenant_minutes_20260901',
    `select kith_history.record(now(), 'x', '[]')`,
    'select kith_history.tend(now())',
  ]) {
    await expect(database.reader(tenantId).read({ label: 'x', text, values: [] })).rejects.toMatchObject({
      code: '42501',
    })
  }
  for (const text of [`insert into kith_history.minutes values (now())`, 'delete from kith_history.hours']) {
    await expect(database.systemChange({ label: 'x', text, values: [] })).rejects.toMatchObject({ code: '42501' })
  }
})
