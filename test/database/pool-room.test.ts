import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createConnectionPool, type ConnectionPool, type PoolOptions } from '../../src/database/connection-pool.js'
import { queryOnce } from '../support/embedded-process.js'
import { startSmallServer, type SmallServer } from '../support/small-server.js'

// 20 less 3 that are kept for superusers.
const ROOM = 17
const LEFT = 2

let postgres: SmallServer
let pools: ConnectionPool[] = []
let others: pg.Client[] = []

beforeAll(async () => {
  postgres = await startSmallServer({ max_connections: '20' })
}, 120_000)

afterEach(async () => {
  await Promise.all([...pools.map((pool) => pool.close()), ...others.map((client) => client.end())])
  pools = []
  others = []
  // A closed connection keeps its place until its process has ended.
  while ((await connected()) > 0) continue
})

afterAll(() => postgres.remove())

function open(changes: Partial<PoolOptions> = {}): ConnectionPool {
  const pool = createConnectionPool({
    connectionString: postgres.urls.app,
    max: 200,
    maxIdle: 20,
    lifetimeSeconds: 3600,
    idleSeconds: 1800,
    acquireTimeoutMs: 10_000,
    ...changes,
  })
  pools.push(pool)
  return pool
}

/** Connections of the server's login. */
async function connected(): Promise<number> {
  const rows = await queryOnce(
    postgres.urls.admin,
    `select count(*)::int as total from pg_stat_activity where usename = 'kith'`,
  )
  return Number(rows[0]?.['total'])
}

async function takePlaces(count: number): Promise<void> {
  while (others.length < count) {
    const client = new pg.Client({ connectionString: postgres.urls.app })
    try {
      await client.connect()
      others.push(client)
    } catch (error) {
      // The process of a connection that was closed just now has not ended yet.
      expect(error).toMatchObject({ code: '53300' })
    }
  }
}

/** Holds a connection for so long. */
async function hold(pool: ConnectionPool, seconds: number): Promise<void> {
  const { client, release } = await pool.acquire()
  try {
    await client.query('select pg_sleep($1)', [seconds])
  } finally {
    release()
  }
}

/** Keeps a pool busy: 30 callers, one after the other each, until the promise is settled. */
async function keepBusy(pool: ConnectionPool, until: Promise<unknown>): Promise<void> {
  let isOver = false
  void until.finally(() => (isOver = true))
  const caller = async (): Promise<void> => {
    while (!isOver) await hold(pool, 0.3)
  }
  await Promise.all(Array.from({ length: 30 }, caller))
}

/** Comes back when the pools have so many connections. */
async function haveTotals(...totals: number[]): Promise<void> {
  while (pools.some((pool, index) => pool.figures().total !== totals[index])) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('on a server with few places', () => {
  test('a pool alone takes nine tenths', async () => {
    const pool = open()
    let most = 0
    const full = haveTotals(15).then(() => hold(pool, 0.5))
    const watch = setInterval(() => (most = Math.max(most, pool.figures().total)), 5)
    await keepBusy(pool, full)
    clearInterval(watch)
    expect(most).toBeLessThanOrEqual(ROOM)
  })

  test('two pools come to share it in equal parts, and all their callers are served', async () => {
    const [one, other] = [open(), open()]
    const shared = haveTotals(7, 7)
    await Promise.all([keepBusy(one, shared), keepBusy(other, shared)])
    expect(await connected()).toBeLessThanOrEqual(14)
  })

  test('a pool that had it alone gives up a part to one that comes later', async () => {
    const one = open()
    let isShared = (): void => undefined
    const shared = new Promise<void>((resolve) => (isShared = resolve))
    const busy = keepBusy(one, shared)
    await haveTotals(15)
    const other = open()
    const second = keepBusy(other, shared)
    await haveTotals(7, 7)
    isShared()
    await Promise.all([busy, second])
  })

  test('with nearly all places taken, 40 callers are served by the connections that it has', async () => {
    await takePlaces(ROOM - LEFT)
    const pool = open()
    await Promise.all(Array.from({ length: 40 }, () => hold(pool, 0.01)))
    const { total, idle, waiting } = pool.figures()
    expect({ idle, waiting }).toEqual({ idle: total, waiting: 0 })
    expect(total).toBeLessThanOrEqual(LEFT)
  })

  test('with all places taken, callers wait for one until it is free', async () => {
    await takePlaces(ROOM)
    const pool = open()
    const held = Promise.all(Array.from({ length: 10 }, () => hold(pool, 0.01)))
    while (pool.figures().waiting < 10) await new Promise(setImmediate)
    await others.pop()?.end()
    await held
    expect(pool.figures()).toEqual({ total: 1, idle: 1, waiting: 0 })
  })

  test('with all places taken for too long, callers are told that the database is busy', async () => {
    await takePlaces(ROOM)
    // Time enough for the refusal of one connection, on a busy machine too.
    const pool = open({ acquireTimeoutMs: 2000 })
    await expect(pool.acquire()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: 'The database is busy or away; try again.',
      cause: { code: '53300' },
    })
    expect(pool.figures()).toEqual({ total: 0, idle: 0, waiting: 0 })
  })
})
