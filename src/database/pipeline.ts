import type pg from 'pg'
import { AppError } from '../lib/errors.js'
import type { Connection, ConnectionPool } from './connection-pool.js'
import { codeOf } from './errors.js'
import type { KnownTenants } from './known-tenants.js'
import type { FlightTimeouts } from './prelude.js'
import { runCommands, runFlightQuery, type RowBudget, type Said, type StatementEnd } from './flight-query.js'
import {
  preparedName,
  type Answer,
  type DatabaseRole,
  type RequestWork,
  type Statement,
  type StatementObserver,
} from './statement.js'
import type { TransactionClock, TransactionObserver } from './transaction-event.js'

/** Where statements run: the pool, its limits, and who is told of each statement. */
export interface QueryRunner {
  readonly pool: ConnectionPool
  readonly timeouts: FlightTimeouts
  /** the moment of `performance.now()` at which the request ends; absent without a limit */
  readonly deadlineMs?: number | undefined
  readonly observe: StatementObserver
  /** whose statements run; absent before a tenant is known */
  readonly tenantId?: string | undefined
  /** for which request they run */
  readonly request?: RequestWork | undefined
  readonly observeTransaction?: TransactionObserver | undefined
  /** which tenants statistics are known to know; asked each time without it */
  readonly knownTenants?: KnownTenants | undefined
  /** is told of each change and transaction that was committed, with the rows that its statements gave back, about as many as were written */
  readonly noteWritten?: ((rows: number) => void) | undefined
  /** what times the transaction that runs */
  readonly clock?: TransactionClock | undefined
}

/**
 * A runner with some other parts. Each is named, as `{ ...runner, tenantId }` takes 5 µs instead of 0.1: V8 has no quick way for a
 * spread that more parts follow, and a request makes several of these.
 */
export function runnerWith(runner: QueryRunner, parts: Partial<QueryRunner>): QueryRunner {
  return {
    pool: parts.pool ?? runner.pool,
    timeouts: parts.timeouts ?? runner.timeouts,
    deadlineMs: parts.deadlineMs ?? runner.deadlineMs,
    observe: parts.observe ?? runner.observe,
    tenantId: parts.tenantId ?? runner.tenantId,
    request: parts.request ?? runner.request,
    observeTransaction: parts.observeTransaction ?? runner.observeTransaction,
    knownTenants: parts.knownTenants ?? runner.knownTenants,
    noteWritten: parts.noteWritten ?? runner.noteWritten,
    clock: parts.clock ?? runner.clock,
  }
}

/** Tells a statement that ran to the observer, and counts it for its request. `ended` is its answer, or its error. */
export function tellStatement(
  { observe, tenantId, request }: Pick<QueryRunner, 'observe' | 'tenantId' | 'request'>,
  { label, text, prepared = false, tables, uses }: Omit<Statement, 'values'>,
  role: DatabaseRole,
  durationMs: number,
  ended: { readonly rows: number } | { readonly error: unknown },
): void {
  const failed = 'error' in ended
  const rows = failed ? 0 : ended.rows
  if (request) {
    request.statements++
    request.rows += rows
  }
  observe({
    label,
    role,
    text,
    prepared,
    tables,
    uses,
    tenantId: tenantId ?? null,
    request,
    durationMs,
    failed,
    rows,
    errorCode: failed ? codeOf(ended.error) : undefined,
  })
}

/**
 * The limits of what leaves now: each statement may take what is left until the deadline. Several in one flight may
 * together run longer: after 0.9 s of 1 s the next one may still take 1 s.
 * @throws TIMEOUT where it has passed
 */
export function timeoutsNow({ timeouts, deadlineMs }: QueryRunner): FlightTimeouts {
  if (deadlineMs === undefined) return timeouts
  const leftMs = Math.floor(deadlineMs - performance.now())
  if (leftMs <= 0) throw new AppError('TIMEOUT', 'The request took too long; ask for less at once.')
  if (leftMs >= timeouts.statementTimeoutMs) return timeouts
  return { ...timeouts, statementTimeoutMs: leftMs, lockTimeoutMs: Math.min(timeouts.lockTimeoutMs, leftMs) }
}

const NOTHING_SAID: Said = { command: '', row: [] }

/** What one round trip brought back. */
export interface Pipelined {
  /** in the order of the statements */
  readonly answers: Answer[]
  /** why the message before them failed; null where it didn't */
  readonly failure: Error | null
  /** the last row of the message before them; empty without one */
  readonly row: Said['row']
  /** what the server said to the message behind them: `COMMIT`, `ROLLBACK` where a statement failed, or its refusal */
  readonly end: string | Error | null
}

/**
 * Sends statements without waiting between them: one round trip. `before` goes ahead of them and `after` behind, as
 * BEGIN and COMMIT do. A failing statement spoils those behind it in the same transaction (25P02). Nothing throws: each
 * answer has rows or an error. Each statement that ran is told to the observer with its own time. Beyond the `budget` rows
 * are dropped as they come.
 */
export async function sendStatements(
  runner: QueryRunner,
  { client }: Connection,
  role: DatabaseRole,
  statements: readonly Statement[],
  {
    before = null,
    after = null,
    budget,
  }: { readonly before?: string | null; readonly after?: string | null; readonly budget?: RowBudget },
): Promise<Pipelined> {
  const { stream } = (client as unknown as pg.Client).connection
  // All messages leave in one write to the socket.
  stream.cork()
  let previousEndMs = performance.now()
  const ended: StatementEnd = (index, answer) => {
    // In a pipeline a statement's own time starts when the one before it has ended.
    const endMs = performance.now()
    const outcome = 'rows' in answer ? { rows: answer.rows.length } : answer
    tellStatement(runner, statements[index] as Statement, role, endMs - previousEndMs, outcome)
    previousEndMs = endMs
  }
  const opened = before === null ? NOTHING_SAID : runCommands(client, before)
  const named = statements.map((statement) => ({
    statement,
    name: runner.pool.keepsPrepared ? preparedName(statement, role) : undefined,
  }))
  const answered = named.length === 0 ? [] : runFlightQuery(client, named, ended, budget)
  const closed = after === null ? null : runCommands(client, after)
  stream.uncork()
  const begun = await opened
  const failure = 'command' in begun ? null : begun
  const row = 'command' in begun ? begun.row : []
  const answers = await answered
  const said = await closed
  const end = said !== null && 'command' in said ? said.command : said
  if (runner.clock && end === 'COMMIT') runner.clock.commitMs += performance.now() - previousEndMs
  return { failure, row, answers, end }
}
