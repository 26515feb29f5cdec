import { createConnectionPool, type ConnectionPool } from '../../src/database/connection-pool.js'
import { createDatabaseOver, type Database, type DatabaseOptions } from '../../src/database/database.js'

/** How many round trips to the database server began so far. */
export interface RoundTrips {
  count: number
}

/**
 * The database floor over a pool that counts into `trips`. A round trip begins when something is sent on a connection
 * that owes no answer; what is sent while answers are outstanding leaves with it, pipelined:
 *
 *     BEGIN, select, COMMIT sent at once          1
 *     BEGIN, answer, update, answer, COMMIT       3
 *     the same select on two connections at once  2
 *
 * Everything goes through `client.query`, BEGIN and COMMIT and what Prisma sends too. Making a connection isn't
 * counted.
 */
export function openCountedDatabase(options: DatabaseOptions, trips: RoundTrips): Database {
  return createDatabaseOver(
    {
      pool: countRoundTrips(createConnectionPool(options.pool), trips),
      timeouts: options.timeouts,
      observe: options.observeStatement ?? (() => undefined),
    },
    options.observeOperation,
  )
}

/** A pool that counts the round trips of its connections into `trips`. */
export function countRoundTrips(pool: ConnectionPool, trips: RoundTrips): ConnectionPool {
  return {
    ...pool,
    async acquire() {
      const connection = await pool.acquire()
      let outstanding = 0
      const settle = (): void => void outstanding--
      const client = new Proxy(connection.client, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target)
          if (typeof value !== 'function') return value
          if (name !== 'query') return value.bind(target) as unknown
          return (...sent: unknown[]): unknown => {
            if (outstanding === 0) trips.count++
            outstanding++
            // Told before the caller's own handlers: what they send next begins a round trip of its own.
            if (isSubmitted(sent[0])) {
              const { handleReadyForQuery } = sent[0]
              sent[0].handleReadyForQuery = function (this: unknown, ...args: unknown[]) {
                settle()
                return handleReadyForQuery.apply(this, args)
              }
              return Reflect.apply(value, target, sent)
            }
            const answer: unknown = Reflect.apply(value, target, sent)
            if (!(answer instanceof Promise)) throw new Error('only promises of answers can be counted')
            answer.then(settle, settle)
            return answer
          }
        },
      })
      return { client, release: (destroy) => connection.release(destroy) }
    },
  }
}

/** A query that runs itself, as FlightQuery does; it ends with ReadyForQuery, or an error, which calls the same. */
interface SubmittedQuery {
  handleReadyForQuery: (...args: unknown[]) => unknown
}

function isSubmitted(query: unknown): query is SubmittedQuery {
  return typeof query === 'object' && query !== null && 'submit' in query
}
