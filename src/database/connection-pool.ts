import pg from 'pg'
import { connectionError } from './errors.js'

export interface PoolOptions {
  readonly connectionString: string
  /** connections open at most */
  readonly max: number
  /** of these, kept idle at most */
  readonly maxIdle: number
  readonly lifetimeSeconds: number
  readonly idleSeconds: number
  /** how long a flight waits for a connection */
  readonly acquireTimeoutMs: number
  readonly applicationName?: string
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
   * Gives the connection back: kept when no transaction is open on it, destroyed otherwise or when `destroy` is said.
   * pg.Pool's own query() would throw it away on every SQL error.
   */
  readonly release: (destroy?: boolean) => void
}

/** The one pool of a process. Both hands, Prisma and SQL, take their connections here. */
export interface ConnectionPool {
  acquire(): Promise<Connection>
  figures(): PoolFigures
  close(): Promise<void>
}

const ignoreError = (): void => undefined

/**
 * Opens a pool; no connection is made before the first flight. The driver pipelines: what is sent without awaiting
 * leaves in one round trip.
 */
export function createConnectionPool(options: PoolOptions): ConnectionPool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max,
    maxLifetimeSeconds: options.lifetimeSeconds,
    idleTimeoutMillis: options.idleSeconds * 1000,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    application_name: options.applicationName ?? 'kith',
    pipeline: true,
    keepAlive: true,
  })
  // An idle connection that breaks is removed by the pool; without a listener the process would end.
  pool.on('error', ignoreError)
  // Nor may one that breaks while it is held, or in the packet that says it is connected, before anybody has it.
  pool.on('connect', (client) => client.on('error', ignoreError))
  return {
    async acquire() {
      const client = await pool.connect().catch((error: unknown) => {
        throw connectionError(error)
      })
      let released = false
      return {
        client,
        release(destroy = false) {
          if (released) return
          released = true
          const clean = !destroy && client.getTransactionStatus() === 'I'
          client.release(!clean || (pool.idleCount >= options.maxIdle && pool.waitingCount === 0))
        },
      }
    },
    figures: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  }
}
