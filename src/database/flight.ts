import pg from 'pg'
import type { Connection, ConnectionPool } from './connection-pool.js'
import { asError, databaseError, isConnectionLost, isServerError } from './errors.js'
import { flightPrelude, type FlightTimeouts } from './prelude.js'
import { preparedName, type DatabaseRole, type Row, type Statement, type StatementObserver } from './statement.js'

/** Where flights run: the pool, its limits, and who is told of each statement. */
export interface QueryRunner {
  readonly pool: ConnectionPool
  readonly timeouts: FlightTimeouts
  readonly observe: StatementObserver
}

/** The answer of one statement of a flight. */
export type Answer = { readonly rows: Row[] } | { readonly error: Error }

const FRESH_CONNECTIONS = 2
// A prepared name the connection doesn't know (26000) or whose row type changed (0A000): a fresh connection heals both.
const STALE_STATES = new Set(['26000', '0A000'])

// date stays the text YYYY-MM-DD; the driver's default would make it a moment in the server's time zone.
const DATE_OID: number = pg.types.builtins.DATE
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((value: string) => unknown) =>
    oid === DATE_OID && format !== 'binary' ? (text) => text : (pg.types.getTypeParser(oid, format) as never),
}

/**
 * Runs reads in one pipelined READ ONLY transaction: one round trip, one connection, role and tenant set for it alone.
 * Answers stand in the order of the statements and come together, after the last. A failing statement costs only its
 * own answer: what follows it failed with 25P02 and runs again in a new flight; a lost or stale connection is destroyed
 * and the rest runs on a fresh one, twice at most. No savepoints: they would cost 17 % of every flight.
 */
export async function runReadFlight(
  runner: QueryRunner,
  role: DatabaseRole,
  tenantId: string | null,
  statements: readonly Statement[],
): Promise<Answer[]> {
  const prelude = flightPrelude(role, tenantId, 'read', runner.timeouts)
  const answers = new Array<Answer>(statements.length)
  let pending = statements.map((_, index) => index)
  let freshConnections = 0
  while (pending.length > 0) {
    let connection: Connection
    try {
      connection = await runner.pool.acquire()
    } catch (error) {
      for (const index of pending) answers[index] = { error: asError(error) }
      break
    }
    const sent = pending
    const outcomes = await sendReads(
      runner,
      connection,
      role,
      prelude,
      sent.map((index) => statements[index] as Statement),
    )
    pending = []
    let broken = false
    for (const [offset, index] of sent.entries()) {
      const outcome = outcomes[offset] as Answer
      if ('rows' in outcome) {
        answers[index] = outcome
      } else if (isStale(outcome.error) && (broken || freshConnections < FRESH_CONNECTIONS)) {
        if (!broken) freshConnections++
        broken = true
        pending.push(index)
      } else if (isServerError(outcome.error) && outcome.error.code === '25P02') {
        pending.push(index)
      } else {
        answers[index] = { error: databaseError(outcome.error) }
      }
    }
    connection.release(broken)
  }
  return answers
}

function isStale(error: unknown): boolean {
  return isConnectionLost(error) || (isServerError(error) && STALE_STATES.has(error.code))
}

async function sendReads(
  runner: QueryRunner,
  { client }: Connection,
  role: DatabaseRole,
  prelude: string,
  statements: readonly Statement[],
): Promise<Answer[]> {
  const opened = client.query(prelude).then(
    () => null,
    (error: unknown) => ({ error: asError(error) }),
  )
  let previousEndMs = performance.now()
  const sent = statements.map(async (statement): Promise<Answer> => {
    let answer: Answer
    try {
      const name = preparedName(statement, role)
      const result = await client.query<Row>({
        ...(name ? { name } : {}),
        text: statement.text,
        values: [...statement.values],
        types: typeParsers,
      })
      answer = { rows: result.rows }
    } catch (error) {
      answer = { error: asError(error) }
    }
    // In a pipeline a statement's own time starts when the one before it has ended.
    const endMs = performance.now()
    const failed = 'error' in answer
    runner.observe({ label: statement.label, role, text: statement.text, durationMs: endMs - previousEndMs, failed })
    previousEndMs = endMs
    return answer
  })
  const closed = client.query('COMMIT').catch(() => undefined)
  const failure = await opened
  const answers = await Promise.all(sent)
  await closed
  // Without role and tenant nothing ran: say why instead of "transaction is aborted".
  return failure ? answers.map(() => failure) : answers
}
