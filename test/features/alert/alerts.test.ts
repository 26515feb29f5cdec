import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createDatabase, type Database } from '../../../src/database/database.js'
import { acknowledgeAlert, listRules, readMarks, silenceAlert } from '../../../src/features/alert/alert.service.js'
import { SIGNALS } from '../../../src/metrics/times.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { testDatabaseOptions } from '../../support/api.js'
import { about, forgetAlerts, MINUTE_MS, openProcess as openOver, OPERATOR, START_MS } from './support/process.js'

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

beforeEach(() => forgetAlerts(clone.adminUrl))

const openProcess = (...rest: [clock?: { nowMs: number }]) => openOver(database, ...rest)

describe('alerts', () => {
  test('follow the figures of all processes, from pending to resolved, and say so once', async () => {
    const clock = { nowMs: START_MS }
    const [one, two] = [openProcess(clock), openProcess(clock)]
    const both = async (minutes: number, durationMs: number): Promise<void> => {
      for (let minute = 0; minute < minutes; minute++) {
        one.requests(10)()
        two.requests(durationMs)()
        clock.nowMs += MINUTE_MS
        for (const { writer } of [one, two]) await writer.write()
        await Promise.all([one.watch.tick(), two.watch.tick()])
      }
    }
    await both(1, 10)
    expect(await one.alerts()).toEqual([])
    await both(1, 150)
    const [pending] = await one.alerts()
    expect(pending).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      rule: 'REQUEST_P95',
      labels: [],
      summary: expect.stringMatching(/^95 of 100 requests took up to 1[45]\d(\.\d)? ms\.$/),
      severity: 'CRITICAL',
      state: 'PENDING',
      value: expect.any(Number),
      threshold: 100,
      unit: 'ms',
      pendingSince: '2026-09-01T10:02:00.000Z',
      firingSince: null,
      resolvedAt: null,
      silencedUntil: null,
      silencedBy: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      inhibitedBy: null,
    })
    await both(4, 150)
    expect([(await one.alerts())[0]?.state, one.told, two.told]).toEqual(['PENDING', [], []])
    await both(2, 150)
    expect((await two.alerts())[0]).toMatchObject({
      id: pending?.id,
      state: 'FIRING',
      firingSince: '2026-09-01T10:07:00.000Z',
    })
    expect(about([...one.told, ...two.told])).toEqual(['REQUEST_P95 firing 1'])
    await both(12, 10)
    expect(await one.alerts(['FIRING', 'PENDING', 'NO_DATA'])).toEqual([])
    expect((await one.alerts(['RESOLVED'])).map(({ id, resolvedAt }) => [id, resolvedAt])).toEqual([
      [pending?.id, expect.stringMatching(/^2026-09-01T10:1\d:00/)],
    ])
    // Either process may have told either.
    expect(about([...one.told, ...two.told]).sort()).toEqual(['REQUEST_P95 firing 1', 'REQUEST_P95 resolved 1'])
    expect([one.faults, two.faults]).toEqual([[], []])
  })

  test('outlive a process: its follower goes on where it stopped', async () => {
    const before = openProcess()
    await before.run(8, before.requests(150))
    expect(about(before.told)).toEqual(['REQUEST_P95 firing 1'])
    const after = openProcess(before.clock)
    await after.run(6, after.requests(150))
    expect(after.told).toEqual([])
    const [alert, ...others] = await after.alerts()
    expect([alert?.state, alert?.firingSince, others]).toEqual(['FIRING', '2026-09-01T10:06:00.000Z', []])
    await after.run(15, after.requests(1))
    expect(about(after.told)).toEqual(['REQUEST_P95 resolved 1'])
  })

  test('of the same rule are one message; each statement has its own alert', async () => {
    const process = openProcess()
    await process.run(1, () => {
      for (const name of ['a kith_app', 'a kith_app', 'b kith_keys']) {
        process.times.record('signal', `${SIGNALS.flip}${name}`, null, { durationMs: 0, failed: false })
      }
    })
    await process.run(1)
    expect((await process.alerts()).map(({ labels, value, state }) => [labels, value, state])).toEqual([
      [[{ name: 'statement', value: 'a kith_app' }], 2, 'FIRING'],
      [[{ name: 'statement', value: 'b kith_keys' }], 1, 'FIRING'],
    ])
    expect(process.told.map(({ alerts }) => alerts.map(({ annotations }) => annotations.summary))).toEqual([
      ['The plan of a kith_app has changed 2 times.', 'The plan of b kith_keys has changed once.'],
    ])
  })

  test('count what the signals of all minutes count, and only with requests enough', async () => {
    const process = openProcess()
    const signal = (name: string, count: number): void => {
      for (let index = 0; index < count; index++)
        process.times.record('signal', name, null, { durationMs: 1, failed: false })
    }
    await process.run(7, () => {
      process.requests(1, 3)()
      signal(SIGNALS.slow, 11)
      signal(SIGNALS.exhausted, 61)
      signal(SIGNALS.fault, 3)
    })
    const quiet = (await process.alerts()).map(({ rule, state, value }) => [rule, state, value])
    expect(quiet).toEqual([
      ['POOL_WAITING', 'FIRING', 61],
      ['SLOW_STATEMENTS', 'FIRING', 11],
    ])
    await process.run(7, () => {
      process.requests(1, 57)()
      signal(SIGNALS.fault, 3)
    })
    expect((await process.alerts())[0]).toMatchObject({
      rule: 'ERROR_RATE',
      state: 'FIRING',
      severity: 'CRITICAL',
      value: expect.closeTo(3 / 57, 2),
    })
  })

  test('say that nobody knows where no process keeps its minutes', async () => {
    const process = openProcess()
    await process.run(8, process.requests(150))
    for (let minute = 0; minute < 12; minute++) {
      process.clock.nowMs += MINUTE_MS
      await process.watch.tick()
    }
    const found = await process.alerts()
    expect(found.map(({ rule, state }) => `${rule} ${state}`).toSorted()).toEqual(
      ['ERROR_RATE', 'PLAN_FLIP', 'POOL_WAITING', 'REQUEST_P95', 'SLOW_STATEMENTS'].map((rule) => `${rule} NO_DATA`),
    )
    expect(found.find(({ rule }) => rule === 'REQUEST_P95')).toMatchObject({
      summary: 'No process has kept its minutes in the history.',
      value: null,
      firingSince: '2026-09-01T10:06:00.000Z',
    })
    expect(about(process.told)).toEqual(['REQUEST_P95 firing 1'])
  })

  test('go on without a history that cannot be read', async () => {
    const process = openProcess()
    await process.run(2, process.requests(150))
    await admin.query('alter table kith_history.minutes rename to hidden')
    try {
      process.clock.nowMs += MINUTE_MS
      await process.watch.tick()
      expect((await process.alerts()).find(({ rule }) => rule === 'REQUEST_P95')).toMatchObject({
        state: 'NO_DATA',
        summary: 'The history could not be read: relation "kith_history.minutes" does not exist',
      })
    } finally {
      await admin.query('alter table kith_history.hidden rename to minutes')
    }
  })
})

describe('an alert that somebody', () => {
  test('silences is told to nobody until then; who evaluated meanwhile does not undo it', async () => {
    const process = openProcess()
    await process.run(6, process.requests(150))
    const [alert] = await process.alerts()
    const silenced = await silenceAlert(process.services, { id: alert!.id, minutes: 30, by: ' Ada ' }, process.now())
    expect(silenced).toEqual({
      alert: { ...alert, silencedUntil: '2026-09-01T10:36:00.000Z', silencedBy: 'Ada' },
      userErrors: [],
    })
    await process.run(29, process.requests(150))
    expect(process.told).toEqual([])
    await process.run(2, process.requests(150))
    expect(about(process.told)).toEqual(['REQUEST_P95 firing 1'])
    const ended = await silenceAlert(process.services, { id: alert!.id, minutes: 0, by: 'Bob' }, process.now())
    expect(ended.alert).toMatchObject({ silencedUntil: null, silencedBy: null })
  })

  test('looks after is not told again; the first one who says so stays', async () => {
    const process = openProcess()
    await process.run(7, process.requests(150))
    const [alert] = await process.alerts()
    const { id } = alert!
    const taken = await acknowledgeAlert(process.services, { id, by: 'Ada' }, process.now())
    expect(taken.alert).toMatchObject({ acknowledgedAt: '2026-09-01T10:07:00.000Z', acknowledgedBy: 'Ada' })
    const second = await acknowledgeAlert(process.services, { id, by: 'Bob' }, process.now())
    expect(second.alert).toMatchObject({ acknowledgedBy: 'Ada' })
    process.clock.nowMs += 5 * 60 * MINUTE_MS
    const later = openProcess(process.clock)
    await later.run(2, later.requests(150))
    expect([about(process.told), later.told]).toEqual([['REQUEST_P95 firing 1'], []])
  })

  test.each<[string, object, string, string]>([
    ['no such alert', { id: '01900000-0000-7000-8000-000000000000' }, 'id', 'There is no such open alert.'],
    ['what is no id', { id: 'x' }, 'id', 'There is no such open alert.'],
    ['an empty name', { by: '  ' }, 'by', 'The name is empty.'],
    ['a long name', { by: 'x'.repeat(101) }, 'by', 'The name has 101 characters; at most 100 are allowed.'],
    ['a name with NUL', { by: 'Ada\0' }, 'by', 'The name holds the control character U+0000 at position 4.'],
    [
      'half a character',
      { by: 'A\ud800' },
      'by',
      'The name holds half of a surrogate pair (U+D800), which is no character, at position 2.',
    ],
    [
      'a name of two lines',
      { by: 'Ada\nBob' },
      'by',
      'The name holds a line break (U+000A), which a single line may not have, at position 4.',
    ],
    ['less than no time', { minutes: -1 }, 'minutes', 'A silence lasts from 0 to 43,200 minutes.'],
    ['more than 30 days', { minutes: 43_201 }, 'minutes', 'A silence lasts from 0 to 43,200 minutes.'],
  ])('names with %s stays as it is', async (_, changes, field, message) => {
    const process = openProcess()
    await process.run(6, process.requests(150))
    const before = await process.alerts()
    const input = { id: before[0]!.id, minutes: 5, by: 'Ada', ...changes }
    const code = field === 'id' ? 'NOT_FOUND' : 'BAD_USER_INPUT'
    const refusal = { alert: null, userErrors: [{ code, message, field: [field] }] }
    expect(await silenceAlert(process.services, input, process.now())).toEqual(refusal)
    if (field !== 'minutes') {
      expect(await acknowledgeAlert(process.services, input, process.now())).toEqual(refusal)
    }
    expect(await process.alerts()).toEqual(before)
  })
})

test('a rule that cannot be watched says why, and one that is off has no threshold', () => {
  const { services } = openProcess()
  expect(listRules(services, OPERATOR).map(({ name, threshold, missing }) => [name, threshold, missing])).toEqual([
    ['DATABASE_DOWN', 30, null],
    ['REQUEST_P95', 100, null],
    ['ERROR_RATE', 0.05, null],
    ['SLOW_STATEMENTS', 10, null],
    ['POOL_WAITING', 60, null],
    ['CACHE_HIT_RATIO', null, 'A setting has switched it off.'],
    ['PLAN_FLIP', 0, null],
    ['DISK', null, 'A setting has switched it off.'],
    ['DEAD_ROWS', 0.2, null],
  ])
})

test('marks are starts, migrations and alerts, by their time', async () => {
  const process = openProcess()
  await process.run(8, process.requests(150))
  await process.run(12, process.requests(1))
  const marks = await readMarks(process.services, OPERATOR, 1, process.now())
  expect(marks).toEqual([
    {
      at: '2026-09-01T10:00:00.000Z',
      kind: 'START',
      text: expect.stringMatching(/^process [0-9a-f]{8}, version 1\.2\.3$/),
    },
    {
      at: '2026-09-01T10:06:00.000Z',
      kind: 'ALERT_FIRING',
      text: expect.stringMatching(/^REQUEST_P95: 95 of 100 requests took up to/),
    },
    { at: expect.stringMatching(/^2026-09-01T10:1\d/), kind: 'ALERT_RESOLVED', text: 'REQUEST_P95' },
    ...marks.slice(3),
  ])
  const { rows } = await admin.query('select migration_name as text from _prisma_migrations order by finished_at')
  const all = await readMarks(process.services, OPERATOR, 9600, new Date())
  expect(
    all
      .filter(({ kind }) => kind === 'MIGRATION')
      .map(({ text }) => text)
      .toSorted(),
  ).toEqual(rows.map(({ text }) => text).toSorted())
})
