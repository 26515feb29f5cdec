import { expect, test } from '@jest/globals'
import { createApiFieldUsage } from '../../src/metrics/api-field-usage.js'

const ignore = (): void => undefined

test('uses are counted by client and field, with the first and the last; of all tenants together, or of one', () => {
  const usage = createApiFieldUsage(100, 1000, ignore)
  usage.record('a', 'web', '1', ['Contact.id', 'Contact.fullName'], 1000)
  usage.record('a', 'web', '1', ['Contact.id'], 2000)
  usage.record('b', 'web', '1', ['Contact.id'], 2000)
  usage.record('b', 'app', '1', ['Contact.id'], 2000)
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
  const usage = createApiFieldUsage(2, 0, ignore)
  usage.record('a', 'web', '1', ['x', 'y', 'z'], 0)
  for (let version = 0; version < 1000; version++) usage.record('b', 'bot', String(version), ['x'], 0)
  expect(usage.list().map(({ field, client, count }) => [field, client, count])).toEqual([
    ['x', '', 1000],
    ['x', 'web', 1],
    ['y', 'web', 1],
    ['z', '', 1],
  ])
  expect(usage.unattributed()).toBe(1001)
  expect(usage.list('b')).toEqual([])
})
