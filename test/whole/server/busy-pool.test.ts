import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { createDatabase, type Database } from '../../../src/database/database.js'
import { loadDemo } from '../../../src/demo/load.js'
import { claimsForRole } from '../../../src/features/identity/principal.service.js'
import { insertFirstUser } from '../../../src/features/identity/user.service.js'
import { createTenant } from '../../../src/features/tenant/tenant.service.js'
import { signToken } from '../../../src/features/identity/token.js'
import { NO_ALERTS } from '../../../src/features/alert/alerting.js'
import { REQUEST_LIMITS } from '../../../src/graphql/limits.js'
import { deriveKey } from '../../../src/lib/derive-key.js'
import { createServer, type Server } from '../../../src/server.js'
import { TEST_SECRET } from '../../support/api.js'
import { startSmallServer, type SmallServer } from '../../support/small-server.js'

// PostgreSQL's own default, and what an operator gets who changes nothing.
const MAX_CONNECTIONS = 100
// Patient: how fast this machine is decides nothing. What is left to fail is a connection that can't be opened.
const TIMEOUTS = { statementTimeoutMs: 60_000, lockTimeoutMs: 3000, idleInTransactionTimeoutMs: 10_000 }

let postgres: SmallServer
let tenantId: string
let token: string
let servers: Server[] = []

function poolOf(connectionString: string) {
  return { connectionString, max: 200, maxIdle: 20, lifetimeSeconds: 3600, idleSeconds: 1800, acquireTimeoutMs: 60_000 }
}

function open(): Database {
  return createDatabase({ pool: poolOf(postgres.urls.app), timeouts: TIMEOUTS })
}

beforeAll(async () => {
  postgres = await startSmallServer({ max_connections: String(MAX_CONNECTIONS) })
  postgres.migrate()
  const database = open()
  const now = new Date()
  await createTenant(database, { slug: 'busy', name: 'Busy' }, now, async (tx, { id }) => {
    await insertFirstUser(tx, id, { email: 'ann@example.com', name: 'Ann' }, now)
  })
  tenantId = (await loadDemo(database, { tenantSlug: 'busy', contacts: 1000, companies: 400, now })).tenantId
  const claims = await claimsForRole(database, tenantId, 'ADMIN')
  if (!claims) throw new Error('The tenant has no ADMIN.')
  token = await signToken(deriveKey(TEST_SECRET, 'tokens'), claims, now, 3600)
  await database.close()
}, 120_000)

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()))
  servers = []
})

afterAll(() => postgres.remove())

/** A server of its own, as another process would be: its pool is empty. Returns its address. */
async function start(): Promise<string> {
  const server = await createServer({
    database: { pool: poolOf(postgres.urls.app), timeouts: TIMEOUTS },
    secret: TEST_SECRET,
    isLocal: false,
    slowQueryMs: 60_000,
    poolLogSeconds: 3600,
    worker: 'off',
    uploadLimitBytes: 10_000_000,
    historySeconds: 0,
    alerts: NO_ALERTS,
    traces: undefined,
    bodyLimitBytes: 1_000_000,
    limits: { ...REQUEST_LIMITS, durationMs: 120_000 },
    customFieldLimit: 500,
    metricsToken: undefined,
    hasSandbox: false,
    corsOrigins: [],
    drain: { delayMs: 0, limitMs: 5000 },
    graphiqlPage: undefined,
    dashboardFolder: undefined,
    demoTenantId: undefined,
    logger: pino({ level: 'silent' }),
  })
  servers.push(server)
  return server.listen('127.0.0.1', 0)
}

/** What the server answered: `200`, or its status with the codes of its errors. */
async function ask(base: string, query: string): Promise<string> {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  })
  const { errors = [] } = (await response.json()) as { errors?: { extensions: { code: string } }[] }
  return [response.status, ...errors.map(({ extensions }) => extensions.code)].join(' ')
}

/** Sends a request so many times, a few at a time, and counts the answers. */
async function askMany(base: string, query: string, times: number, atOnce: number): Promise<Record<string, number>> {
  const answers: Record<string, number> = {}
  let left = times
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const answer = await ask(base, query)
      answers[answer] = (answers[answer] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  return answers
}

const LIST = '{ contacts(first: 20) { nodes { fullName company { name } emailAddresses { email } } } }'
/** So many lists with their counts: each wants two connections at the same moment. */
const lists = (count: number): string => {
  const list = `(first: 20, orderBy: [{ field: COMPANY_NAME }], filter: { fullName: { contains: "a" } })`
  const fields = '{ totalCount nodes { fullName company { name } emailAddresses { email } } }'
  return `{ ${Array.from({ length: count }, (_, index) => `l${index}: contacts${list} ${fields}`).join(' ')} }`
}

describe('a server with the default ceiling of 200, on a database that allows 100 connections', () => {
  test('answers 40 heavy requests, 12 at once', async () => {
    expect(await askMany(await start(), lists(5), 40, 12)).toEqual({ 200: 40 })
  }, 180_000)

  test('answers a burst of 50 lists right after its start', async () => {
    expect(await askMany(await start(), LIST, 50, 50)).toEqual({ 200: 50 })
  })

  test('answers beside another one that is as busy', async () => {
    const [one, other] = [await start(), await start()]
    expect(await Promise.all([askMany(one, lists(3), 30, 12), askMany(other, lists(3), 30, 12)])).toEqual([
      { 200: 30 },
      { 200: 30 },
    ])
  }, 180_000)
})
