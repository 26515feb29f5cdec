import { expect, test } from '@jest/globals'
import { createApiFieldUsage } from '../../src/metrics/api-field-usage.js'

test('uses are counted by client and field, with the first and the last; of all tenants together, or of one', () => {
  let nowMs = 1000
  const usage = createApiFieldUsage(100, () => nowMs)
  usage.record('a', 'web', '1', ['Contact.id', 'Contact.fullName'])
  nowMs = 2000
  usage.record('a', 'web', '1', ['Contact.id'])
  usage.record('b', 'web', '1', ['Contact.id'])
  usage.record('b', 'app', '1', ['Contact.id'])
  const web = { client: 'web', clientVersion: '1' }
  expect(usage.list()).toEqual([
    { ...web, field: 'Contact.id', count: 3, firstAtMs: 1000, lastAtMs: 2000 },
    { ...web, field: 'Contact.fullName', count: 1, firstAtMs: 1000, lastAtMs: 1000 },
    { client: 'app', clientVersion: '1', field: 'Contact.id', count: 1, firstAtMs: 2000, lastAtMs: 2000 },
  ])
  expect(usage.list('b').map(({ client, count }) => [client, count])).toEqual([
    ['web', 1],
    ['app', 1],
  ])
  expect(usage.list('c')).toEqual([])
  expect([usage.sinceMs, usage.unattributed()]).toEqual([1000, 0])
})

test('where all places are taken, uses are counted by their field alone', () => {
  const usage = createApiFieldUsage(2, () => 0)
  usage.record('a', 'web', '1', ['x', 'y', 'z'])
  for (let version = 0; version < 1000; version++) usage.record('b', 'bot', String(version), ['x'])
  expect(usage.list().map(({ field, client, count }) => [field, client, count])).toEqual([
    ['x', '', 1000],
    ['x', 'web', 1],
    ['y', 'web', 1],
    ['z', '', 1],
  ])
  expect(usage.unattributed()).toBe(1001)
  expect(usage.list('b')).toEqual([])
})
