import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { createDatabase, type Database } from '../../../src/database/database.js'
import type { AlertOptions } from '../../../src/features/alert/alerting.js'
import { DEFAULT_THRESHOLDS, type AlertRuleName, type AlertThresholds } from '../../../src/metrics/alert-rules.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { testDatabaseOptions } from '../../support/api.js'
import { about, forgetAlerts, openProcess, OPTIONS } from './support/process.js'

let clone: ClonedDatabase
let admin: pg.Client
let database: Database

// What the server counts of this connection's work is seen by others as soon as it is done.
const counted = async (text: string): Promise<void> => {
  for (const each of [text, 'select pg_stat_force_next_flush()']) await admin.query(each)
}

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

beforeEach(() => forgetAlerts(clone.adminUrl))

/** A process that watches one rule, by the threshold that it has unless settings say another. */
function openWatcher(rule: AlertRuleName, more: Partial<AlertOptions> = {}, clock?: { nowMs: number }) {
  const off = Object.fromEntries(Object.keys(DEFAULT_THRESHOLDS).map((name) => [name, null]))
  const thresholds = { ...off, [rule]: DEFAULT_THRESHOLDS[rule] } as AlertThresholds
  const process = openProcess(database, clock, { ...OPTIONS, thresholds, ...more })
  const states = async () =>
    (await process.alerts(['PENDING', 'FIRING', 'RESOLVED'])).map(({ labels, state, summary }) => [
      labels,
      state,
      summary,
    ])
  return { ...process, states }
}

test('DISK fires where the database has grown to more than nine tenths of what it may take', async () => {
  const { rows } = await admin.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes')
  const bytes = Number(rows[0]?.bytes)
  const roomy = openWatcher('DISK', { diskBytes: 2 * bytes })
  await roomy.run(7)
  expect(await roomy.states()).toEqual([])
  const full = openWatcher('DISK', { diskBytes: Math.round(bytes / 0.95) }, roomy.clock)
  await full.run(5)
  const summary = expect.stringMatching(/^9[5-9](\.\d)? % of the disk is used\.$/)
  expect([await full.states(), full.told]).toEqual([[[[], 'PENDING', summary]], []])
  // It is told half a minute after it fires.
  await full.run(2)
  expect([await full.states(), about(full.told)]).toEqual([[[[], 'FIRING', summary]], ['DISK firing 1']])
  const larger = openWatcher('DISK', { diskBytes: 2 * bytes }, full.clock)
  await larger.run(7)
  expect([(await larger.states()).map(([, state]) => state), about(larger.told)]).toEqual([
    ['RESOLVED'],
    ['DISK resolved 1'],
  ])
})

test('DEAD_ROWS fires for the table whose deleted rows no vacuum has freed, until one has', async () => {
  await admin.query('create table public.left_over (n int) with (autovacuum_enabled = false)')
  try {
    await admin.query('insert into left_over select generate_series(1, 30000)')
    await counted('delete from left_over where n <= 9999')
    const process = openWatcher('DEAD_ROWS')
    await process.run(1)
    // A third of the rows; but fewer than 10,000 are soon freed.
    expect(await process.states()).toEqual([])
    await counted('delete from left_over where n <= 12000')
    await process.run(30)
    const labels = [{ name: 'table', value: 'left_over' }]
    const summary = '40 % of the rows of left_over are dead (12000).'
    expect([await process.states(), process.told]).toEqual([[[labels, 'PENDING', summary]], []])
    await process.run(2)
    expect([await process.states(), about(process.told)]).toEqual([
      [[labels, 'FIRING', summary]],
      ['DEAD_ROWS firing 1'],
    ])
    await counted('vacuum left_over')
    await process.run(7)
    expect((await process.states()).map(([, state]) => state)).toEqual(['RESOLVED'])
    expect(about(process.told)).toEqual(['DEAD_ROWS firing 1', 'DEAD_ROWS resolved 1'])
  } finally {
    await admin.query('drop table left_over')
  }
})

test('CACHE_HIT_RATIO fires while most blocks that are asked for come from the disk', async () => {
  // Four rows a block, and more blocks than a scan may keep in memory: a quarter of it.
  await admin.query(`create unlogged table large as select repeat('x', 1900) as text
    from generate_series(1, 4 * (pg_size_bytes(current_setting('shared_buffers')) / 8192 / 4 + 500))`)
  try {
    const process = openWatcher('CACHE_HIT_RATIO')
    const scan = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        await counted('select count(*) from large')
        await process.run(1)
      }
    }
    await process.run(3)
    // Too few were asked for.
    expect(await process.states()).toEqual([])
    await scan(3)
    const summary = expect.stringMatching(/^\d\d?(\.\d)? % of blocks were in memory\.$/)
    expect([await process.states(), process.told]).toEqual([[[[], 'PENDING', summary]], []])
    await scan(15)
    expect([await process.states(), about(process.told)]).toEqual([
      [[[], 'FIRING', summary]],
      ['CACHE_HIT_RATIO firing 1'],
    ])
    await process.run(17)
    expect((await process.states()).map(([, state]) => state)).toEqual(['RESOLVED'])
    expect(about(process.told)).toEqual(['CACHE_HIT_RATIO firing 1', 'CACHE_HIT_RATIO resolved 1'])
  } finally {
    await admin.query('drop table large')
  }
})
