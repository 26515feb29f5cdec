import pg from 'pg'

// What the bench tells each peer: where the rows are and whose.
const { DATABASE_URL, TENANT_ID, PEER_NAME } = process.env

export const tenantId = TENANT_ID

/** Options of a pool of pg: 10 connections at most, as it has by itself. */
export const poolOptions = { connectionString: DATABASE_URL, max: 10, application_name: PEER_NAME }

// BEGIN, COMMIT and such are no statements, as in Kith's own metrics.
const TRANSACTION = /^\s*(begin|commit|rollback|savepoint|release)/i

let statements = 0

const send = pg.Client.prototype.query
pg.Client.prototype.query = function (config, ...rest) {
  if (!TRANSACTION.test(config?.text ?? config)) statements++
  return send.call(this, config, ...rest)
}

/** Tells the bench where a server listens, answers it how many statements were sent, and ends with it. */
export function announce(address) {
  process.on('message', () => process.send({ statements }))
  process.on('disconnect', () => process.exit(0))
  process.send({ address })
}

/** Lets a server of node:http listen on a free port of this machine, and tells the bench. */
export function listen(server) {
  server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${server.address().port}`))
}
