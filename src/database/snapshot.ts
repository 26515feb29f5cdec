import type pg from 'pg'
import type { Connection } from './connection-pool.js'
import { asError, databaseError } from './errors.js'
import { runCommands } from './flight-query.js'
import { assertOwnTenant } from './keys-wall.js'
import { sendStatements, type QueryRunner } from './pipeline.js'
import { snapshotPrelude, SNAPSHOT_READER_PRELUDE } from './prelude.js'
import type { Row, Statement } from './statement.js'
import { acquireConnection, timeTransaction } from './transaction-clock.js'

/** The rows of a list and what belongs to them, all as of one moment, however long the reading takes. */
export interface Snapshot {
  /** The next rows of the list, `count` at most; fewer only at its end. */
  readonly fetch: <Result extends object = Row>(count: number) => Promise<Result[]>
  /**
   * Rows of statements as kith_app, in the order of the statements and in one round trip. Null where the server sent more
   * than `maxBytes` of them: they were dropped as they came, so that memory stays bounded; ask for less.
   */
  readonly read: (statements: readonly Statement[], maxBytes: number) => Promise<Row[][] | null>
}

/** What a snapshot is read for, and how long that may take. */
export interface SnapshotOptions {
  /** the name of the transaction: `export.contacts` */
  readonly label: string
  /** the list, a statement of kith_keys: each row carries `tenant_id` */
  readonly list: Statement
  /** of one statement; the first `fetch` may have to sort the whole list */
  readonly statementTimeoutMs: number
  /** how long nothing may be asked for, as while who gets the rows doesn't take them */
  readonly idleTimeoutMs: number
  /** ends the reading at once, and frees the connection */
  readonly signal: AbortSignal
}

const CURSOR = 'kith_list'

/**
 * Runs work in one REPEATABLE READ, READ ONLY transaction. What `work` leaves unread, or an abort in the middle, costs the
 * connection: a server that was told to stop might still be sending.
 * @throws SERVICE_UNAVAILABLE, TIMEOUT; whatever `work` throws
 */
export function runSnapshot<Result>(
  runner: QueryRunner,
  tenantId: string,
  options: SnapshotOptions,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  return timeTransaction(runner, options.label, tenantId, async (timed) => {
    const { signal } = options
    signal.throwIfAborted()
    const connection = await acquireConnection(timed)
    const { stream } = (connection.client as unknown as pg.Client).connection
    const stop = (): void => void stream.destroy()
    signal.addEventListener('abort', stop)
    let isDone = false
    try {
      if (signal.aborted) stop()
      const result = await work(await openSnapshot(timed, connection, tenantId, options))
      const said = await runCommands(connection.client, 'COMMIT')
      isDone = !(said instanceof Error) && said.command === 'COMMIT'
      return result
    } catch (error) {
      signal.throwIfAborted()
      throw databaseError(error)
    } finally {
      signal.removeEventListener('abort', stop)
      // The driver would wait for answers that are on their way.
      if (!isDone) stop()
      connection.release(!isDone)
    }
  })
}

async function openSnapshot(
  runner: QueryRunner,
  connection: Connection,
  tenantId: string,
  { list, statementTimeoutMs, idleTimeoutMs }: SnapshotOptions,
): Promise<Snapshot> {
  const declared = { ...list, prepared: false, text: `declare ${CURSOR} no scroll cursor for ${list.text}` }
  // The list's tables are read by the rights with which it was declared, whoever fetches its rows.
  const opened = await sendStatements(runner, connection, 'kith_keys', [declared], {
    before: snapshotPrelude(tenantId, { statementTimeoutMs, idleTimeoutMs }, list.tables),
    after: SNAPSHOT_READER_PRELUDE,
  })
  const problem = opened.failure ?? errorOf(opened.answers) ?? (opened.end instanceof Error ? opened.end : null)
  if (problem) throw problem
  const send = async (statements: readonly Statement[], maxBytes?: number): Promise<Row[][] | null> => {
    const budget = maxBytes === undefined ? undefined : { leftBytes: maxBytes }
    const { answers } = await sendStatements(runner, connection, 'kith_app', statements, {
      ...(budget ? { budget } : {}),
    })
    const error = errorOf(answers)
    if (error) throw error
    if (budget && budget.leftBytes < 0) return null
    return answers.map((answer) => ('rows' in answer ? answer.rows : []))
  }
  return {
    async fetch<Result extends object>(count: number) {
      const text = `fetch forward ${Math.trunc(count)} from ${CURSOR}`
      const rows = (await send([{ label: list.label, text, values: [] }]))?.[0] ?? []
      assertOwnTenant(tenantId, list.label, rows)
      return rows as Result[]
    },
    read: (statements, maxBytes) => send(statements, maxBytes),
  }
}

function errorOf(answers: readonly ({ readonly rows: Row[] } | { readonly error: Error })[]): Error | undefined {
  const failed = answers.find((answer) => 'error' in answer)
  return failed && 'error' in failed ? asError(failed.error) : undefined
}
