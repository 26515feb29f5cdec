import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../lib/errors.js'
import { databaseError, isConnectionLost, isRepeatable, isServerError } from './errors.js'
import { runnerWith, tellStatement, type QueryRunner } from './pipeline.js'
import type { KithPrisma, PrismaTransaction } from './prisma-client.js'
import type { Row, Statement } from './statement.js'
import { runInTenantContext, type Hold } from './tenant-context.js'
import { timeTransaction } from './transaction-clock.js'

/** Prisma and SQL inside one transaction, on one connection. */
export interface Transaction {
  readonly prisma: PrismaTransaction
  /** One statement of SQL, on the transaction's own connection. */
  readonly sql: <Result extends object = Row>(statement: Statement) => Promise<Result[]>
}

export interface TransactionOptions {
  /** how often the whole unit is tried; 3 */
  readonly attempts?: number
  /** after this the transaction is rolled back; 10,000 */
  readonly timeoutMs?: number
}

/** A unique index refused a row: which one. The transaction is rolled back when this arrives. */
export class UniqueViolation extends Error {
  readonly constraint: string

  constructor(constraint: string, cause: unknown) {
    super(`unique index ${constraint}`, { cause })
    this.name = 'UniqueViolation'
    this.constraint = constraint
  }
}

const MIN_BACKOFF_MS = 10
const MAX_BACKOFF_MS = 200

/**
 * Runs `work` in one transaction of the tenant, as kith_app. Deadlocks, serialization failures and lock timeouts run
 * it again as a whole, with jitter, so `work` must have no effect outside of the database. Inside, read through the
 * transaction and never through loaders: a second connection while holding one can exhaust the pool.
 * @throws UniqueViolation; SERVICE_UNAVAILABLE, TIMEOUT; whatever `work` throws
 */
export function runTransaction<Result>(
  runner: QueryRunner,
  prisma: KithPrisma,
  tenantId: string,
  label: string,
  work: (transaction: Transaction) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  const own = runnerWith(runner, { tenantId })
  return timeTransaction(own, label, tenantId, (timed) => runAttempts(timed, prisma, tenantId, label, work, options))
}

async function runAttempts<Result>(
  runner: QueryRunner,
  prisma: KithPrisma,
  tenantId: string,
  label: string,
  work: (transaction: Transaction) => Promise<Result>,
  { attempts = 3, timeoutMs = 10_000 }: TransactionOptions,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const hold: Hold = { connection: null, lastError: undefined, rows: 0 }
    try {
      const result = await runInTenantContext({ tenantId, role: 'kith_app', label, hold, runner }, () =>
        prisma.$transaction((tx) => work({ prisma: tx, sql: (statement) => runStatement(runner, hold, statement) }), {
          timeout: timeoutMs,
          // The pool says how long a connection is waited for; Prisma's own clock must not be quicker.
          maxWait: timeoutMs,
        }),
      )
      runner.noteWritten?.(hold.rows)
      return result
    } catch (error) {
      const cause = hold.lastError ?? error
      if (isRepeatable(cause) && attempt < attempts) {
        await sleep(MIN_BACKOFF_MS + Math.random() * (MAX_BACKOFF_MS - MIN_BACKOFF_MS))
        continue
      }
      throw transactionFailure(error, cause)
    }
  }
}

/** What a tenant's work failed with, for its caller: `error` is what came out of Prisma, `cause` the server's own. */
function transactionFailure(error: unknown, cause: unknown): unknown {
  // BEGIN and COMMIT fail with the adapter's own error, which doesn't say that the connection was lost.
  const isAway = cause instanceof AppError || isConnectionLost(cause)
  if (error instanceof Error && error.name === 'DriverAdapterError' && isAway) return databaseError(cause)
  // What the work threw by itself, after or without an error of the server, is its own answer.
  const isWrapped =
    error === cause ||
    (cause instanceof AppError && cause.cause === error) ||
    (error instanceof Error && (error.name.startsWith('Prisma') || isServerError(error)))
  if (!isWrapped && error instanceof Error && !('clientVersion' in error)) return databaseError(error)
  if (isServerError(cause) && cause.code === '23505') return new UniqueViolation(cause.constraint ?? '', cause)
  const mapped = databaseError(cause)
  if (mapped !== cause || mapped instanceof AppError) return mapped
  // P2028: no connection in time, or the transaction ran out of time and was rolled back.
  if (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'P2028' || error.code === 'P1001' || error.code === 'P1017')
  ) {
    return new AppError('SERVICE_UNAVAILABLE', 'The database is busy or away; try again.', { cause: error })
  }
  return error
}

async function runStatement<Result extends object>(
  runner: QueryRunner,
  hold: Hold,
  statement: Statement,
): Promise<Result[]> {
  if (!hold.connection) throw new Error('the transaction is over')
  const startMs = performance.now()
  const tell = (ended: { readonly rows: number } | { readonly error: unknown }): void =>
    tellStatement(runner, statement, 'kith_app', performance.now() - startMs, ended)
  try {
    const result = await hold.connection.client.query<Result>({ text: statement.text, values: [...statement.values] })
    const rows = result.rowCount ?? 0
    tell({ rows })
    hold.rows += rows
    return result.rows
  } catch (error) {
    tell({ error })
    hold.lastError = error
    throw error
  }
}
