import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { createLive, type LiveEvent, type Viewer } from '../../../src/features/performance/live/live.js'
import { createMetrics } from '../../../src/metrics/metrics.js'
import { createTimes } from '../../../src/metrics/times.js'
import { createMonitoring } from '../../../src/start/services.js'
import { readRecentMinutes } from '../../../src/features/performance/history.service.js'

const INTERVAL_MS = 5000
const MINUTE_MS = 60_000
const SILENT = { warn: () => undefined, info: () => undefined }
const START_MS = Date.UTC(2026, 5, 1, 12)
const [MINE, THEIRS] = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002']

beforeEach(() => void jest.useFakeTimers({ now: START_MS, doNotFake: ['performance'] }))
afterEach(() => void jest.useRealTimers())

/** A process whose clock is the test's, and who watches it. */
function openProcess(options: { maxViewers?: number } = {}) {
  const metrics = createMetrics(SILENT, 200)
  const monitoring = createMonitoring(metrics, undefined, () => undefined)
  const live = createLive({ monitoring, openAlerts: () => [{ id: 'a', state: 'FIRING' }], ...options })
  const request = (tenantId: string, durationMs: number, failed = false): void =>
    metrics.observeRequest({
      ...{ label: `Of${tenantId}`, hash: '', client: '', clientVersion: '', statements: 1, rows: 1, fields: [] },
      ...{ durationMs, failed, isFault: failed, tenantId },
    })
  const watch = (more: Partial<Viewer> = {}) => {
    const events: LiveEvent[] = []
    let hasEnded = false
    const stop = live.watch({
      tenantId: undefined,
      window: 'LAST_HOUR',
      lastEventId: undefined,
      expiresAtMs: Infinity,
      mayWatch: async () => true,
      send: (event) => events.push(event) > 0,
      end: () => (hasEnded = true),
      ...more,
    })
    const of = (name: string) => events.filter((event) => event.name === name).map(({ data }) => JSON.parse(data))
    return { events, stop, of, hasEnded: () => hasEnded }
  }
  return { live, request, watch }
}

const pass = (intervals: number): Promise<void> => jest.advanceTimersByTimeAsync(intervals * INTERVAL_MS)

describe('what is sent', () => {
  test('is what ended since the tick before, exactly, and the last minute', async () => {
    const { request, watch } = openProcess()
    request(MINE, 8)
    const { of } = watch()
    expect(of('hello')).toMatchObject([
      { isResumed: false, intervalMs: INTERVAL_MS, first: { lastMinute: { count: 1 } } },
    ])
    request(MINE, 10)
    request(THEIRS, 100, true)
    await pass(1)
    request(MINE, 10)
    await pass(2)
    expect(
      of('tick').map(({ durationMs, requests, lastMinute }) => [
        durationMs,
        requests.count,
        requests.failed,
        lastMinute.count,
        lastMinute.faults,
      ]),
    ).toEqual([
      [INTERVAL_MS, 2, 1, 3, 1],
      [INTERVAL_MS, 1, 0, 4, 1],
      [INTERVAL_MS, 0, 0, 4, 1],
    ])
    const [first, , third] = of('tick')
    expect(first.requests).toMatchObject({ p50Ms: expect.closeTo(10, 0), p99Ms: expect.closeTo(100, -1) })
    expect(first.requests.latencyCounts.reduce((sum: number, count: number) => sum + count, 0)).toBe(2)
    expect(third.requests).toEqual({ count: 0, failed: 0, p50Ms: null, p95Ms: null, p99Ms: null, latencyCounts: [] })
  })

  test('shows a tenant its own, and nothing of the whole server', async () => {
    const { request, watch } = openProcess()
    const { events, of } = watch({ tenantId: MINE })
    request(MINE, 10)
    request(THEIRS, 100)
    await pass(2)
    expect(of('tick')[0]).toMatchObject({
      requests: { count: 1 },
      pool: null,
      slowQueries: null,
      lastMinute: { faults: null },
    })
    const [, figures] = of('figures')
    expect(figures.operations.entries.map(({ name }: { name: string }) => name)).toEqual([`Of${MINE}`])
    expect(figures).toMatchObject({ tenants: null, pools: null, openAlerts: null, slowQueries: { total: null } })
    expect(JSON.stringify(events)).not.toContain(THEIRS)
  })

  test('is collected once for fifty viewers, and not at all when nobody has watched for a minute', async () => {
    const { live, watch } = openProcess()
    const viewers = Array.from({ length: 50 }, () => watch())
    expect(live.viewers()).toBe(50)
    const before = live.collections()
    await pass(10)
    // A tick each, and lists with every second one.
    expect(live.collections() - before).toBe(15)
    expect(viewers.map(({ of }) => [of('tick').length, of('figures').length])).toEqual(viewers.map(() => [10, 6]))
    for (const { stop } of viewers) stop?.()
    await pass(14)
    const after = live.collections()
    await pass(100)
    expect(live.collections()).toBe(after)
    expect(jest.getTimerCount()).toBe(0)
  })
})

describe('who comes back', () => {
  test('gets what was missed, in its order, once', async () => {
    const { watch } = openProcess()
    const first = watch()
    await pass(2)
    first.stop?.()
    const lastEventId = first.events.findLast(({ id }) => id)?.id
    await pass(3)
    const again = watch({ lastEventId })
    await pass(1)
    expect(again.of('hello')).toMatchObject([{ isResumed: true }])
    const ids = [...first.events, ...again.events].flatMap(({ id }) =>
      id === undefined ? [] : [Number(id.split('-')[1])],
    )
    expect(ids).toEqual([1, 2, 3, 4, 5, 6])
  })

  test.each([
    ['another process’ id', '00000000-3'],
    ['no id', 'x'],
    ['an id of the future', undefined],
    ['one that is no longer kept', undefined],
  ])('begins anew with what is kept: %s', async (what, id) => {
    const { watch } = openProcess()
    const first = watch()
    await pass(70)
    const own = first.events.find((event) => event.id)?.id ?? ''
    const lastEventId = id ?? (what === 'an id of the future' ? own.replace(/-1$/, '-71') : own)
    const again = watch({ lastEventId })
    expect(again.of('hello')).toMatchObject([{ isResumed: false }])
    expect(again.of('tick').length).toBe(60)
  })
})

describe('a viewer is sent away', () => {
  test('when the token expires, when the user may no longer, when it takes nothing, and when the server stops', async () => {
    const { live, watch } = openProcess()
    const expired = watch({ expiresAtMs: START_MS + 12_000 })
    const demoted = watch({ mayWatch: async () => false })
    const unsure = watch({ mayWatch: () => Promise.reject(new Error('the database is away')) })
    const slow = watch({ send: (event) => event.name !== 'tick' })
    await pass(1)
    expect([expired, demoted, unsure, slow].map(({ hasEnded }) => hasEnded())).toEqual([false, false, false, true])
    // Clocks may differ by five seconds.
    await pass(2)
    expect(expired.hasEnded()).toBe(false)
    await pass(1)
    expect([expired.of('end'), expired.of('tick').length]).toEqual([[{ reason: 'EXPIRED' }], 3])
    await pass(8)
    expect(demoted.of('end')).toEqual([{ reason: 'FORBIDDEN' }])
    expect(unsure.hasEnded()).toBe(false)
    live.stop()
    expect([unsure.of('end'), unsure.hasEnded(), live.viewers()]).toEqual([[{ reason: 'STOPPING' }], true, 0])
    expect(watch().stop).toBeUndefined()
  })

  test('once, and is sent nothing behind that: its stream has ended', async () => {
    const { watch } = openProcess()
    let ticks = 0
    const sent: string[] = []
    const send = (isSlow: boolean) => (event: LiveEvent) => {
      sent.push(event.name)
      // The second tick is one with figures.
      return !isSlow || event.name !== 'tick' || ++ticks < 2
    }
    watch({ send: send(true) })
    await pass(3)
    expect(sent).toEqual(['hello', 'figures', 'tick', 'tick', 'end'])
    sent.length = 0
    let answer: ((may: boolean) => void) | undefined
    const mayWatch = () => new Promise<boolean>((resolve) => (answer = resolve))
    // Its token expires while it is asked whether its user may still watch; another one has left meanwhile.
    watch({ send: send(false), mayWatch, expiresAtMs: START_MS + 58_000 })
    await pass(10)
    answer?.(false)
    await pass(1)
    expect(sent.filter((name) => name === 'end')).toEqual(['end'])
    sent.length = 0
    const leaves = watch({ send: send(false), mayWatch })
    await pass(12)
    leaves.stop?.()
    sent.length = 0
    answer?.(false)
    await pass(2)
    expect(sent).toEqual([])
  })

  test('before it begins where there are as many as may be', () => {
    const { watch } = openProcess({ maxViewers: 2 })
    const [first, , third] = [watch(), watch(), watch()]
    expect([third.stop, third.events]).toEqual([undefined, []])
    first.stop?.()
    expect(watch().stop).toBeDefined()
  })
})

describe('the minutes that a process remembers', () => {
  const clock = { nowMs: START_MS + 30_000 }
  const times = createTimes(() => clock.nowMs)
  const record = (name: string, tenantId: string, durationMs: number): void =>
    times.record('request', name, tenantId, { durationMs, failed: durationMs > 50 })
  record('Lists', MINE, 10)
  record('Finds', MINE, 20)
  record('Secret', THEIRS, 90)
  clock.nowMs += 3 * MINUTE_MS
  record('Lists', MINE, 40)

  const read = (tenantId: string | undefined, name = '', kind: 'REQUESTS' | 'GAUGES' = 'REQUESTS') =>
    readRecentMinutes(times, { tenantId, minutes: undefined }, { kind, name }, new Date(clock.nowMs)).map(
      ({ at, count, failed, p95Ms }) => [(Date.parse(at) - START_MS) / 1000, count, failed, p95Ms],
    )

  test('begin with the process, have those in which nothing ended, and end with the running one', () => {
    expect(read(undefined)).toEqual([
      [30, 3, 1, expect.closeTo(90, -1)],
      [60, 0, 0, null],
      [120, 0, 0, null],
      [180, 1, 0, expect.closeTo(40, 0)],
    ])
  })

  test('are of a tenant alone, of one name where that is asked for, and of gauges nothing', () => {
    expect(read(MINE).map(([, count]) => count)).toEqual([2, 0, 0, 1])
    expect(read(undefined, 'Lists').map(([, count]) => count)).toEqual([1, 0, 0, 1])
    expect(read(MINE, 'Secret').map(([, count]) => count)).toEqual([0, 0, 0, 0])
    expect(read(undefined, '', 'GAUGES')).toEqual([])
  })

  test('go back an hour', () => {
    clock.nowMs += 90 * MINUTE_MS
    expect(read(undefined).length).toBe(61)
  })
})
