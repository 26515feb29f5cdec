import { expect, test } from '@jest/globals'
import { createSlowStatements, type SlowStatement } from '../../src/metrics/slow-statements.js'

function slow(endedAtMs: number, tenantId: string | null): SlowStatement {
  const rest = {
    role: 'kith_app',
    sql: 'select ?',
    text: 'select $1',
    tables: undefined,
    planKey: 'key',
    durationMs: 300,
    rows: 1,
  }
  return { endedAtMs, label: `at ${endedAtMs}`, tenantId, request: null, failed: false, errorCode: null, ...rest }
}

const labels = (list: readonly SlowStatement[]): string[] => list.map(({ label }) => label)

test('the latest come first; those of a tenant are its own', () => {
  const store = createSlowStatements(10)
  store.add(slow(1, 'a'))
  store.add(slow(3, null))
  store.add(slow(2, 'b'))
  expect(labels(store.list())).toEqual(['at 3', 'at 2', 'at 1'])
  expect(labels(store.list('a'))).toEqual(['at 1'])
  expect(store.list('c')).toEqual([])
  expect([store.total(), store.evicted()]).toEqual([3, 0])
})

test("one tenant's many push out its own alone", () => {
  const store = createSlowStatements(4)
  store.add(slow(0, 'small'))
  for (let at = 1; at <= 20; at++) store.add(slow(at, 'large'))
  expect(labels(store.list())).toEqual(['at 20', 'at 19', 'at 18', 'at 0'])
  expect([store.total(), store.evicted()]).toEqual([21, 17])
})
