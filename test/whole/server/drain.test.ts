import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { createDatabase } from '../../../src/database/database.js'
import { signToken } from '../../../src/features/identity/token.js'
import { deriveKey } from '../../../src/lib/derive-key.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { TEST_SECRET, testDatabaseOptions } from '../../support/api.js'
import { createTenant } from '../../support/records.js'
import { startHttpServer, startServerOver } from '../support/http-server.js'
import { startFromSource } from '../support/source-process.js'

const DELAY_MS = 3000
const LANES = 16
const QUERY = JSON.stringify({ query: '{ contacts(first: 20) { totalCount nodes { lastName } } me { role } }' })

let clone: ClonedDatabase
let token: string

beforeAll(async () => {
  clone = await cloneDatabase()
  const database = createDatabase(testDatabaseOptions(clone.databaseUrl))
  const { settings, users } = await createTenant(database)
  await database.close()
  const claims = { tenantId: settings.id, userId: users.ADMIN, role: 'ADMIN' as const }
  token = await signToken(deriveKey(TEST_SECRET, 'tokens'), claims, new Date(), 3600)
})

afterAll(() => clone.drop())

let children: ChildProcess[] = []

// Those of a test that failed.
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
})

/** A server in a process of its own, as it runs in production. */
async function startProcess() {
  const settings = {
    DATABASE_URL: clone.databaseUrl,
    KITH_SECRET: TEST_SECRET,
    KITH_DRAIN_DELAY_MS: String(DELAY_MS),
  }
  const { child, base } = await startFromSource(settings, (began) => children.push(began))
  return { child, base, ended: once(child, 'exit') as Promise<[number | null, string | null]> }
}

/** One request on the agent's kept-alive connection: the status, or the code of the error. */
async function send(base: string, agent: Agent): Promise<number | string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  try {
    const call = request(`${base}/graphql`, { method: 'POST', agent, headers })
    call.end(QUERY)
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    const body = JSON.parse(await text(response)) as { errors?: unknown }
    return body.errors ? JSON.stringify(body.errors) : Number(response.statusCode)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

interface Lanes {
  /** how many answers came so far */
  readonly count: () => number
  readonly outcomes: Promise<(number | string)[]>
}

/** Clients that keep their connections, half of them with pauses; each goes on until `isLast` says so of an outcome. */
function runLanes(base: string, isLast: (outcome: number | string) => boolean): Lanes {
  const outcomes: (number | string)[] = []
  const lane = async (pauseMs: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let outcome: number | string = ''; outcome === '' || !isLast(outcome); outcomes.push(outcome)) {
      if (pauseMs > 0) await sleep(pauseMs)
      outcome = await send(base, agent)
    }
    agent.destroy()
  }
  const pauses = Array.from({ length: LANES }, (_, index) => (index % 2 === 0 ? 0 : index))
  return { count: () => outcomes.length, outcomes: Promise.all(pauses.map(lane)).then(() => outcomes) }
}

test('SIGTERM breaks no request of clients that leave when readiness goes', async () => {
  const { child, base, ended } = await startProcess()
  let leaveAt = Infinity
  const lanes: Lanes = runLanes(base, () => lanes.count() >= leaveAt)
  while (lanes.count() < 200) await sleep(10)
  child.kill('SIGTERM')
  while ((await fetch(`${base}/readyz`, { headers: { connection: 'close' } })).status === 200) await sleep(10)
  // A load balancer asks now and then: requests come, and connections are made, while it doesn't know.
  leaveAt = lanes.count() + LANES * 3
  const outcomes = await lanes.outcomes
  expect(outcomes.filter((outcome) => outcome !== 200)).toEqual([])
  expect(await ended).toEqual([0, null])
}, 60_000)

test('who goes on all the same is answered until the delay is over', async () => {
  const { child, base, ended } = await startProcess()
  let failedAtMs = Infinity
  const lanes = runLanes(base, (outcome) => {
    if (outcome !== 200) failedAtMs = Math.min(failedAtMs, performance.now())
    return outcome !== 200
  })
  while (lanes.count() < 200) await sleep(10)
  const signalledAtMs = performance.now()
  child.kill('SIGTERM')
  const failures = (await lanes.outcomes).filter((outcome) => outcome !== 200)
  expect(failedAtMs - signalledAtMs).toBeGreaterThanOrEqual(DELAY_MS)
  // Not let in; the system resets what it took and Kith did not see yet.
  expect(failures.filter((failure) => failure !== 'ECONNREFUSED' && failure !== 'ECONNRESET')).toEqual([])
  expect(await ended).toEqual([0, null])
}, 60_000)

test('a connection that is never used does not hold the end up', async () => {
  const server = await startHttpServer({ drain: { delayMs: 0, limitMs: 600_000 } })
  const socket = connect(Number(new URL(server.base).port), '127.0.0.1').on('error', () => undefined)
  await once(socket, 'connect')
  expect((await server.ask('{ me { role } }')).status).toBe(200)
  await Promise.all([server.close(), once(socket, 'close')])
}, 60_000)

test('what still runs at the limit is cut, and the server ends', async () => {
  const server = await startHttpServer({ drain: { delayMs: 0, limitMs: 500 } })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await server.token()}` }
  const call = request(`${server.base}/graphql`, { method: 'POST', headers })
  call.write('{')
  const failed = once(call, 'error')
  call.on('response', () => undefined)
  await sleep(100)
  await server.close()
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
}, 60_000)

test('a job is let go of behind its chunk while requests still run', async () => {
  const own = await cloneDatabase()
  const { timeouts, ...options } = testDatabaseOptions(own.databaseUrl)
  const patient = { ...options, timeouts: { ...timeouts, statementTimeoutMs: 60_000, lockTimeoutMs: 60_000 } }
  const server = await startServerOver(own, { database: patient, worker: 'on' })
  const { ask } = server
  const rows = Array.from({ length: 502 }, (_, index) => ({ lastName: index === 0 ? 'Held' : 'Listed' }))
  const { body: made } = await ask(
    'mutation ($rows: [CreateContactInput!]!) { bulkCreateContacts(input: { rows: $rows }) { results { id } } }',
    { rows },
  )
  const ids = (made.data['bulkCreateContacts'] as { results: { id: string }[] }).results.map(({ id }) => id)
  const change = { action: 'UPDATE', filter: { lastName: { eq: 'Listed' } }, update: { jobTitle: 'Engineer' } }
  const { body: seen } = await ask(
    'query ($change: BulkContactsChangeInput!) { previewBulkContacts(input: $change) { hash } }',
    {
      change,
    },
  )
  const { hash } = seen.data['previewBulkContacts'] as { hash: string }
  const holder = new pg.Client({ connectionString: own.adminUrl })
  await holder.connect()
  const hold = (index: number) => holder.query('select from contacts where id = $1 for update', [ids[index]])
  /** Comes back when so many others wait for the rows that are held. */
  const haveMet = async (count: number): Promise<void> => {
    const text = `select count(*)::int as met, pg_sleep(0.01) from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))`
    for (let met = 0; met < count;) met = Number((await holder.query<{ met: number }>(text)).rows[0]?.met)
  }
  await holder.query('begin')
  await hold(0)
  await holder.query('savepoint chunk')
  await hold(1)
  await ask('mutation ($input: StartBulkContactsInput!) { startBulkContacts(input: $input) { job { id } } }', {
    input: { change, hash },
  })
  const waiting = ask(`mutation { deleteContact(input: { id: "${String(ids[0])}" }) { userErrors { code } } }`)
  await haveMet(2)
  const closing = server.close()
  // The chunk goes on; the request doesn't, and so the server isn't closed.
  await holder.query('rollback to savepoint chunk')
  const jobOf = async (): Promise<unknown> =>
    (await holder.query<Record<string, unknown>>('select status, read_rows::int as read, lease_id as lease from jobs'))
      .rows[0]
  let job = await jobOf()
  while ((job as { status: string }).status === 'RUNNING') job = await jobOf()
  await holder.query('commit')
  await holder.end()
  expect((await waiting).body.data).toEqual({ deleteContact: { userErrors: [] } })
  await closing
  expect(job).toEqual({ status: 'QUEUED', read: 500, lease: null })
}, 60_000)
