import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { PoolObserver } from '../metrics/pool-watch.js'
import { connectionError, isNameLost, isTooManyConnections } from './errors.js'
import { mayOpen, OPEN_EAGERLY, OPEN_PATIENCE_MS } from './pool-growth.js'
import { poolShare, readServerRoom } from './pool-share.js'

export interface PoolOptions {
  readonly connectionString: string
  /** connections open at most; fewer where the server leaves fewer, or other pools share it */
  readonly max: number
  /** of these, kept idle at most */
  readonly maxIdle: number
  readonly lifetimeSeconds: number
  readonly idleSeconds: number
  /** how long a flight waits for a connection */
  readonly acquireTimeoutMs: number
  /** `transaction`: a pooler lies between whose connections lose prepared statements, so none are made */
  readonly pooler?: 'transaction' | undefined
  /** what its connections are called on the server, before their number: `kith`, whose pools share it, unless said */
  readonly name?: string
  /** is told when connections are asked for; nobody unless said */
  readonly observer?: PoolObserver
}

export interface PoolFigures {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

/** A checked-out connection. */
export interface Connection {
  readonly client: pg.PoolClient
  /**
   * Gives the connection back: kept when no transaction is open on it and it answered nothing that makes it useless,
   * destroyed otherwise or when `destroy` is said. pg.Pool's own query() would throw it away on every SQL error.
   */
  readonly release: (destroy?: boolean) => void
}

/** The one pool of a process. Prisma and SQL take their connections here. */
export interface ConnectionPool {
  /** whether a connection keeps the statements that are prepared on it */
  readonly keepsPrepared: boolean
  /** @throws SERVICE_UNAVAILABLE where none is free in time, or none can be opened and none of its own will be free */
  acquire(): Promise<Connection>
  figures(): PoolFigures
  /** how many connections it may have open now */
  limit(): number
  close(): Promise<void>
}

interface Waiter {
  readonly sinceMs: number
  readonly resolve: (client: pg.PoolClient) => void
  readonly reject: (error: Error) => void
}

// Longer than anybody waits: on a busy machine a connect takes seconds, and its connection serves whoever waits then.
const CONNECT_TIMEOUT_MS = 5000
const MIN_BACKOFF_MS = 50
const MAX_BACKOFF_MS = 1000
const SHARE_TTL_MS = 1000
// Answers after which a connection is of no use: the server became read-only (25006; after a failover, the primary is
// elsewhere); the rows of a prepared name have other columns now (0A000).
const SPOILED_STATES = new Set(['25006', '0A000'])

const ignoreError = (): void => undefined

/**
 * Opens a pool; no connection is made before the first flight. The driver pipelines: what is sent without awaiting
 * leaves in one round trip.
 *
 * It grows gently (see mayOpen): who waits gets the first connection that is free, be it one that came back or a new
 * one. A connection that can't be opened fails nobody who can wait for one of the pool's own. Once a second while it is
 * large it asks the server how many pools share it, and keeps to its part (see poolShare).
 */
export function createConnectionPool(options: PoolOptions): ConnectionPool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max,
    maxLifetimeSeconds: options.lifetimeSeconds,
    idleTimeoutMillis: options.idleSeconds * 1000,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: `${options.name ?? 'kith'}-${randomBytes(4).toString('hex')}`,
    pipeline: true,
    keepAlive: true,
  })
  const spoiled = new WeakSet<pg.PoolClient>()
  const waiters = new Set<Waiter>()
  let opening = 0
  let limit = options.max
  let shareAtMs = -Infinity
  let isCrowded = false
  let lastFailure: unknown
  let backoffMs = 0
  let retryAtMs = -Infinity
  let timer: NodeJS.Timeout | undefined

  // An idle connection that breaks is removed by the pool; without a listener the process would end.
  pool.on('error', ignoreError)
  pool.on('connect', (client) => {
    // Nor may one that breaks while it is held, or in the packet that says it is connected, before anybody has it.
    client.on('error', ignoreError)
    ;(client as unknown as pg.Client).connection.on('errorMessage', (error: Error & { code?: string }) => {
      if (isNameLost(error) || SPOILED_STATES.has(error.code ?? '')) spoiled.add(client)
    })
  })
  // A place is free.
  pool.on('remove', () => serve())

  const hasIdle = (): boolean => pool.idleCount > pool.waitingCount

  const takeWaiter = (): Waiter | undefined => {
    const [first] = waiters
    if (first) waiters.delete(first)
    return first
  }

  const rejectAll = (error: unknown): void => {
    for (let waiter = takeWaiter(); waiter; waiter = takeWaiter()) waiter.reject(connectionError(error))
  }

  /** Hands idle connections to those who wait, and opens others where it may. */
  const serve = (): void => {
    while (waiters.size > 0 && hasIdle()) {
      const waiter = takeWaiter()
      if (waiter) void pool.connect().then(waiter.resolve, (error) => waiter.reject(connectionError(error)))
    }
    clearTimeout(timer)
    for (;;) {
      const [oldest] = waiters
      if (!oldest) return
      const nowMs = performance.now()
      const waitedMs = nowMs - oldest.sinceMs
      const isBackingOff = nowMs < retryAtMs && (pool.totalCount > 0 || isTooManyConnections(lastFailure))
      const state = { open: pool.totalCount, opening, limit, waiting: waiters.size, waitedMs }
      if (isBackingOff || !mayOpen(state)) {
        const againMs = Math.max(OPEN_PATIENCE_MS - waitedMs, isBackingOff ? retryAtMs - nowMs : 0)
        if (againMs > 0) timer = setTimeout(serve, againMs)
        return
      }
      void open()
    }
  }

  const open = async (): Promise<void> => {
    opening++
    try {
      const client = await pool.connect()
      backoffMs = 0
      retryAtMs = -Infinity
      await keepToShare(client)
      opening--
      const waiter = takeWaiter()
      if (waiter) waiter.resolve(client)
      else client.release()
    } catch (error) {
      opening--
      lastFailure = error
      backoffMs = Math.min(MAX_BACKOFF_MS, Math.max(MIN_BACKOFF_MS, backoffMs * 2))
      retryAtMs = performance.now() + backoffMs
      isCrowded ||= isTooManyConnections(error)
      // Others' connections end as well: a full server is worth the wait.
      if (pool.totalCount === 0 && !isTooManyConnections(error)) rejectAll(error)
    }
    serve()
  }

  const isShareDue = (): boolean =>
    (isCrowded || pool.totalCount > OPEN_EAGERLY) && performance.now() - shareAtMs >= SHARE_TTL_MS

  const keepToShare = async (client: pg.PoolClient): Promise<void> => {
    if (!isShareDue()) return
    shareAtMs = performance.now()
    try {
      const room = await readServerRoom(client)
      limit = room ? Math.min(options.max, poolShare(room)) : options.max
    } catch {
      // It broke meanwhile: the next one asks.
      return
    }
    const excess = Math.min(pool.totalCount - limit, pool.idleCount - pool.waitingCount)
    for (let count = 0; count < excess; count++) void pool.connect().then((idle) => idle.release(true), ignoreError)
  }

  const giveBack = (client: pg.PoolClient, destroy: boolean): void => {
    const isClean = !destroy && !spoiled.has(client) && client.getTransactionStatus() === 'I'
    const isExcess = pool.totalCount > limit || (pool.idleCount >= options.maxIdle && waiters.size === 0)
    client.release(!isClean || isExcess)
    serve()
  }

  const lend = (client: pg.PoolClient): Connection => {
    let isReleased = false
    return {
      client,
      release(destroy = false) {
        if (isReleased) return
        isReleased = true
        if (destroy || client.getTransactionStatus() !== 'I' || !isShareDue()) giveBack(client, destroy)
        else void keepToShare(client).then(() => giveBack(client, false))
      },
    }
  }

  return {
    keepsPrepared: options.pooler === undefined,
    async acquire() {
      if (waiters.size === 0 && hasIdle()) {
        options.observer?.waited(0, true)
        return lend(
          await pool.connect().catch((error: unknown) => {
            throw connectionError(error)
          }),
        )
      }
      const sinceMs = performance.now()
      const client = await new Promise<pg.PoolClient>((resolve, reject) => {
        const giveUp = setTimeout(() => {
          waiters.delete(waiter)
          options.observer?.waited(performance.now() - sinceMs, false)
          const cause = performance.now() < retryAtMs ? lastFailure : undefined
          reject(connectionError(cause ?? new Error(`no connection was free in ${options.acquireTimeoutMs} ms`)))
        }, options.acquireTimeoutMs)
        const waiter: Waiter = {
          sinceMs,
          resolve(granted) {
            clearTimeout(giveUp)
            options.observer?.waited(performance.now() - sinceMs, true)
            resolve(granted)
          },
          reject(error) {
            clearTimeout(giveUp)
            options.observer?.waited(performance.now() - sinceMs, false)
            reject(error)
          },
        }
        waiters.add(waiter)
        serve()
        if (waiters.has(waiter)) options.observer?.waits()
      })
      return lend(client)
    },
    limit: () => limit,
    figures: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: waiters.size }),
    close: () => {
      clearTimeout(timer)
      rejectAll(new Error('Cannot use a pool after calling end on the pool'))
      return pool.end()
    },
  }
}
