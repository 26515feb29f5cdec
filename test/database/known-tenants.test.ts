import { expect, test } from '@jest/globals'
import { createKnownTenants } from '../../src/database/known-tenants.js'

const TABLES = ['contacts', 'companies']

test('a tenant is known for a minute, by the tables that were asked about', () => {
  let nowMs = 1000
  const known = createKnownTenants(() => nowMs)
  expect(known.isKnown('a', TABLES)).toBe(false)
  known.add('a', TABLES)
  expect([known.isKnown('a', TABLES), known.isKnown('b', TABLES), known.isKnown('a', ['contacts'])]).toEqual([
    true,
    false,
    false,
  ])
  nowMs += 59_999
  expect(known.isKnown('a', TABLES)).toBe(true)
  nowMs += 1
  expect(known.isKnown('a', TABLES)).toBe(false)
})

test('of many tenants it forgets all rather than grow', () => {
  const known = createKnownTenants(() => 0)
  for (let tenant = 0; tenant <= 10_000; tenant++) known.add(String(tenant), TABLES)
  expect([known.isKnown('0', TABLES), known.isKnown('10000', TABLES)]).toEqual([false, true])
})
