import { describe, expect, test } from '@jest/globals'
import { percentileMs } from '../../src/metrics/histogram.js'
import { createTimes, type TimesRead } from '../../src/metrics/times.js'

const START_MS = Date.UTC(2026, 10, 29, 12, 0, 30)
const ok = (durationMs: number, more: object = {}) => ({ durationMs, failed: false, ...more })

/** A clock of the test's, and times by it. */
function timesAt(limits = { names: 1000, tenantNames: 2000, minutes: 10_000 }) {
  const clock = { nowMs: START_MS }
  return { clock, times: createTimes(() => clock.nowMs, limits) }
}

const counts = ({ series, rest }: TimesRead): Record<string, number> => ({
  ...Object.fromEntries([...series].map(([name, { durations }]) => [name, durations.count])),
  ...(rest.durations.count > 0 ? { rest: rest.durations.count } : {}),
})

describe('times', () => {
  test('count what ended by name, and of each tenant its own', () => {
    const { times, clock } = timesAt()
    times.record('statement', 'a', 'one', ok(1, { rows: 5 }))
    clock.nowMs += 1000
    times.record('statement', 'a', 'two', { durationMs: 3, failed: true })
    times.record('statement', 'b', null, ok(7))
    times.record('transaction', 'read', 'one', ok(9, { attempts: 2, waitMs: 4, commitMs: 0.5 }))
    expect(counts(times.read('statement'))).toEqual({ a: 2, b: 1 })
    expect(counts(times.read('statement', { tenantId: 'one' }))).toEqual({ a: 1 })
    expect(counts(times.read('statement', { tenantId: 'nobody' }))).toEqual({})
    const a = times.read('statement').series.get('a')
    expect([a?.failed, a?.rows, a?.firstAtMs, a?.lastAtMs]).toEqual([1, 5, START_MS, START_MS + 1000])
    const read = times.read('transaction').series.get('read')
    expect([read?.attempts, read?.waitMs, read?.commitMs]).toEqual([2, 4, 0.5])
    expect(times.tenants('statement')).toEqual(['one', 'two'])
  })

  test('are of a window of whole minutes and the running one, or since the start, and say since when', () => {
    const { times, clock } = timesAt()
    for (let minute = 0; minute < 70; minute++) {
      times.record('request', `at ${minute}`, 'one', ok(minute))
      clock.nowMs += 60_000
    }
    times.record('request', 'now', 'one', ok(1))
    const last = times.read('request', { minutes: 2, tenantId: 'one' })
    expect(counts(last)).toEqual({ 'at 68': 1, 'at 69': 1, now: 1 })
    expect([last.sinceMs, last.untilMs]).toEqual([Date.UTC(2026, 10, 29, 13, 8), clock.nowMs])
    expect(times.read('request').series.size).toBe(71)
    expect(times.read('request').sinceMs).toBe(START_MS)
    // What is older than an hour is known together alone.
    expect(times.read('request', { minutes: 1000 }).series.size).toBe(61)
    expect(times.read('request', { minutes: 1000 }).sinceMs).toBe(Date.UTC(2026, 10, 29, 12, 10))
  })

  test('of the heaviest names stay, and all others are counted together', () => {
    const { times, clock } = timesAt({ names: 10, tenantNames: 20, minutes: 100 })
    for (let round = 0; round < 200; round++) {
      times.record('request', 'heavy', 'one', ok(50))
      times.record('request', `light ${round}`, 'one', ok(1))
      if (round % 20 === 0) clock.nowMs += 60_000
    }
    const read = times.read('request')
    const all = [...read.series.values(), read.rest].reduce((sum, { durations }) => sum + durations.count, 0)
    expect([all, read.series.get('heavy')?.durations.count]).toEqual([400, 200])
    expect(read.series.size).toBeLessThanOrEqual(20)
    expect(read.rest.durations.count).toBeGreaterThanOrEqual(180)
    expect(read.evicted).toBeGreaterThanOrEqual(180)
  })

  test("of one tenant don't take the place of another's", () => {
    const { times } = timesAt({ names: 10, tenantNames: 20, minutes: 100 })
    for (let index = 0; index < 5; index++) times.record('request', `own ${index}`, 'small', ok(0.001))
    for (let index = 0; index < 500; index++) times.record('request', `flood ${index}`, 'large', ok(1000))
    expect(counts(times.read('request', { tenantId: 'small' }))).toEqual({
      'own 0': 1,
      'own 1': 1,
      'own 2': 1,
      'own 3': 1,
      'own 4': 1,
    })
    const large = times.read('request', { tenantId: 'large' })
    expect(large.series.size + large.rest.durations.count).toBe(500)
    expect(large.series.size).toBeLessThanOrEqual(15)
  })

  test('stay bounded by 100,000 operations of 10,000 texts and 499 tenants', () => {
    const { times, clock } = timesAt()
    let [expected, sizeMost] = [0, 0]
    for (let index = 0; index < 100_000; index++) {
      times.record('request', `text ${index % 10_000}`, `tenant ${index % 499}`, ok((index % 997) / 10))
      expected++
      if (index % 500 === 0) {
        clock.nowMs += 20_000
        sizeMost = Math.max(sizeMost, times.size())
      }
    }
    const read = times.read('request')
    expect([...read.series.values(), read.rest].reduce((sum, one) => sum + one.durations.count, 0)).toBe(expected)
    const byTenant = times
      .tenants('request')
      .map((tenantId) => times.read('request', { tenantId }))
      .flatMap((one) => [...one.series.values(), one.rest])
    expect(byTenant.reduce((sum, one) => sum + one.durations.count, 0)).toBe(expected)
    // Names and tenants' names since the start, of the running minute, and of the minutes that are kept.
    expect(sizeMost).toBeLessThanOrEqual(3000 + 3000 + 10_000)
  })

  test('give percentiles over all minutes of a window', () => {
    const { times, clock } = timesAt()
    for (let index = 1; index <= 100; index++) {
      times.record('statement', 'a', null, ok(index))
      if (index % 10 === 0) clock.nowMs += 60_000
    }
    const { durations } = times.read('statement', { minutes: 60 }).series.get('a') ?? {}
    expect(durations && Math.abs(percentileMs(durations, 0.95) - 95)).toBeLessThanOrEqual(95 / 32)
  })
})
