import { Agent, request } from 'node:http'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { signToken } from '../../../src/features/identity/token.js'
import { deriveKey } from '../../../src/lib/derive-key.js'
import type { Role } from '../../../src/lib/principal.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { runAsAdmin } from '../../setup/test-run.js'
import { until, useStarts, type Running } from '../support/npm-start.js'

const SECRET = 'a secret of several processes, longer than 32 bytes'
const METRICS_TOKEN = 'metrics of all'
const POOL_MAX = 6
const { start, run } = useStarts({ isShared: true })

let clone: ClonedDatabase
let server: Running
let base: string
let tenant: { tenantId: string; adminId: string }

beforeAll(async () => {
  clone = await cloneDatabase()
  const settings = { DATABASE_URL: clone.databaseUrl, KITH_SECRET: SECRET }
  const args = ['tenant', '--slug', 'acme', '--name', 'Acme', '--admin-email', 'ann@acme.example', '--country', 'de']
  tenant = JSON.parse((await run(['tools/command.mjs', ...args], settings)).stdout) as typeof tenant
  server = start({
    ...settings,
    KITH_WORKERS: '2',
    KITH_POOL_MAX: String(POOL_MAX),
    KITH_READS_PER_TENANT: '20',
    KITH_METRICS_TOKEN: METRICS_TOKEN,
    KITH_DRAIN_DELAY_MS: '250',
  })
  base = await server.ready
}, 400_000)

afterAll(async () => {
  server.child.kill('SIGKILL')
  await server.ended
  await clone.drop()
})

interface Answered {
  readonly status: number
  readonly body: { readonly data?: Record<string, unknown> | null; readonly errors?: unknown[] }
}

/** One connection, which is one worker's; where it breaks, the next request opens another. */
function openConnection(userId = tenant.adminId, role: Role = 'ADMIN') {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const token = signToken(deriveKey(SECRET, 'tokens'), { tenantId: tenant.tenantId, userId, role }, new Date(), 3600)
  let localPort = 0
  const ask = async (query: string): Promise<Answered> => {
    const headers = { authorization: `Bearer ${await token}`, 'content-type': 'application/json' }
    return new Promise((resolve, reject) => {
      const sent = request(`${base}/graphql`, { agent, method: 'POST', headers }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answered['body'] }),
        )
      })
      sent.on('error', reject)
      sent.on('socket', (socket) => socket.on('connect', () => (localPort = socket.localPort ?? 0)))
      sent.end(JSON.stringify({ query }))
    })
  }
  return {
    ask,
    /** Asks something, and finds the process at the other end. */
    async findWorker(): Promise<number> {
      expect((await ask('{ me { role } }')).status).toBe(200)
      const pid = workerOf(localPort)
      if (pid === undefined) throw new Error('no worker has the connection')
      return pid
    },
    close: () => agent.destroy(),
  }
}

type Connection = ReturnType<typeof openConnection>

/** The worker that holds the other end of a connection from a port of this process. */
function workerOf(clientPort: number): number | undefined {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')
  const ends = [`0100007F:${hex(Number(new URL(base).port))}`, `0100007F:${hex(clientPort)}`]
  const fields = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .find(([, local, remote]) => local === ends[0] && remote === ends[1])
  const socket = `socket:[${fields?.[9] ?? ''}]`
  return workers().find((pid) =>
    readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === socket),
  )
}

function workers(): number[] {
  const pid = server.child.pid ?? 0
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.trim().split(' ').filter(Boolean).map(Number)
}

/** A connection to each worker, with its process; which one takes a connection is the system's choice. */
async function connectToBoth(userId?: string, role?: Role): Promise<Map<number, Connection>> {
  const found = new Map<number, Connection>()
  while (found.size < 2) {
    const connection = openConnection(userId, role)
    const pid = await connection.findWorker()
    if (found.has(pid)) connection.close()
    else found.set(pid, connection)
  }
  return found
}

test('both answer on one port, and their metrics are one', async () => {
  const connections = await connectToBoth()
  expect([...connections.keys()].sort()).toEqual(workers().sort())
  for (const { ask } of connections.values()) await ask('query counted { me { role } }')
  const metrics = await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })
  expect(metrics.status).toBe(200)
  const text = await metrics.text()
  expect(text).toContain('kith_request_duration_seconds_count{operation="counted",outcome="ok"} 2\n')
  expect(text).toMatch(/^kith_pool_connections\{state="total"\} [2-6]$/m)
  connections.forEach(({ close }) => close())
})

test('what changes in one is so in the other within a second: the tenant, and who may ask', async () => {
  const [one, other] = [...(await connectToBoth()).values()] as [Connection, Connection]
  const made = await one.ask(
    'mutation { createUser(input: { email: "bea@acme.example", name: "Bea", role: MEMBER }) { user { id } } }',
  )
  const { user } = made.body.data?.['createUser'] as { user: { id: string } }
  const [{ id } = { id: '' }] = (await runAsAdmin(clone.adminUrl, `select id from users where name = 'Bea'`)).rows
  const theirs = await connectToBoth(id, 'MEMBER')

  const tenantName = '{ me { tenant { name } } }'
  expect((await other.ask(tenantName)).body.data).toEqual({ me: { tenant: { name: 'Acme' } } })
  const renamed = await one.ask('mutation { updateTenant(input: { name: "Acme 2" }) { userErrors { code } } }')
  expect(renamed.body).toMatchObject({ data: { updateTenant: { userErrors: [] } } })
  const left = await one.ask(`mutation { deactivateUser(input: { id: "${user.id}" }) { userErrors { code } } }`)
  expect(left.body).toMatchObject({ data: { deactivateUser: { userErrors: [] } } })
  await sleep(1000)
  for (const connection of [one, other]) {
    expect((await connection.ask(tenantName)).body.data).toEqual({ me: { tenant: { name: 'Acme 2' } } })
  }
  for (const connection of theirs.values()) {
    expect((await connection.ask('{ me { role } }')).status).toBe(401)
    connection.close()
  }
  one.close()
  other.close()
})

test('together they have no more connections than KITH_POOL_MAX', async () => {
  const connections = Array.from({ length: 20 }, () => openConnection())
  const answers = await Promise.all(
    connections.map(({ ask }) => ask('{ contacts { totalCount } companies { totalCount } users { nodes { id } } }')),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(200))
  const { rows } = await runAsAdmin(
    clone.adminUrl,
    `select count(*)::int as total, count(distinct application_name)::int as pools from pg_stat_activity
      where datname = current_database() and application_name ~ '^kith-[0-9a-f]{8}$'`,
  )
  expect(rows).toEqual([{ total: POOL_MAX, pools: 2 }])
  connections.forEach(({ close }) => close())
})

test('a worker that is killed under load loses its own requests alone, and is replaced', async () => {
  let isOver = false
  const connections = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const connection = openConnection()
      return { connection, worker: await connection.findWorker() }
    }),
  )
  const lane = async ({ connection, worker }: (typeof connections)[number]) => {
    const [answers, failures]: [number[], unknown[]] = [[], []]
    while (!isOver) {
      await connection.ask('{ contacts(first: 5) { totalCount nodes { id } } }').then(
        ({ status }) => answers.push(status),
        (error: NodeJS.ErrnoException) => failures.push(error.code),
      )
    }
    connection.close()
    return { worker, answers, failures }
  }
  const lanes = connections.map(lane)
  await sleep(500)
  // One that has a lane: a busy worker may have got none.
  const killed = connections[0]?.worker ?? 0
  const [kept = 0] = workers().filter((worker) => worker !== killed)
  process.kill(killed, 'SIGKILL')
  await until(server, `kith: worker ${killed} ended by SIGKILL; another one is started.`)
  await sleep(500)
  isOver = true
  const ends = await Promise.all(lanes)
  const lost = ends.filter(({ failures }) => failures.length > 0)
  // A lane has one open request: that of a connection to the killed one.
  expect(lost.length).toBeGreaterThan(0)
  expect(lost.map(({ worker, failures }) => ({ worker, failures }))).toEqual(
    lost.map(() => ({ worker: killed, failures: ['ECONNRESET'] })),
  )
  expect([...new Set(ends.flatMap(({ answers }) => answers))]).toEqual([200])

  // The new one takes its part once it listens.
  const both = await connectToBoth()
  expect([...both.keys()].sort()).toEqual(workers().sort())
  expect(workers()).toContain(kept)
  expect(workers()).not.toContain(killed)
  both.forEach(({ close }) => close())
}, 60_000)

test('SIGTERM lets all requests end, and ends all processes with code 0', async () => {
  const pids = workers()
  const connections = Array.from({ length: 20 }, () => openConnection())
  const asked = connections.map(({ ask }) => ask('{ contacts(first: 5) { totalCount nodes { id } } }'))
  await Promise.race(asked)
  server.child.kill('SIGTERM')
  const answers = await Promise.all(asked)
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(200))
  expect(await server.ended).toBe(0)
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  connections.forEach(({ close }) => close())
}, 60_000)
