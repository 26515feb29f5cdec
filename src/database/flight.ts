import type { Connection } from './connection-pool.js'
import { asError, databaseError, isConnectionLost, isNameLost, isServerError } from './errors.js'
import { sendStatements, timeoutsNow, type QueryRunner } from './pipeline.js'
import { flightPrelude } from './prelude.js'
import type { Answer, DatabaseRole, Statement } from './statement.js'
import { acquireConnection, endTransaction, startTransaction } from './transaction-clock.js'

const FRESH_CONNECTIONS = 2
// The rows of a prepared statement have other columns now: a fresh connection heals that too.
const CHANGED_COLUMNS = '0A000'
/** What reads by each role are called where transactions are timed. */
const LABELS: Readonly<Record<DatabaseRole, string>> = { kith_app: 'read', kith_keys: 'keys', kith_system: 'system' }

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
  const timed = startTransaction(runner, LABELS[role])
  let failed = true
  try {
    const answers = await runReads(timed, role, tenantId, statements)
    failed = answers.some((answer) => 'error' in answer)
    return answers
  } finally {
    endTransaction(timed, tenantId, failed)
  }
}

async function runReads(
  runner: QueryRunner,
  role: DatabaseRole,
  tenantId: string | null,
  statements: readonly Statement[],
): Promise<Answer[]> {
  const joined = role === 'kith_keys' ? joinedTables(statements) : []
  const answers = new Array<Answer>(statements.length)
  let pending = statements.map((_, index) => index)
  let freshConnections = 0
  while (pending.length > 0) {
    let connection: Connection
    try {
      connection = await acquireConnection(runner)
    } catch (error) {
      for (const index of pending) answers[index] = { error: asError(error) }
      break
    }
    const sent = pending
    const tables = tenantId !== null && runner.knownTenants?.isKnown(tenantId, joined) ? [] : joined
    let prelude: string
    try {
      // What is left of the request's time is told when it has its connection, which it may have waited for.
      prelude = flightPrelude(role, tenantId, 'read', timeoutsNow(runner), tables)
    } catch (error) {
      connection.release()
      throw error
    }
    const {
      failure,
      row,
      answers: outcomes,
    } = await sendStatements(
      runner,
      connection,
      role,
      sent.map((index) => statements[index] as Statement),
      { before: prelude, after: 'COMMIT' },
    )
    if (tenantId !== null && tables.length > 0 && row.at(-1) === 'auto') runner.knownTenants?.add(tenantId, tables)
    pending = []
    let broken = false
    for (const [offset, index] of sent.entries()) {
      // Without role and tenant nothing ran: say why instead of "transaction is aborted".
      const outcome = failure ? { error: failure } : (outcomes[offset] as Answer)
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

/** The tables that are joined, each once. What reads one table has no join to go wrong: it is read by whatever index. */
function joinedTables(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.flatMap(({ tables = [] }) => (tables.length > 1 ? tables : [])))]
}

function isStale(error: unknown): boolean {
  return isConnectionLost(error) || isNameLost(error) || (isServerError(error) && error.code === CHANGED_COLUMNS)
}
