import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { isNameLost } from '../errors.js'

const ROUNDS = 4
const ANSWER_TIMEOUT_MS = 1000

/**
 * Whether a connection keeps its prepared statements. Behind a pooler in transaction mode each transaction may run on
 * another connection of the server: what was prepared on one is missing on the next, or is there already. PgBouncer
 * keeps the names apart from 1.21 on, unless `max_prepared_statements` is 0.
 *
 * Two clients prepare different texts under one name and run them in turn, while the other one holds its connection in
 * a transaction, so that a pooler has to give another one.
 * @throws the driver's error when there is no connection
 */
export async function keepsPreparedStatements(connectionString: string): Promise<boolean> {
  const name = `kith_check_${randomBytes(6).toString('hex')}`
  const clients = [0, 1].map(() => new pg.Client({ connectionString, connectionTimeoutMillis: 5000 }))
  for (const client of clients) client.on('error', () => undefined)
  const ask = async (index: number): Promise<boolean> => {
    const { rows } = await (clients[index] as pg.Client).query<{ own: number }>({
      name,
      text: `select ${index} as own`,
    })
    return rows[0]?.own === index
  }
  try {
    for (const client of clients) await client.connect()
    for (let round = 0; round < ROUNDS; round++) {
      const holder = clients[round % 2] as pg.Client
      const asks = (round + 1) % 2
      if (round < 2 && !(await ask(round))) return false
      await holder.query('BEGIN')
      const answer = ask(asks)
      // A pooler with a single connection answers only when it is free again.
      const timer = new Promise<void>((resolve) => void setTimeout(resolve, ANSWER_TIMEOUT_MS).unref())
      await Promise.race([answer.catch(() => undefined), timer])
      await holder.query('COMMIT')
      if (!(await answer)) return false
    }
    return true
  } catch (error) {
    if (isNameLost(error)) return false
    throw error
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
  }
}
