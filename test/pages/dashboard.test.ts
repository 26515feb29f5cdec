import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createEventParser } from '../../pages/dashboard/server-sent-events.js'
import { joinPoints, pointsOfHistory, pointsOfTicks, thinOut, type Point } from '../../pages/dashboard/timeline.js'
import type { Alert, HistoryPoint, Tick } from '../../pages/dashboard/types.js'
import { judge } from '../../pages/dashboard/verdict.js'
import { testSeed } from '../setup/test-run.js'

const SEED = testSeed()
const START_MS = Date.UTC(2026, 5, 1, 12)
const MINUTE_MS = 60_000

describe('events of a stream', () => {
  test(`are the same, whatever pieces they come in (seed ${SEED})`, () => {
    const event = fc.record({
      id: fc.option(fc.stringMatching(/^[0-9a-f]{8}-\d{1,4}$/), { nil: undefined }),
      name: fc.constantFrom('tick', 'figures', 'hello'),
      data: fc.json(),
    })
    const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })
    fc.assert(
      fc.property(fc.array(event), pieces, fc.boolean(), (events, sizes, hasReturns) => {
        const lines = events.map(({ id, name, data }) => `${id ? `id: ${id}\n` : ''}event: ${name}\ndata: ${data}\n\n`)
        let text = `: a comment\n\n${lines.join('')}`
        if (hasReturns) text = text.replaceAll('\n', '\r\n')
        const parse = createEventParser()
        const found = []
        for (let at = 0, piece = 0; at < text.length; piece++) {
          const size = sizes[piece % sizes.length]!
          found.push(...parse(text.slice(at, at + size)))
          at += size
        }
        expect(found).toEqual(events)
      }),
      { seed: SEED },
    )
  })

  test('are nothing before they are whole', () => {
    const parse = createEventParser()
    expect(parse('id: a-1\nevent: tick\ndata: {"a":')).toEqual([])
    expect(parse('1}\n')).toEqual([])
    expect(parse('\n')).toEqual([{ id: 'a-1', name: 'tick', data: '{"a":1}' }])
  })
})

const at = (ms: number): string => new Date(ms).toISOString()

function minute(offset: number, more: Partial<HistoryPoint> = {}): HistoryPoint {
  const percentiles = { p50Ms: 5, p95Ms: 20, p99Ms: 40 }
  const rest = { isGap: false, count: 60, failed: 0, totalMs: 600, latencyCounts: [0, 60] }
  return { at: at(START_MS + offset * MINUTE_MS), ...rest, ...percentiles, ...more }
}

function tick(endMs: number, more: Partial<Tick['lastMinute']> = {}, durationMs = 5000): Tick {
  const times = { count: 10, failed: 0, p50Ms: 5, p95Ms: 20, p99Ms: 40 }
  return {
    at: at(endMs),
    durationMs,
    requests: { ...times, latencyCounts: [0, 10] },
    lastMinute: { ...times, durationMs: 60_000, faults: 0, ...more },
    statements: times,
    slowQueries: 0,
    pool: { total: 2, idle: 2, waiting: 0, limit: 20 },
  }
}

const shapeOf = ({ atMs, spanMs, count, isGap }: Point) => [(atMs - START_MS) / 1000, spanMs / 1000, count, isGap]

describe('the timeline', () => {
  test('has a gap where ticks are missing, and none where the next one is late', () => {
    const ticks = [tick(START_MS + 5000), tick(START_MS + 10_500, {}, 5500), tick(START_MS + 40_000)]
    expect(pointsOfTicks(ticks, 5000).map(shapeOf)).toEqual([
      [0, 5, 10, false],
      [5, 5.5, 10, false],
      [10.5, 24.5, null, true],
      [35, 5, 10, false],
    ])
  })

  test('joins what is live with the minutes of the process and the history before them, without counting twice', () => {
    const history = pointsOfHistory(
      [minute(-3), minute(-2, { isGap: true, count: null, failed: null }), minute(-1)],
      START_MS,
    )
    const minutes = pointsOfHistory([minute(-1, { count: 30 }), minute(0)], START_MS + 60_000)
    const live = pointsOfTicks([tick(START_MS + 35_000)], 5000)
    expect(joinPoints(START_MS - 10 * MINUTE_MS, history, minutes, live).map(shapeOf)).toEqual([
      [-180, 60, 60, false],
      [-120, 60, null, true],
      [-60, 60, 30, false],
      // Half of the running minute is seen live.
      [0, 30, 30, false],
      [30, 5, 10, false],
    ])
    // Between the last kept minute and the start of a process nobody knows anything.
    expect(joinPoints(START_MS - 10 * MINUTE_MS, history.slice(0, 1), [], live).map(shapeOf)).toEqual([
      [-180, 60, 60, false],
      [-120, 150, null, true],
      [30, 5, 10, false],
    ])
    expect(joinPoints(START_MS - MINUTE_MS, history, minutes, live).map(shapeOf)[0]).toEqual([-60, 60, 30, false])
  })

  test('is thinned out by the worst of each group, and keeps a gap that fills one', () => {
    const gap = { isGap: true, count: null, failed: null, p50Ms: null, p95Ms: null, p99Ms: null, latencyCounts: [] }
    const all = [minute(0), minute(1, { p95Ms: 90 }), minute(2, gap), minute(3, gap), minute(4), minute(5, gap)]
    const points = thinOut(pointsOfHistory(all, START_MS + 6 * MINUTE_MS), 3)
    expect(points.map(({ count, p95Ms, isGap, latencyCounts }) => [count, p95Ms, isGap, latencyCounts])).toEqual([
      [120, 90, false, [0, 120]],
      [null, null, true, []],
      [120, 20, false, [0, 60]],
    ])
    expect(points.map(({ spanMs }) => spanMs)).toEqual([120_000, 120_000, 120_000])
  })
})

describe('the verdict', () => {
  const minutes = (...changes: Partial<HistoryPoint>[]): Point[] =>
    pointsOfHistory(
      changes.map((change, index) => minute(index, change)),
      START_MS + changes.length * MINUTE_MS,
    )
  const known = { isConnected: true, alerts: [] as Alert[], tick: tick(START_MS), points: minutes({}, {}, {}) }

  test('is good, for as long as nothing bad is known', () => {
    expect(judge(known)).toEqual({
      level: 'GOOD',
      title: 'Users are served well',
      reason: '95 of 100 requests took no longer than 20 ms.',
      sinceMs: START_MS,
      isSinceAtLeast: true,
    })
    const points = minutes({}, { p95Ms: 300 }, {}, {})
    expect(judge({ ...known, points })).toMatchObject({ sinceMs: START_MS + 2 * MINUTE_MS, isSinceAtLeast: false })
  })

  test('says that users wait, and since when', () => {
    const points = minutes({}, { p95Ms: 300 }, { count: 0, p95Ms: null }, { p95Ms: 500 })
    expect(judge({ ...known, tick: tick(START_MS, { p95Ms: 500 }), points })).toEqual({
      level: 'SLOW',
      title: 'Users wait',
      reason: '5 of 100 requests of the last minute took over 500 ms; the budget is 200 ms.',
      sinceMs: START_MS + MINUTE_MS,
      isSinceAtLeast: false,
    })
  })

  test('says that requests fail: by the server’s fault for an operator, by all errors for a tenant', () => {
    const failing = { count: 100, failed: 30 }
    const points = minutes({}, failing)
    expect(judge({ ...known, tick: tick(START_MS, { ...failing, faults: 5 }), points })).toMatchObject({
      level: 'FAILING',
      reason: '5 % of the requests of the last minute ended with an error of the server.',
      sinceMs: START_MS + MINUTE_MS,
    })
    expect(judge({ ...known, tick: tick(START_MS, { ...failing, faults: 4 }), points }).level).toBe('GOOD')
    expect(judge({ ...known, tick: tick(START_MS, { ...failing, faults: null }), points })).toMatchObject({
      level: 'FAILING',
      reason: '30 % of the requests of the last minute ended with an error.',
    })
  })

  test('names alerts that fire, unless they are silenced', () => {
    const alert = { state: 'FIRING', severity: 'WARNING', silencedUntil: null, firingSince: at(START_MS) }
    const alerts = [{ ...alert, summary: 'Half of the rows of contacts are dead.' }] as unknown as Alert[]
    expect(judge({ ...known, alerts })).toEqual({
      level: 'SLOW',
      title: 'An alert is firing',
      reason: 'Half of the rows of contacts are dead.',
      sinceMs: START_MS,
      isSinceAtLeast: false,
    })
    const slow = tick(START_MS, { p95Ms: 500 })
    expect(judge({ ...known, alerts, tick: slow }).title).toBe('Users wait')
    const critical = alerts.map((one) => ({ ...one, severity: 'CRITICAL' as const }))
    expect(judge({ ...known, alerts: critical, tick: slow })).toMatchObject({
      level: 'FAILING',
      title: 'An alert is firing',
    })
    const silenced = alerts.map((one) => ({ ...one, silencedUntil: at(START_MS + 1) }))
    expect(judge({ ...known, alerts: silenced }).level).toBe('GOOD')
  })

  test('claims nothing while the server does not answer, nor where nobody asks', () => {
    expect(judge({ ...known, isConnected: false })).toMatchObject({
      level: 'UNKNOWN',
      title: 'The server does not answer',
      sinceMs: START_MS + 3 * MINUTE_MS,
    })
    expect(judge({ ...known, tick: undefined }).title).toBe('Waiting for the first figures')
    expect(judge({ ...known, tick: tick(START_MS, { count: 0, p95Ms: null }) }).level).toBe('IDLE')
  })
})
