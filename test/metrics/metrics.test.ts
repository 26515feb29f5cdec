import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { createMetrics, type Metrics, type PoolFigures } from '../../src/metrics/metrics.js'

let lines: { level: string; fields: object; message: string }[]
let metrics: Metrics

beforeEach(() => {
  lines = []
  const writer = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message })
  metrics = createMetrics({ warn: writer('warn'), info: writer('info') }, 200)
})

/** The exposed lines that begin with `start`. */
async function exposed(start: string): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(start))
}

describe('durations', () => {
  test('are counted by name, role and outcome, in seconds', async () => {
    metrics.observeStatement({ label: 'findContactsByIds', role: 'kith_app', durationMs: 1.5, failed: false })
    metrics.observeStatement({ label: 'findContactsByIds', role: 'kith_app', durationMs: 2.5, failed: false })
    metrics.observeStatement({ label: 'findContactsByIds', role: 'kith_app', durationMs: 10, failed: true })
    metrics.observeOperation({ label: 'contact.findMany', durationMs: 3, failed: false })
    metrics.observeRequest({ label: 'FirstContacts', durationMs: 4, failed: true }, 'tenant')
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
    metrics.observeStatement({ label: 'listContacts', role: 'kith_keys', durationMs: 200, failed: false })
    expect(lines).toEqual([])
    metrics.observeStatement({ label: 'listContacts', role: 'kith_keys', durationMs: 200.6, failed: false })
    metrics.observeOperation({ label: 'contact.createMany', durationMs: 350.2, failed: true })
    metrics.observeRequest({ label: 'FirstContacts', durationMs: 1000, failed: false }, 'tenant')
    expect(lines).toEqual([
      {
        level: 'warn',
        fields: { statement: 'listContacts', durationMs: 201, role: 'kith_keys' },
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
      metrics.observeRequest({ label: `Operation${index}`, durationMs: 1, failed: false }, 'tenant')
    }
    metrics.observeRequest({ label: 'Operation0', durationMs: 1, failed: false }, 'tenant')
    const counts = await exposed('kith_request_duration_seconds_count')
    expect(counts).toHaveLength(201)
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Operation0",outcome="ok"} 2')
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Operation199",outcome="ok"} 1')
    expect(counts).toContain('kith_request_duration_seconds_count{operation="other",outcome="ok"} 3')
  })

  test("of one tenant's names leave room for another's", async () => {
    for (let index = 0; index < 203; index += 1) {
      metrics.observeRequest({ label: `Operation${index}`, durationMs: 1, failed: index % 2 === 0 }, 'greedy')
    }
    metrics.observeRequest({ label: 'Honest', durationMs: 1, failed: false }, 'honest')
    metrics.observeRequest({ label: 'Introspection', durationMs: 1, failed: false }, null)
    const counts = await exposed('kith_request_duration_seconds_count')
    expect(counts).toHaveLength(202)
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Honest",outcome="ok"} 1')
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Introspection",outcome="ok"} 1')
    expect(counts).toContain('kith_request_duration_seconds_count{operation="Operation197",outcome="ok"} 1')
    expect(counts.filter((line) => /Operation(198|199|20\d)"/.test(line))).toEqual([])
    metrics.observeRequest({ label: 'Operation199', durationMs: 1, failed: false }, 'greedy')
    expect(await exposed('kith_request_duration_seconds_count{operation="other",outcome="ok"}')).toEqual([
      'kith_request_duration_seconds_count{operation="other",outcome="ok"} 2',
    ])
  })

  test('of a name that is as long as a body are counted and logged by its first 100 characters', async () => {
    metrics.observeRequest({ label: 'x'.repeat(1_000_000), durationMs: 1000, failed: false }, 'tenant')
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

  test('is read whenever it is asked for, and logged at every interval until that ends', async () => {
    let figures: PoolFigures = { total: 3, idle: 2, waiting: 0 }
    const stop = metrics.watchPool(() => figures, 300)
    jest.advanceTimersByTime(299_999)
    expect(lines).toEqual([])
    jest.advanceTimersByTime(1)
    figures = { total: 200, idle: 0, waiting: 17 }
    expect(await exposed('kith_pool_connections')).toEqual([
      'kith_pool_connections{state="total"} 200',
      'kith_pool_connections{state="idle"} 0',
      'kith_pool_connections{state="waiting"} 17',
    ])
    jest.advanceTimersByTime(300_000)
    stop()
    jest.advanceTimersByTime(3_000_000)
    expect(lines).toEqual([
      { level: 'info', fields: { pool: { total: 3, idle: 2, waiting: 0 } }, message: 'pool' },
      { level: 'info', fields: { pool: { total: 200, idle: 0, waiting: 17 } }, message: 'pool' },
    ])
    expect(await exposed('kith_pool_connections')).toEqual([])
  })
})

test('the process itself is in the text, under the name of the project', async () => {
  expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(await exposed('kith_process_resident_memory_bytes ')).toHaveLength(1)
  expect(await exposed('kith_nodejs_eventloop_lag_seconds ')).toHaveLength(1)
})
