import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { planNews, type AlertGroup } from '../../src/metrics/alert-groups.js'
import { activeRules, DEFAULT_THRESHOLDS, type AlertRule } from '../../src/metrics/alert-rules.js'
import { fingerprintOf, stepAlerts, type Alert, type AlertReading } from '../../src/metrics/alert-state.js'
import { testSeed } from '../setup/test-run.js'

const MINUTE_MS = 60_000
const RULES = activeRules(DEFAULT_THRESHOLDS)
const ruleOf = (name: string): AlertRule => RULES.find((rule) => rule.name === name)!
const P95 = ruleOf('REQUEST_P95')
const DEAD_ROWS = ruleOf('DEAD_ROWS')
const DOWN = ruleOf('DATABASE_DOWN')
const figure = (value: number, labels = {}): AlertReading => [{ labels, value, summary: `It is ${value}.` }]
const MISSING: AlertReading = { missing: 'Nobody knows.' }

/** Alerts over time: each step says what the rules find, by their names, and when. */
function openClock(rules: readonly AlertRule[] = [P95]) {
  let [open, last, ids]: [readonly Alert[], Alert[], number] = [[], [], 0]
  return {
    step(minute: number, readings: Readonly<Record<string, AlertReading>>): readonly Alert[] {
      const asked = rules.map((rule) => ({ rule, reading: readings[rule.name] }))
      const { alerts } = stepAlerts({ open, last }, asked, minute * MINUTE_MS, () => `id ${++ids}`)
      open = alerts.filter(({ state }) => state !== 'RESOLVED')
      last = [...alerts.filter(({ state }) => state === 'RESOLVED'), ...last]
      return alerts
    },
    change: (change: Partial<Alert>) => void (open = open.map((alert) => ({ ...alert, ...change }))),
  }
}

const statesOf = (alerts: readonly Alert[]): string[] => alerts.map(({ rule, state }) => `${rule} ${state}`)

describe('an alert', () => {
  test('is pending for as long as its rule says, fires, is kept for a while, and is resolved', () => {
    const clock = openClock()
    expect(clock.step(0, { REQUEST_P95: figure(201) })).toEqual([
      {
        id: 'id 1',
        fingerprint: fingerprintOf('REQUEST_P95', {}),
        rule: 'REQUEST_P95',
        labels: {},
        severity: 'CRITICAL',
        state: 'PENDING',
        summary: 'It is 201.',
        value: 201,
        threshold: 200,
        unit: 'ms',
        pendingSinceMs: 0,
        firingSinceMs: null,
        exceededAtMs: 0,
        resolvedAtMs: null,
        silencedUntilMs: null,
        silencedBy: null,
        acknowledgedAtMs: null,
        acknowledgedBy: null,
        inhibitedBy: null,
      },
    ])
    expect(clock.step(4.9, { REQUEST_P95: figure(300) })[0]).toMatchObject({ state: 'PENDING', firingSinceMs: null })
    expect(clock.step(5, { REQUEST_P95: figure(300) })[0]).toMatchObject({ state: 'FIRING', firingSinceMs: 300_000 })
    expect(clock.step(6, { REQUEST_P95: figure(200) })[0]).toMatchObject({ state: 'FIRING', value: 200 })
    expect(clock.step(9.9, { REQUEST_P95: [] })[0]).toMatchObject({ state: 'FIRING', value: null })
    expect(clock.step(10, { REQUEST_P95: figure(100) })[0]).toMatchObject({
      id: 'id 1',
      state: 'RESOLVED',
      pendingSinceMs: 0,
      firingSinceMs: 300_000,
      resolvedAtMs: 600_000,
    })
    expect(clock.step(11, { REQUEST_P95: figure(500) })[0]).toMatchObject({ id: 'id 2', state: 'PENDING' })
  })

  test('that is in order before it fires is gone, and begins anew', () => {
    const clock = openClock()
    clock.step(0, { REQUEST_P95: figure(300) })
    expect(clock.step(4, { REQUEST_P95: figure(200) })).toEqual([])
    expect(clock.step(6, { REQUEST_P95: figure(300) })[0]).toMatchObject({ state: 'PENDING', pendingSinceMs: 360_000 })
  })

  test('without a figure is NO_DATA: what fired stays open, and is resolved by a figure alone', () => {
    const clock = openClock()
    expect(clock.step(0, { REQUEST_P95: MISSING })[0]).toMatchObject({ state: 'NO_DATA', summary: 'Nobody knows.' })
    expect(clock.step(1, { REQUEST_P95: figure(300) })[0]).toMatchObject({ state: 'PENDING', pendingSinceMs: 60_000 })
    clock.step(6, { REQUEST_P95: figure(300) })
    expect(clock.step(8, { REQUEST_P95: MISSING })[0]).toMatchObject({ state: 'FIRING', value: null })
    expect(clock.step(11, { REQUEST_P95: MISSING })[0]).toMatchObject({ state: 'NO_DATA', firingSinceMs: 360_000 })
    expect(clock.step(60, { REQUEST_P95: undefined })[0]).toMatchObject({ state: 'NO_DATA' })
    expect(clock.step(90, { REQUEST_P95: figure(300) })[0]).toMatchObject({ id: 'id 1', state: 'FIRING' })
    clock.step(100, { REQUEST_P95: MISSING })
    expect(clock.step(101, { REQUEST_P95: figure(1) })[0]).toMatchObject({ id: 'id 1', state: 'RESOLVED' })
    expect(clock.step(102, { REQUEST_P95: MISSING })[0]).toMatchObject({ id: 'id 2', state: 'NO_DATA' })
    expect(clock.step(103, { REQUEST_P95: figure(1) })).toEqual([])
  })

  test('is one for each label, whose order makes no difference', () => {
    const clock = openClock([DEAD_ROWS])
    const found = [...(figure(0.3, { table: 'a' }) as []), ...(figure(0.4, { table: 'b' }) as [])]
    expect(clock.step(0, { DEAD_ROWS: found }).map(({ labels }) => labels)).toEqual([{ table: 'a' }, { table: 'b' }])
    expect(clock.step(30, { DEAD_ROWS: figure(0.3, { table: 'b' }) })).toMatchObject([
      { state: 'FIRING', labels: { table: 'b' } },
    ])
    expect(fingerprintOf('DEAD_ROWS', { a: '1', b: '2' })).toBe(fingerprintOf('DEAD_ROWS', { b: '2', a: '1' }))
    expect(fingerprintOf('DEAD_ROWS', { a: '1' })).not.toBe(fingerprintOf('DISK', { a: '1' }))
  })

  test('of a rule that is switched off is over', () => {
    const clock = openClock()
    clock.step(0, { REQUEST_P95: figure(300) })
    const open = clock.step(5, { REQUEST_P95: figure(300) })
    const { alerts, dropped } = stepAlerts({ open, last: [] }, [], 360_000, () => '')
    expect([statesOf(alerts), dropped]).toEqual([['REQUEST_P95 RESOLVED'], []])
  })

  test('takes over the silence of the one before', () => {
    const clock = openClock()
    clock.step(0, { REQUEST_P95: figure(300) })
    clock.step(5, { REQUEST_P95: figure(300) })
    clock.change({ silencedUntilMs: 3_600_000, silencedBy: 'Ada' })
    clock.step(10, { REQUEST_P95: [] })
    expect(clock.step(20, { REQUEST_P95: figure(300) })[0]).toMatchObject({
      silencedUntilMs: 3_600_000,
      silencedBy: 'Ada',
    })
    clock.step(25, { REQUEST_P95: figure(300) })
    clock.step(30, { REQUEST_P95: [] })
    expect(clock.step(60, { REQUEST_P95: figure(300) })[0]).toMatchObject({ silencedUntilMs: null, silencedBy: null })
  })

  test('is explained by a database that is down, until that is over', () => {
    const clock = openClock([DOWN, P95])
    clock.step(0, { REQUEST_P95: figure(300), DATABASE_DOWN: figure(0) })
    const down = clock.step(5, { REQUEST_P95: figure(300), DATABASE_DOWN: figure(31) })
    expect(down.map(({ rule, inhibitedBy }) => [rule, inhibitedBy])).toEqual([
      ['DATABASE_DOWN', null],
      ['REQUEST_P95', 'DATABASE_DOWN'],
    ])
    const up = clock.step(6, { REQUEST_P95: figure(300), DATABASE_DOWN: figure(0) })
    expect(up.map(({ state, inhibitedBy }) => [state, inhibitedBy])).toEqual([
      ['RESOLVED', null],
      ['FIRING', null],
    ])
  })
})

describe('news of a group', () => {
  const alert = (changes: Partial<Alert> = {}): Alert => {
    const clock = openClock([DEAD_ROWS])
    const table = changes.labels?.['table'] ?? 'a'
    const [made] = clock.step(0, { DEAD_ROWS: figure(0.5, { table }) })
    return { ...made!, state: 'FIRING', firingSinceMs: 0, ...changes }
  }
  const [a, b] = [alert(), alert({ labels: { table: 'b' } })]
  const RESOLVED: Partial<Alert> = { state: 'RESOLVED', resolvedAtMs: 1 }
  const told = (groups: readonly AlertGroup[], alerts: readonly Alert[], minute: number) => {
    const planned = planNews(groups, alerts, minute * MINUTE_MS)
    return { groups: planned.groups, news: planned.news.map((one) => one.alerts) }
  }

  test('wait for others, then come once for all, again after an interval, and when it is over', () => {
    const first = told([], [a], 0)
    expect(first).toEqual({ groups: [{ name: 'DEAD_ROWS', changedAtMs: 0, toldAtMs: null, told: [] }], news: [] })
    const second = told(first.groups, [a, b], 0.5)
    expect(second.news).toEqual([[a, b]])
    expect(told(second.groups, [a, b], 1).news).toEqual([])
    const third = told(second.groups, [{ ...a, ...RESOLVED }, b], 2)
    expect(third.news).toEqual([])
    const fourth = told(third.groups, [{ ...a, ...RESOLVED }, b], 6)
    expect(fourth.news).toEqual([[b, { ...a, ...RESOLVED }]])
    const fifth = told(told(fourth.groups, [{ ...b, ...RESOLVED }], 11).groups, [{ ...b, ...RESOLVED }], 12)
    expect(fifth.news).toEqual([[{ ...b, ...RESOLVED }]])
    expect(told(fifth.groups, [], 600).news).toEqual([])
  })

  test('are none where it is over before it was told, or comes again before it was told to be over', () => {
    const first = told([], [a], 0)
    expect(told(first.groups, [{ ...a, ...RESOLVED }], 1)).toEqual({
      groups: [{ name: 'DEAD_ROWS', changedAtMs: null, toldAtMs: null, told: [] }],
      news: [],
    })
    const second = told(told([], [a], 0).groups, [a], 1)
    const third = told(second.groups, [{ ...a, ...RESOLVED }], 2)
    expect(
      told(
        third.groups,
        [
          { ...a, id: 'again' },
          { ...a, ...RESOLVED },
        ],
        7,
      ).news,
    ).toEqual([])
  })

  test.each<[string, Partial<Alert>]>([
    ['pending', { state: 'PENDING', firingSinceMs: null }],
    ['silenced', { silencedUntilMs: 10 * MINUTE_MS }],
    ['explained by a database that is down', { inhibitedBy: 'DATABASE_DOWN' }],
  ])('are none of what is %s', (_, changes) => {
    const first = told([], [{ ...a, ...changes }], 0)
    expect(told(first.groups, [{ ...a, ...changes }], 5).news).toEqual([])
  })

  test('come when a silence is over', () => {
    const silenced = { ...a, silencedUntilMs: 10 * MINUTE_MS }
    const first = told([], [silenced], 9)
    expect(told(told(first.groups, [silenced], 10).groups, [silenced], 11).news).toEqual([[silenced]])
  })

  test('are told again after four hours, unless somebody looks after it', () => {
    const { groups } = told(told([], [a], 0).groups, [a], 1)
    expect(told(groups, [a], 240).news).toEqual([])
    expect(told(groups, [a], 241).news).toEqual([[a]])
    const acknowledged = { ...a, acknowledgedAtMs: 1 }
    expect(told(groups, [acknowledged], 241).news).toEqual([])
    expect(told(groups, [{ ...acknowledged, ...RESOLVED }], 242).news).toEqual([])
    expect(
      told(told(groups, [{ ...acknowledged, ...RESOLVED }], 242).groups, [{ ...a, ...RESOLVED }], 243).news,
    ).toHaveLength(1)
  })

  test('whose figure is missing are told neither to be over nor again', () => {
    const { groups } = told(told([], [a], 0).groups, [a], 1)
    const unknown: Alert = { ...a, state: 'NO_DATA' }
    const later = told(groups, [unknown], 100)
    expect(later).toEqual({ groups, news: [] })
    expect(told(later.groups, [a], 101).news).toEqual([])
  })
})

test('whatever the figures are, an alert fires only after its time, and each one that was told is told to be over', () => {
  const anyReading = fc.oneof(
    fc.constantFrom<AlertReading>(figure(100), figure(300), [], MISSING, undefined),
    fc.constant<AlertReading>(figure(300)),
  )
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), anyReading), { minLength: 1, maxLength: 60 })
  const property = fc.property(steps, (readings) => {
    const clock = openClock()
    let [atMs, groups, exceededSinceMs]: [number, readonly AlertGroup[], number | null] = [0, [], null]
    const last = new Map<string, Alert>()
    const tellsFiring = new Set<string>()
    const look = (seconds: number, reading: AlertReading): void => {
      atMs += seconds * 1000
      const alerts = clock.step(atMs / MINUTE_MS, { REQUEST_P95: reading })
      const isExceeded = Array.isArray(reading) && reading.some(({ value }: { value: number }) => value > 200)
      if (!isExceeded && reading !== undefined) exceededSinceMs = null
      else if (isExceeded) exceededSinceMs ??= atMs
      expect(alerts.length).toBeLessThanOrEqual(1)
      for (const alert of alerts) {
        if (alert.state === 'RESOLVED') last.set(alert.fingerprint, alert)
        if (alert.firingSinceMs === atMs) {
          expect(exceededSinceMs).not.toBeNull()
          expect(atMs - exceededSinceMs!).toBeGreaterThanOrEqual(P95.forMs)
        }
        if (alert.state === 'RESOLVED') {
          expect(atMs - alert.exceededAtMs!).toBeGreaterThanOrEqual(P95.keepFiringForMs)
          expect(reading).not.toEqual(MISSING)
        }
      }
      const open = alerts.filter(({ state }) => state !== 'RESOLVED')
      const planned = planNews(groups, [...open, ...last.values()], atMs)
      groups = planned.groups
      for (const { alerts: news } of planned.news) {
        expect(news.length).toBeGreaterThan(0)
        for (const { fingerprint, state } of news) {
          if (state === 'RESOLVED') expect(tellsFiring.delete(fingerprint)).toBe(true)
          else tellsFiring.add(fingerprint)
        }
      }
    }
    for (const [seconds, reading] of readings) look(seconds, reading)
    // Quiet for an hour: whatever was told to fire is told to be over.
    for (let minute = 0; minute < 60; minute++) look(60, [])
    expect([...tellsFiring]).toEqual([])
  })
  fc.assert(property, { seed: testSeed(), numRuns: 500 })
})
