import pg from 'pg'
import type { Connection } from './connection-pool.js'
import { commitError, isConnectionLost, isServerError } from './errors.js'
import { tellStatement } from './pipeline.js'
import { flightPrelude } from './prelude.js'
import { acquireConnection } from './transaction-clock.js'
import { tenantContext, type TenantContext } from './tenant-context.js'

// What begins and ends a transaction, or a part of one, is no statement of anybody's.
const CONTROL = /^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET)\b/

type QueryConfig = pg.QueryConfig & { rowMode?: string }

/**
 * What Prisma's adapter takes for its pg.Pool. It opens no connection of its own: every call takes one from the
 * pool of the transaction that runs (see TenantContext), with role, tenant and timeouts set after BEGIN, so that neither
 * can be forgotten.
 */
export function createPrismaPool(): pg.Pool {
  return new PrismaPool() as unknown as pg.Pool
}

function requireContext(): TenantContext {
  const context = tenantContext()
  if (!context) throw new Error('TENANT_CONTEXT_MISSING: Prisma was called outside of a tenant')
  return context
}

function describe(query: string | QueryConfig): QueryConfig {
  return typeof query === 'string' ? { text: query } : query
}

// The adapter insists on an instance of pg.Pool.
class PrismaPool extends pg.Pool {
  constructor() {
    super({ max: 1 })
  }

  override query(): never {
    throw new Error('Prisma runs inside a transaction alone: use database.transaction.')
  }

  // @ts-expect-error -- the adapter takes what it gets for a PoolClient, which has far more than it uses.
  override async connect(): Promise<Lease> {
    const context = requireContext()
    const connection = await acquire(context)
    context.hold.connection = connection
    return createLease(connection, context)
  }
}

/** A connection; why there is none is kept beside Prisma, whose wrapping loses it. */
async function acquire({ hold, runner }: TenantContext): Promise<Connection> {
  try {
    return await acquireConnection(runner)
  } catch (error) {
    hold.lastError = error
    throw error
  }
}

/** The part of a PoolClient that the adapter uses in a transaction. */
interface Lease {
  query(query: string | QueryConfig): Promise<pg.QueryResult>
  release(error?: unknown): void
  on(event: string, listener: (error: Error) => void): void
  removeListener(event: string, listener: (error: Error) => void): void
}

/**
 * One interactive transaction's hold on a connection. It adds role and tenant to BEGIN, refuses queries after its
 * release (a nested write that timed out would land in another request's transaction), and throws when COMMIT is
 * answered by ROLLBACK (an error that was swallowed inside would look like success).
 */
function createLease(connection: Connection, context: TenantContext): Lease {
  const { runner } = context
  const { client } = connection
  const prelude = flightPrelude(context.role, context.tenantId, 'write', runner.timeouts)
  let open = true
  let underway = 0

  const send = async (query: string | QueryConfig): Promise<pg.QueryResult> => {
    if (!open) throw transactionOver('the transaction is over')
    const { text } = describe(query)
    if (text === 'BEGIN') return client.query(prelude).then(() => emptyResult('BEGIN'))
    const result = await client.query(describe(query))
    if (text === 'COMMIT' && result.command !== 'COMMIT') {
      throw transactionOver('an earlier statement failed, so the transaction was rolled back')
    }
    return result
  }

  return {
    async query(query) {
      const { label } = tenantContext() ?? context
      const { text } = describe(query)
      const startMs = performance.now()
      underway++
      const tell = (ended: { readonly rows: number } | { readonly error: unknown }): void => {
        const durationMs = performance.now() - startMs
        if (!CONTROL.test(text)) tellStatement(runner, { label, text }, context.role, durationMs, ended)
        else if (runner.clock && text === 'COMMIT' && 'rows' in ended) runner.clock.commitMs += durationMs
      }
      try {
        const result = await send(query)
        tell({ rows: result.rowCount ?? 0 })
        return result
      } catch (error) {
        tell({ error })
        const isTold = isServerError(error) ? error.code !== '25P02' : isConnectionLost(error) && text !== 'ROLLBACK'
        if (isTold) context.hold.lastError = text === 'COMMIT' ? commitError(error) : error
        throw error
      } finally {
        underway--
      }
    },
    release(error) {
      open = false
      context.hold.connection = null
      connection.release(error !== undefined || underway > 0)
    },
    on: (event, listener) => void client.on(event as 'error', listener),
    removeListener: (event, listener) => void client.removeListener(event, listener),
  }
}

function transactionOver(message: string): Error {
  // With code and severity the adapter takes it for the server's word and Prisma reports a failure.
  return Object.assign(new Error(message), { code: '25P02', severity: 'ERROR' })
}

function emptyResult(command: string): pg.QueryResult {
  return { command, rowCount: 0, oid: 0, fields: [], rows: [] }
}
