import type { FairQueue, Visitor } from '../lib/fair-queue.js'
import type { ConnectionPool } from './connection-pool.js'

/**
 * A pool whose connections one request takes in its turn among the requests of its tenant: it waits for a place of
 * `queue` first, until `deadlineMs` at most, and leaves it when it gives the connection back.
 */
export function fairPool(
  pool: ConnectionPool,
  queue: FairQueue,
  tenantId: string,
  visitor: Visitor,
  deadlineMs: number,
): ConnectionPool {
  return {
    keepsPrepared: pool.keepsPrepared,
    figures: () => pool.figures(),
    limit: () => pool.limit(),
    close: () => pool.close(),
    async acquire() {
      const leave = await queue.enter(tenantId, visitor, deadlineMs)
      try {
        const { client, release } = await pool.acquire()
        return {
          client,
          release(destroy) {
            release(destroy)
            leave()
          },
        }
      } catch (error) {
        leave()
        throw error
      }
    },
  }
}
