import { databaseError } from './errors.js'
import { sendStatements, timeoutsNow, type QueryRunner } from './pipeline.js'
import { flightPrelude } from './prelude.js'
import type { Row, Statement } from './statement.js'
import { acquireConnection, timeTransaction } from './transaction-clock.js'

/**
 * Runs one statement as kith_system, without a tenant, in a transaction that may write; nothing is sent twice.
 * @throws SERVICE_UNAVAILABLE, TIMEOUT; the server's own error
 */
export function runSystemChange<Result extends object = Row>(
  runner: QueryRunner,
  statement: Statement,
): Promise<Result[]> {
  return timeTransaction(runner, `system.${statement.label}`, null, async (timed) => {
    const prelude = flightPrelude('kith_system', null, 'change', timeoutsNow(timed))
    const connection = await acquireConnection(timed)
    const { failure, answers, end } = await sendStatements(timed, connection, 'kith_system', [statement], {
      before: prelude,
      after: 'COMMIT',
    })
    connection.release()
    const [answer] = answers
    if (failure) throw databaseError(failure)
    if (!answer || 'error' in answer) throw databaseError(answer?.error ?? new Error('no answer came'))
    if (end !== 'COMMIT') throw databaseError(end ?? new Error('COMMIT got no answer'))
    return answer.rows as Result[]
  })
}
