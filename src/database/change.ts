import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { isNativeError } from 'node:util/types'
import type { Connection } from './connection-pool.js'
import { commitError, databaseError, isNameLost, isRepeatable, isServerError } from './errors.js'
import { sendStatements, timeoutsNow, type QueryRunner } from './pipeline.js'
import { flightPrelude } from './prelude.js'
import type { Answer, Row, Statement } from './statement.js'
import { acquireConnection, timeTransaction } from './transaction-clock.js'
import { UniqueViolation } from './transaction.js'

/**
 * One change of a tenant's rows, in one transaction of two round trips:
 *
 * 1. `ask`: BEGIN, role, tenant and limits, then all that was asked for in one tick: locks, and what checks need to know.
 * 2. `commit`: the writes, what is to be read after them, COMMIT.
 *
 * A change that ends without `commit` wrote nothing.
 */
export interface Change {
  /** Rows of one statement. All that is asked for in one tick leaves together; the first time with BEGIN. */
  readonly ask: <Result extends object = Row>(statement: Statement) => Promise<Result[]>
  /** Runs statements and ends the transaction, in one round trip. Rows come in the order of the statements. */
  readonly commit: (statements: readonly Statement[]) => Promise<Row[][]>
  /** Lets others have their turn, in the midst of long checks. @throws TIMEOUT where the request's time is over */
  readonly pause: () => Promise<void>
}

const ATTEMPTS = 3
const MIN_BACKOFF_MS = 10
const MAX_BACKOFF_MS = 200
// A unique index or a foreign key refused what the checks had let pass: another writer was between.
const REFUSED_STATES = new Set(['23505', '23503'])

/**
 * Runs a change as kith_app. The whole of `work` runs again, three times in all, where it met another writer: a
 * deadlock, a serialization failure or a lock timeout; and where a unique index or a foreign key refused, since the
 * checks of the next run see who holds the value, or that the company is gone. So `work` must have no effect outside of
 * the database. A statement is never sent twice by itself.
 * @throws UniqueViolation where the last run met one; SERVICE_UNAVAILABLE, with `outcome: UNKNOWN` where COMMIT got no answer;
 *   TIMEOUT; whatever `work` throws
 */
export function runChange<Result>(
  runner: QueryRunner,
  tenantId: string,
  work: (change: Change) => Promise<Result>,
): Promise<Result> {
  return timeTransaction(runner, 'change', tenantId, (timed) => runAttempts(timed, tenantId, work))
}

async function runAttempts<Result>(
  runner: QueryRunner,
  tenantId: string,
  work: (change: Change) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(runner, tenantId, work)
    } catch (error) {
      const isLast = attempt === ATTEMPTS
      if (!isLast && isRepeatable(error)) {
        await sleep(MIN_BACKOFF_MS + Math.random() * (MAX_BACKOFF_MS - MIN_BACKOFF_MS))
      } else if (isLast || !mayPassNow(error)) {
        throw isServerError(error) && error.code === '23505'
          ? new UniqueViolation(error.constraint ?? '', error)
          : databaseError(error)
      }
    }
  }
}

/** Whether the next run may pass at once. Of a lost name the pool has destroyed the connection: it gets another one. */
function mayPassNow(error: unknown): boolean {
  return isNameLost(error) || (isServerError(error) && REFUSED_STATES.has(error.code))
}

async function runOnce<Result>(
  runner: QueryRunner,
  tenantId: string,
  work: (change: Change) => Promise<Result>,
): Promise<Result> {
  const prelude = flightPrelude('kith_app', tenantId, 'change', timeoutsNow(runner))
  const connection = await acquireConnection(runner)
  const change = createChange(runner, connection, prelude)
  try {
    return await work(change)
  } finally {
    await change.end()
  }
}

interface Asked {
  readonly statement: Statement
  readonly settle: (answer: Answer) => void
}

function createChange(
  runner: QueryRunner,
  connection: Connection,
  prelude: string,
): Change & { readonly end: () => Promise<void> } {
  let state: 'new' | 'open' | 'over' = 'new'
  let queue: Asked[] = []
  let sending: Promise<unknown> = Promise.resolve()

  const send = async (statements: readonly Statement[], after: string | null): Promise<Answer[]> => {
    if (state === 'over') throw new Error('the change is over')
    const before = state === 'new' ? prelude : null
    state = after === null ? 'open' : 'over'
    const sent = sendStatements(runner, connection, 'kith_app', statements, { before, after })
    sending = sent
    const { failure, answers, end } = await sent
    const failed = answers.find((answer) => 'error' in answer)
    const error = failure ?? (failed && 'error' in failed ? failed.error : end)
    // All left in one message, and COMMIT with it: whichever of them stayed without an answer, it may have been carried
    // out.
    if (isNativeError(error)) throw after === null ? error : commitError(error)
    if (after !== null && end !== after) throw new Error(`the server answered ${after} with ${end ?? 'nothing'}`)
    return answers
  }

  const depart = (): void => {
    const leaving = queue
    queue = []
    void send(
      leaving.map(({ statement }) => statement),
      null,
    ).then(
      (answers) => leaving.forEach(({ settle }, index) => settle(answers[index] as Answer)),
      (error: Error) => leaving.forEach(({ settle }) => settle({ error })),
    )
  }

  return {
    ask<Result extends object>(statement: Statement): Promise<Result[]> {
      return new Promise<Result[]>((resolve, reject) => {
        const settle = (answer: Answer): void => {
          if ('rows' in answer) resolve(answer.rows as Result[])
          else reject(answer.error)
        }
        // After all promise jobs of this turn, so that whatever is asked for in the same tick leaves together.
        if (queue.push({ statement, settle }) === 1) void Promise.resolve().then(() => process.nextTick(depart))
      })
    },
    async commit(statements) {
      if (runner.clock && statements[0]) runner.clock.label = `change.${statements[0].label}`
      const answers = await send(statements, 'COMMIT')
      const rows = answers.map((answer) => ('rows' in answer ? answer.rows : []))
      runner.noteWritten?.(rows.reduce((sum, { length }) => sum + length, 0))
      return rows
    },
    async pause() {
      timeoutsNow(runner)
      await setImmediate()
    },
    async end() {
      await sending.catch(() => undefined)
      if (connection.client.getTransactionStatus() !== 'I')
        await connection.client.query('ROLLBACK').catch(() => undefined)
      state = 'over'
      connection.release()
    },
  }
}
