import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createConnectionPool, type Connection, type ConnectionPool } from '../../src/database/connection-pool.js'
import { createDatabaseOver } from '../../src/database/database.js'
import { fairPool } from '../../src/database/fair-pool.js'
import { createFairQueue, type FairQueue } from '../../src/lib/fair-queue.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { testDatabaseOptions } from '../support/api.js'

const TENANT = '00000000-0000-4000-8000-000000000001'
const OTHER = '00000000-0000-4000-8000-000000000002'
const DEADLINE_MS = performance.now() + 60_000

let clone: ClonedDatabase
let pool: ConnectionPool
let queue: FairQueue

beforeEach(async () => {
  clone = await cloneDatabase()
  pool = createConnectionPool(testDatabaseOptions(clone.databaseUrl).pool)
  queue = createFairQueue(1)
})

afterEach(async () => {
  await pool.close()
  await clone.drop()
})

function acquire(tenantId: string, client: string, cost: number): Promise<Connection> {
  return fairPool(pool, queue, tenantId, { client, cost }, DEADLINE_MS).acquire()
}

test('connections of one tenant are lent in turn, those of others beside them', async () => {
  const lent: string[] = []
  const borrow = async (name: string, client: string, cost: number): Promise<void> => {
    const connection = await acquire(TENANT, client, cost)
    lent.push(name)
    connection.release()
  }
  const first = await acquire(TENANT, 'anna', 100)
  const others = [
    borrow('large, of Anna', 'anna', 900),
    borrow('small, of Anna', 'anna', 20),
    borrow('of Ben', 'ben', 50),
  ]
  // Ben holds none, and needn't wait for Anna.
  await others[2]
  expect(lent).toEqual(['of Ben'])
  const other = await acquire(OTHER, 'anna', 900)
  expect(pool.figures()).toEqual({ total: 2, idle: 0, waiting: 0 })
  first.release()
  await Promise.all(others)
  other.release()
  expect(lent).toEqual(['of Ben', 'small, of Anna', 'large, of Anna'])
})

test('who gets no connection leaves the place', async () => {
  const closed = createConnectionPool(testDatabaseOptions(clone.databaseUrl).pool)
  await closed.close()
  const visitor = { client: 'anna', cost: 1 }
  await expect(fairPool(closed, queue, TENANT, visitor, DEADLINE_MS).acquire()).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  })
  ;(await acquire(TENANT, 'anna', 1)).release()
})

test('reads of requests wait for their turn; changes and what has no deadline do not', async () => {
  let acquired = 0
  let open = (): void => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  const watched = { ...pool, acquire: () => ((acquired += 1), gate.then(() => pool.acquire())) }
  const { timeouts } = testDatabaseOptions(clone.databaseUrl)
  const database = createDatabaseOver({ pool: watched, timeouts, observe: () => undefined }, undefined, 1)
  const one = { label: 'one', text: 'select 1 as one', values: [] }
  const key = { label: 'key', text: `select '${TENANT}'::uuid as tenant_id`, values: [] }
  const request = database.until(DEADLINE_MS, { client: 'anna', cost: 1 })
  const reads = [request.keys(TENANT, key), request.keys(TENANT, key), request.reader(TENANT).read(one)]
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(acquired).toBe(1)
  const others = [request.change(TENANT, (change) => change.ask(one)), database.reader(TENANT).read(one)]
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(acquired).toBe(3)
  open()
  expect(await Promise.all(reads)).toEqual([[{ tenant_id: TENANT }], [{ tenant_id: TENANT }], [{ one: 1 }]])
  expect(await Promise.all(others)).toEqual([[{ one: 1 }], [{ one: 1 }]])
  expect(acquired).toBe(5)
})
