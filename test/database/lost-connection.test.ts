import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createDatabase, type Database } from '../../src/database/database.js'
import type { Statement } from '../../src/database/statement.js'
import { AppError } from '../../src/lib/errors.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { testDatabaseOptions } from '../support/api.js'
import { createTenant, type TestTenant } from '../support/records.js'

/**
 * When a connection breaks: before the server gets the packet that has the word, or before the client gets the answer
 * to it.
 */
interface Cut {
  readonly word: string
  readonly when: 'before' | 'after'
}

let clone: ClonedDatabase
let proxy: Server
let sockets: Set<Socket>
let cut: Cut | undefined
/** through the proxy, and past it */
let database: Database
let direct: Database
let tenant: TestTenant

beforeAll(async () => {
  clone = await cloneDatabase()
  const { hostname, port } = new URL(clone.databaseUrl)
  sockets = new Set()
  proxy = createServer((client) => {
    const server = connect(Number(port), hostname)
    sockets.add(client)
    let isMuted = false
    const end = (): void => {
      client.destroy()
      server.destroy()
      sockets.delete(client)
    }
    client.on('data', (packet) => {
      if (cut && packet.includes(cut.word)) {
        if (cut.when === 'before') return end()
        isMuted = true
      }
      server.write(packet)
    })
    server.on('data', (packet) => {
      // What a COMMIT ends comes back at its Sync, which may be a packet before: the server would lose the COMMIT.
      if (isMuted) {
        if (cut?.word !== 'COMMIT' || packet.includes('COMMIT')) end()
      } else client.write(packet)
    })
    for (const socket of [client, server]) socket.on('error', end).on('close', end)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const url = Object.assign(new URL(clone.databaseUrl), { port: String((proxy.address() as AddressInfo).port) })
  database = createDatabase(testDatabaseOptions(url.href, 2))
  direct = createDatabase(testDatabaseOptions(clone.databaseUrl, 2))
})

beforeEach(async () => {
  tenant = await createTenant(direct)
})

afterEach(() => {
  cut = undefined
})

afterAll(async () => {
  await database.close()
  await direct.close()
  proxy.close()
  await clone.drop()
})

function industry() {
  const now = new Date()
  const id = randomUUID()
  return { tenantId: tenant.settings.id, id, name: `Trade ${id}`, position: 1, createdAt: now, updatedAt: now }
}

function statement(text: string, ...values: unknown[]): Statement {
  return { label: 'test', text, values: [tenant.settings.id, ...values] }
}

const ASK = 'select id from industries where tenant_id = $1'
const WRITE = `insert into industries (tenant_id, id, name, position, created_at, updated_at)
  values ($1, $2, $3, 1, now(), now())`

/** The ways to write, each one industry; the statement that locks or asks comes first where there is one. */
const WRITES: Record<string, () => Promise<unknown>> = {
  'a change': () =>
    database.change(tenant.settings.id, async (change) => {
      await change.ask(statement(ASK))
      await change.commit([statement(WRITE, randomUUID(), randomUUID())])
    }),
  'a transaction of Prisma': () =>
    database.transaction(tenant.settings.id, 'write', async ({ prisma, sql }) => {
      await sql(statement(ASK))
      await prisma.industry.createMany({ data: [industry()] })
    }),
}

const READS: Record<string, () => Promise<unknown>> = {
  'a read': () => database.reader(tenant.settings.id).read(statement(ASK)),
  'a list': () =>
    database.keys(tenant.settings.id, statement('select tenant_id, id from industries where tenant_id = $1')),
  'the look-up of a principal': () => database.system(statement('select id from users where tenant_id = $1')),
  'a read by Prisma': () =>
    database.transaction(tenant.settings.id, 'read', ({ prisma }) => prisma.industry.findMany()),
}

/** Code, message and extensions of the refusal. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => 'it came through',
    (thrown: unknown) => thrown,
  )
  return error instanceof AppError ? { code: error.code, message: error.message, extensions: error.extensions } : error
}

async function saved(): Promise<number> {
  return (await direct.reader(tenant.settings.id).read(statement(ASK))).length
}

const AWAY = { code: 'SERVICE_UNAVAILABLE', message: 'The database is busy or away; try again.', extensions: {} }
const UNKNOWN = {
  code: 'SERVICE_UNAVAILABLE',
  message: 'The database went away while the change was saved: read the record before you try again.',
  extensions: { outcome: 'UNKNOWN' },
}

describe.each(Object.entries(WRITES))('%s', (_, write) => {
  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('whose connection is lost %s the server has its COMMIT says that nobody knows', async (when, rows) => {
    cut = { word: 'COMMIT', when }
    expect(await refusal(write())).toEqual(UNKNOWN)
    expect(await saved()).toBe(rows)
    cut = undefined
    await write()
    expect(await saved()).toBe(rows + 1)
  })
})

describe.each(Object.entries(WRITES).slice(0, 2))('%s', (_, write) => {
  test('whose connection is lost before it has written is away', async () => {
    cut = { word: 'BEGIN', when: 'after' }
    expect(await refusal(write())).toEqual(AWAY)
    cut = { word: ASK, when: 'before' }
    expect(await refusal(write())).toEqual(AWAY)
    expect(await saved()).toBe(0)
  })
})

describe.each(Object.entries({ ...READS, ...WRITES }))('%s', (name, work) => {
  test('without a server is away, and comes through when it is back', async () => {
    const { port } = proxy.address() as AddressInfo
    proxy.close()
    for (const socket of sockets) socket.destroy()
    await once(proxy, 'close')
    expect(await refusal(work())).toEqual(AWAY)
    proxy.listen(port, '127.0.0.1')
    await once(proxy, 'listening')
    await work()
    expect(await saved()).toBe(name in WRITES ? 1 : 0)
  })

  test('is away when it gets a connection that breaks as it connects', async () => {
    for (const socket of sockets) socket.destroy()
    while (database.figures().total > 0) await sleep(5)
    // The name of the database stands in the first packet.
    cut = { word: clone.name, when: 'before' }
    expect(await refusal(work())).toEqual(AWAY)
    expect(await saved()).toBe(0)
  })
})

test('a read whose connection breaks is sent again, three times in all', async () => {
  cut = { word: 'select id from industries', when: 'after' }
  expect(await refusal(READS['a read']?.() as Promise<unknown>)).toEqual(AWAY)
})
