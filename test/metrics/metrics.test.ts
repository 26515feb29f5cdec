import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { createMetrics, type Metrics, type RequestTiming, type StatementTiming } from '../../src/metrics/metrics.js'
import type { PoolFigures } from '../../src/metrics/pool-watch.js'

let lines: { level: string; fields: object; message: string }[]
let metrics: Metrics

beforeEach(() => {
  lines = []
  const writer = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message })
  metrics = createMetrics({ warn: writer('warn'), info: writer('info') }, 200, () => Date.now())
})

/** A statement that a test says the half of. */
function observeStatement(timing: Pick<StatementTiming, 'label' | 'role' | 'durationMs' | 'failed'>): boolean {
  const rest = { text: 'select $1', rows: 3, tenantId: 'tenant', request: { label: 'Page' }, errorCode: undefined }
  return metrics.observeStatement({ ...rest, ...timing })
}

function observeRequest(timing: Pick<RequestTiming, 'label' | 'durationMs' | 'failed'>, tenantId: string | null): void {
  const rest = { hash: 'abc', client: 'web', clientVersion: '1', statements: 2, rows: 3, fields: [], isFault: false }
  metrics.observeRequest({ ...rest, ...timing, tenantId })
}

/** The exposed lines that begin with `start`. */
async function exposed(start: string): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(start))
}

describe('durations', () => {
  test('are counted by name, role and outcome, in seconds', async () => {
    observeStatement({ label: 'findContactsByIds', role: 'kith_app', durationMs: 1.5, failed: false })
    observeStatement({ label: 'findContactsByIds', role: 'kith_app', durationMs: 2.5, failed: false })
    observeStatement({ label: 'findContactsByIds', role: 'kith_app', durationMs: 10, failed: true })
    metrics.observeOperation({ label: 'contact.findMany', durationMs: 3, failed: false, tenantId: null })
    observeRequest({ label: 'FirstContacts', durationMs: 4, failed: true }, 'tenant')
    const ok = '{statement="findContactsByIds",role="kith_app",outcome="ok"}'
    const failed = '{statement="findContactsByIds",role="kith_app",outcome="error"}'
    expect(await exposed('kith_statement_duration_seconds_count')).toEqual([
      `kith_statement_duration_seconds_count${ok} 2`,
      `kith_statement_duration_seconds_count${failed} 1`,
    ])
    expect(await exposed('kith_statement_duration_seconds_sum')).toEqual([
      `kith_statement_duration_seconds_sum${ok} 0.004`,
      `kith_statement_duration_seconds_sum${failed} 0.01`,
    ])
    expect(await exposed('kith_statement_duration_seconds_bucket{le="0.001"')).toEqual([
      `kith_statement_duration_seconds_bucket{le="0.001",statement="findContactsByIds",role="kith_app",outcome="ok"} 0`,
      `kith_statement_duration_seconds_bucket{le="0.001",statement="findContactsByIds",role="kith_app",outcome="error"} 0`,
    ])
    expect(await exposed('kith_operation_duration_seconds_count')).toEqual([
      'kith_operation_duration_seconds_count{operation="contact.findMany",outcome="ok"} 1',
    ])
    expect(await exposed('kith_request_duration_seconds_count')).toEqual([
      'kith_request_duration_seconds_count{operation="FirstContacts",outcome="error"} 1',
    ])
  })

  test('over the limit are logged with the name, at it or below not', () => {
    expect(observeStatement({ label: 'listContacts', role: 'kith_keys', durationMs: 200, failed: false })).toBe(false)
    expect(lines).toEqual([])
    expect(observeStatement({ label: 'listContacts', role: 'kith_keys', durationMs: 200.6, failed: false })).toBe(true)
    metrics.observeOperation({ label: 'contact.createMany', durationMs: 350.2, failed: true, tenantId: null })
    observeRequest({ label: 'FirstContacts', durationMs: 1000, failed: false }, 'tenant')
    expect(lines).toEqual([
      {
        level: 'warn',
        fields: {
          statement: 'listContacts',
          durationMs: 201,
          role: 'kith_keys',
          rows: 3,
          tenantId: 'tenant',
          request: 'Page',
          sql: 'select $1',
        },
        message: 'slow statement',
      },
      {
        level: 'warn',
        fields: { operation: 'contact.createMany', durationMs: 350 },
        message: 'slow operation',
      },
      { level: 'warn', fields: { request: 'FirstContacts', durationMs: 1000 }, message: 'slow request' },
    ])
  })

  test('of the 201st name of an operation and those after it are counted together', async () => {
    for (let index = 0; index < 203; index += 1) {
      observeRequest({ label: `Operation${index}`, durationMs: 1, failed: false }, 'tenant')
    }
    observeRequest({ label: 'Operation0', durationMs: 1, failed: false }, 'tenant')
    const counts = await exposed('kith_request_duration_seconds_count')
    expect(counts).toHaveLength(201)
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Operation0",outcome="ok"} 2')
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Operation199",outcome="ok"} 1')
    expect(counts).toContain('kith_request_duration_seconds_count{operation="other",outcome="ok"} 3')
  })

  test("of one tenant's names leave room for another's", async () => {
    for (let index = 0; index < 203; index += 1) {
      observeRequest({ label: `Operation${index}`, durationMs: 1, failed: index % 2 === 0 }, 'greedy')
    }
    observeRequest({ label: 'Honest', durationMs: 1, failed: false }, 'honest')
    observeRequest({ label: 'Introspection', durationMs: 1, failed: false }, null)
    const counts = await exposed('kith_request_duration_seconds_count')
    expect(counts).toHaveLength(202)
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Honest",outcome="ok"} 1')
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Introspection",outcome="ok"} 1')
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Operation197",outcome="ok"} 1')
    expect(counts.filter((line) => /Operation(198|199|20\d)"/.test(line))).toEqual([])
    observeRequest({ label: 'Operation199', durationMs: 1, failed: false }, 'greedy')
    expect(await exposed('kith_request_duration_seconds_count{operation="other",outcome="ok"}')).toEqual([
      'kith_request_duration_seconds_count{operation="other",outcome="ok"} 2',
    ])
  })

  test('of a name that is as long as a body are counted and logged by its first 100 characters', async () => {
    observeRequest({ label: 'x'.repeat(1_000_000), durationMs: 1000, failed: false }, 'tenant')
    expect(await exposed('kith_request_duration_seconds_count')).toEqual([
      `kith_request_duration_seconds_count{operation="${'x'.repeat(100)}",outcome="ok"} 1`,
    ])
    expect(lines).toEqual([
      { level: 'warn', fields: { request: 'x'.repeat(100), durationMs: 1000 }, message: 'slow request' },
    ])
  })
})

describe('the pool', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  const watch = (figures: () => PoolFigures) => metrics.poolWaits.watch({ figures, intervalSeconds: 300 })

  test('is read whenever it is asked for, and logged at every interval until that ends', async () => {
    let figures: PoolFigures = { total: 3, idle: 2, waiting: 0, limit: 200 }
    const pool = watch(() => figures)
    jest.advanceTimersByTime(299_999)
    expect(lines).toEqual([])
    jest.advanceTimersByTime(1)
    figures = { total: 200, idle: 0, waiting: 17, limit: 200 }
    expect(await exposed('kith_pool_connections')).toEqual([
      'kith_pool_connections{state="total"} 200',
      'kith_pool_connections{state="idle"} 0',
      'kith_pool_connections{state="waiting"} 17',
      'kith_pool_connections{state="limit"} 200',
    ])
    jest.advanceTimersByTime(300_000)
    pool.stop()
    jest.advanceTimersByTime(3_000_000)
    expect(lines).toEqual([
      { level: 'info', fields: { pool: { total: 3, idle: 2, waiting: 0, limit: 200 } }, message: 'pool' },
      { level: 'info', fields: { pool: { total: 200, idle: 0, waiting: 17, limit: 200 } }, message: 'pool' },
    ])
    expect(await exposed('kith_pool_connections')).toEqual([])
  })

  test('that is exhausted is logged once in ten seconds, and counted each time', async () => {
    let figures: PoolFigures = { total: 3, idle: 0, waiting: 1, limit: 4 }
    const pool = watch(() => figures)
    metrics.poolWaits.waits()
    expect([pool.exhausted(), lines]).toEqual([0, []])
    figures = { total: 4, idle: 0, waiting: 2, limit: 4 }
    metrics.poolWaits.waits()
    metrics.poolWaits.waits()
    jest.advanceTimersByTime(10_000)
    metrics.poolWaits.waits()
    pool.stop()
    const line = {
      level: 'warn',
      fields: { pool: { total: 4, idle: 0, waiting: 2, limit: 4 } },
      message: 'all connections of the pool are in use',
    }
    expect([pool.exhausted(), lines]).toEqual([3, [line, line]])
    expect(await exposed('kith_pool_exhausted_total')).toEqual(['kith_pool_exhausted_total 3'])
  })

  test('tells how long connections were waited for', async () => {
    const pool = watch(() => ({ total: 0, idle: 0, waiting: 0, limit: 1 }))
    metrics.poolWaits.waited(0, true)
    metrics.poolWaits.waited(30, true)
    metrics.poolWaits.waited(2000, false)
    pool.stop()
    expect([pool.waits().count, pool.waits().sumMs, pool.waits().maxMs, pool.refused()]).toEqual([3, 2030, 2000, 1])
    expect(await exposed('kith_pool_wait_seconds_count')).toEqual([
      'kith_pool_wait_seconds_count{outcome="ok"} 2',
      'kith_pool_wait_seconds_count{outcome="error"} 1',
    ])
    expect(await exposed('kith_pool_wait_seconds_bucket{le="0",')).toEqual([
      'kith_pool_wait_seconds_bucket{le="0",outcome="ok"} 1',
      'kith_pool_wait_seconds_bucket{le="0",outcome="error"} 0',
    ])
  })
})

test('the process itself is in the text, under the name of the project', async () => {
  expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(await exposed('kith_process_resident_memory_bytes ')).toHaveLength(1)
  expect(await exposed('kith_nodejs_eventloop_lag_seconds ')).toHaveLength(1)
})

describe('what waits to be counted', () => {
  test('is counted whenever somebody reads, all of it, of each kind and in its minute', async () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 5, 1, 12, 0, 59, 999), doNotFake: ['performance'] })
    try {
      const own = createMetrics({ warn: () => undefined, info: () => undefined }, 200, () => Date.now())
      const common = { durationMs: 1, failed: false, tenantId: 'tenant' }
      const name = { label: 'Page', hash: 'abc', client: 'web', clientVersion: '1' }
      const request = { ...common, ...name, statements: 1, rows: 2, fields: ['Contact.id'], isFault: false }
      const pool = own.poolWaits.watch({
        figures: () => ({ total: 0, idle: 0, waiting: 0, limit: 1 }),
        intervalSeconds: 300,
      })
      const wholeMinutes = () => own.times.minutesAfter(-Infinity).map(({ tables }) => tables.request.names.series.size)
      // Each read comes after a number that fills the backlog, or doesn't.
      for (const [index, added] of [1, 127, 128, 129, 1000].entries()) {
        for (let count = 0; count < added; count++) {
          own.observeRequest(request)
          own.observeStatement({
            ...common,
            label: 's',
            role: 'kith_app',
            text: '',
            rows: 2,
            request,
            errorCode: undefined,
          })
          own.observeTransaction({ ...common, label: 'read', attempts: 1, waitMs: 0.5, commitMs: 0.25 })
          own.poolWaits.waited(0, true)
        }
        const all = [1, 128, 256, 385, 1385][index] as number
        const read = [own.times.sum('request'), own.times.sum('statement', 'tenant'), own.times.sum('transaction')]
        expect(read.map(({ durations, rows, attempts }) => [durations.count, rows, attempts])).toEqual([
          [all, 2 * all, 0],
          [all, 2 * all, 0],
          [all, 0, all],
        ])
        expect(own.fieldUsage.list().map(({ field, count }) => [field, count])).toEqual([['Contact.id', all]])
        expect(pool.waits().count).toBe(all)
        const counted = (await own.text()).match(/^kith_(statement_duration|pool_wait)_seconds_count\{.*\} (\d+)$/gm)
        expect(counted?.map((line) => Number(line.split(' ').at(-1)))).toEqual([all, all])
      }
      own.observeRequest({ ...request, label: 'Last' })
      jest.setSystemTime(Date.UTC(2026, 5, 1, 12, 1, 0))
      own.observeRequest({ ...request, label: 'Next' })
      expect(wholeMinutes()).toEqual([2])
      expect(own.times.minutes('request').map(({ sum }) => sum.durations.count)).toEqual([1386, 1])
      pool.stop()
    } finally {
      jest.useRealTimers()
    }
  })
})
