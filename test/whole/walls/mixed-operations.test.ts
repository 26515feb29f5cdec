import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createConnectionPool, type ConnectionPool } from '../../../src/database/connection-pool.js'
import { createDatabaseOver, type Database } from '../../../src/database/database.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { testDatabaseOptions } from '../../support/api.js'
import { createTenant } from '../../support/records.js'
import {
  createRandom,
  OPERATIONS,
  type MixedTenant,
  type Operation,
  type OperationKind,
  type Outcome,
} from './support/mixed-operations.js'

const CONNECTIONS = 8
const OPERATION_COUNT = 1000
const IN_FLIGHT = 100
const SEED_CONTACTS = 10
const KILL_EVERY = 22
const READ_KINDS = new Set<OperationKind>(['flight', 'search'])
const KINDS = Object.keys(OPERATIONS) as OperationKind[]

let clone: ClonedDatabase
let admin: pg.Pool
let pool: ConnectionPool
let database: Database
let tenants: MixedTenant[]

beforeEach(async () => {
  clone = await cloneDatabase()
  admin = new pg.Pool({ connectionString: clone.adminUrl, max: 1 })
  const options = testDatabaseOptions(clone.databaseUrl, CONNECTIONS)
  pool = createConnectionPool({ ...options.pool, acquireTimeoutMs: 20_000 })
  const runner = {
    pool,
    timeouts: { ...options.timeouts, lockTimeoutMs: 20_000, statementTimeoutMs: 20_000 },
    observe: () => undefined,
  }
  database = createDatabaseOver(runner, () => undefined)
  tenants = await Promise.all(Array.from({ length: 5 }, (_, index) => createMixedTenant(`tenant ${index}`)))
})

afterEach(async () => {
  await database.close()
  await admin.end()
  await clone.drop()
})

async function createMixedTenant(mark: string): Promise<MixedTenant> {
  const { settings } = await createTenant(database)
  const counterId = randomUUID()
  const times = { tenantId: settings.id, createdAt: new Date(), updatedAt: new Date() }
  await database.transaction(settings.id, 'prepare', async ({ prisma }) => {
    await prisma.industry.createMany({
      data: [
        { ...times, id: counterId, name: 'Counter', position: 0 },
        { ...times, id: randomUUID(), name: 'Taken', position: 0 },
      ],
    })
    const contacts = Array.from({ length: SEED_CONTACTS }, () => ({
      ...times,
      id: randomUUID(),
      firstName: mark,
      lastName: 'seed',
    }))
    await prisma.contact.createMany({ data: contacts })
  })
  return { id: settings.id, mark, counterId, takenName: 'TAKEN' }
}

function chooseOperations(seed: number): Operation[] {
  const random = createRandom(seed)
  return Array.from({ length: OPERATION_COUNT }, (_, index) => ({
    kind: KINDS[Math.floor(random() * KINDS.length)] as OperationKind,
    tenant: tenants[Math.floor(random() * tenants.length)] as MixedTenant,
    marker: `operation ${index}`,
  }))
}

// What the seed chooses.
const KIND_COUNTS = {
  prismaRead: 100,
  prismaWrite: 92,
  transaction: 83,
  counter: 100,
  retried: 79,
  throws: 77,
  fails: 87,
  swallows: 88,
  unique: 107,
  flight: 93,
  search: 94,
}

const TENANT_COUNTS = { 'tenant 0': 209, 'tenant 1': 179, 'tenant 2': 204, 'tenant 3': 207, 'tenant 4': 201 }

type Result = { readonly operation: Operation } & ({ readonly outcome: Outcome } | { readonly error: unknown })

/** Runs all operations, 100 at a time; `before` is told the number of each before it starts. */
async function runAll(operations: readonly Operation[], before: (index: number) => Promise<void>): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < operations.length; index = next++) {
      await before(index)
      const operation = operations[index] as Operation
      const result = await OPERATIONS[operation.kind](database, operation).then(
        (outcome) => ({ operation, outcome }),
        (error: unknown) => ({ operation, error }),
      )
      results.push(result)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  return results
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1
  return counts
}

/** What the results promise and what the administrator finds: contacts by tenant and marker, counters by tenant. */
async function compareWithStored(results: readonly Result[]) {
  const keyOf = (tenantId: string, marker: string): string => `${tenantId} ${marker}`
  const stored = await admin.query<{ tenant_id: string; first_name: string; last_name: string }>(
    `select tenant_id, first_name, last_name from contacts where last_name <> 'seed'`,
  )
  const found = countBy(stored.rows, (row) => keyOf(row.tenant_id, row.last_name))
  const writes = new Set<OperationKind>(['prismaWrite', 'transaction', 'retried'])
  let [lost, twice, unwanted] = [0, 0, 0]
  for (const result of results) {
    const { kind, tenant, marker } = result.operation
    const times = found[keyOf(tenant.id, marker)] ?? 0
    const isAcknowledged = 'outcome' in result && result.outcome.wrote === 'contact'
    if (isAcknowledged && times === 0) lost++
    if (times > 1) twice++
    // What failed without an answer may have been written; what was to be rolled back never.
    if (!isAcknowledged && times > 0 && !(writes.has(kind) && 'error' in result)) unwanted++
  }
  const marks = new Map(tenants.map((tenant) => [tenant.id, tenant.mark]))
  const misplaced = stored.rows.filter((row) => marks.get(row.tenant_id) !== row.first_name).length
  const counters = await admin.query<{ id: string; position: number }>(
    `select id, position from industries where name = 'Counter'`,
  )
  let [lostCounts, extraCounts] = [0, 0]
  for (const tenant of tenants) {
    const own = results.filter(({ operation }) => operation.kind === 'counter' && operation.tenant === tenant)
    const acknowledged = own.filter((result) => 'outcome' in result).length
    const position = counters.rows.find((row) => row.id === tenant.counterId)?.position ?? -1
    lostCounts += Math.max(0, acknowledged - position)
    extraCounts += Math.max(0, position - own.length)
  }
  const counts = counters.rows.reduce((sum, row) => sum + row.position, 0)
  return { contacts: stored.rows.length, counts, lost, twice, unwanted, misplaced, lostCounts, extraCounts }
}

/** Every pooled connection, seen from inside and from the server; all must be as new. */
async function inspectConnections() {
  const { total, waiting } = pool.figures()
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.acquire()))
  const states = await Promise.all(
    connections.map(async ({ client }) => {
      const { rows } = await client.query<{ login: boolean; tenant: string; pid: number }>(
        `select current_user = session_user as login, coalesce(current_setting('app.tenant_id', true), '') as tenant,
          pg_backend_pid() as pid`,
      )
      return { status: client.getTransactionStatus(), login: rows[0]?.login, tenant: rows[0]?.tenant }
    }),
  )
  for (const connection of connections) connection.release()
  const { rows } = await admin.query<{ state: string; backends: number }>(
    `select state, count(*)::int as backends from pg_stat_activity where datname = current_database()
      and backend_type = 'client backend' and pid <> pg_backend_pid() group by 1`,
  )
  return { figures: { total, waiting }, after: pool.figures(), states, backends: rows }
}

const NOTHING_WRONG = { lost: 0, twice: 0, unwanted: 0, misplaced: 0, lostCounts: 0, extraCounts: 0 }

const CLEAN = {
  after: { total: CONNECTIONS, idle: CONNECTIONS, waiting: 0 },
  states: Array.from({ length: CONNECTIONS }, () => ({ status: 'I', login: true, tenant: '' })),
  backends: [{ state: 'idle', backends: CONNECTIONS }],
}

describe('1,000 mixed operations of five tenants, 100 at a time over 8 connections', () => {
  test.each([20261123])('undisturbed, seed %i: every one ends as it should', async (seed) => {
    const operations = chooseOperations(seed)
    const results = await runAll(operations, () => Promise.resolve())
    expect(
      results.flatMap((result) => ('error' in result ? [[result.operation.kind, String(result.error)]] : [])),
    ).toEqual([])
    expect(countBy(results, ({ operation }) => operation.kind)).toEqual(KIND_COUNTS)
    expect(countBy(results, ({ operation }) => operation.tenant.mark)).toEqual(TENANT_COUNTS)
    const outcomes = results.flatMap((result) => ('outcome' in result ? [result.outcome] : []))
    expect(outcomes.filter((outcome) => outcome.wrongRows > 0)).toEqual([])
    const reads = KIND_COUNTS.prismaRead + KIND_COUNTS.transaction + KIND_COUNTS.flight + KIND_COUNTS.search
    expect(outcomes.filter((outcome) => outcome.readRows >= SEED_CONTACTS)).toHaveLength(reads)
    const tries = outcomes.flatMap((outcome) => outcome.tries ?? [])
    expect(countBy(tries, (count) => `${count} tries`)).toEqual({ '2 tries': KIND_COUNTS.retried })
    expect(await compareWithStored(results)).toEqual({
      contacts: KIND_COUNTS.prismaWrite + KIND_COUNTS.transaction + KIND_COUNTS.retried,
      counts: KIND_COUNTS.counter,
      ...NOTHING_WRONG,
    })
    expect(await inspectConnections()).toEqual({ figures: { total: CONNECTIONS, waiting: 0 }, ...CLEAN })
  })

  test.each([20261124])('while backends are killed, seed %i: nothing is lost, mixed up or left dirty', async (seed) => {
    const operations = chooseOperations(seed)
    let kills = 0
    const results = await runAll(operations, async (index) => {
      if (index % KILL_EVERY !== KILL_EVERY - 1) return
      const { rowCount } = await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
          order by random() limit 1`,
      )
      kills += rowCount ?? 0
    })
    expect(kills).toBe(45)
    const failures = results.flatMap((result) => ('error' in result ? [result] : []))
    // What was lost in the middle of a write is said; reads are sent again, and nothing else comes up.
    expect(new Set(failures.map(({ error }) => (error as { code?: string }).code))).toEqual(
      new Set(['SERVICE_UNAVAILABLE']),
    )
    expect(failures.filter(({ operation }) => READ_KINDS.has(operation.kind))).toEqual([])
    expect(failures.length).toBeLessThanOrEqual(kills)
    const outcomes = results.flatMap((result) => ('outcome' in result ? [result.outcome] : []))
    expect(outcomes.filter((outcome) => outcome.wrongRows > 0)).toEqual([])
    const stored = await compareWithStored(results)
    expect(stored).toEqual({ contacts: stored.contacts, counts: stored.counts, ...NOTHING_WRONG })
    expect(await inspectConnections()).toMatchObject(CLEAN)
  })
})

describe('Prisma promises that resume in one drain of the promise queue', () => {
  const CALLERS = 200

  test.each(['inside', 'outside'])(
    "get their own tenants' rows: the shared promise is awaited %s of the tenant",
    async (place) => {
      let open: () => void = () => undefined
      const gate = new Promise<void>((resolve) => (open = resolve))
      const callers = Array.from({ length: CALLERS }, async (_, index) => {
        const tenant = tenants[index % tenants.length] as MixedTenant
        if (place === 'outside') await gate
        const rows = await database.transaction(tenant.id, 'drain', async ({ prisma }) => {
          if (place === 'inside') await gate
          return prisma.contact.findMany({ select: { tenantId: true, firstName: true } })
        })
        return {
          own: rows.filter((row) => row.tenantId === tenant.id && row.firstName === tenant.mark).length,
          all: rows.length,
        }
      })
      open()
      const answers = await Promise.all(callers)
      expect(answers).toEqual(Array.from({ length: CALLERS }, () => ({ own: SEED_CONTACTS, all: SEED_CONTACTS })))
    },
  )

  test("get their own tenants' rows inside transactions", async () => {
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    let arrived = 0
    const callers = tenants.map((tenant) =>
      database.transaction(tenant.id, 'drain', async ({ prisma }) => {
        if (++arrived === tenants.length) open()
        await gate
        const rows = await prisma.contact.findMany({ select: { tenantId: true } })
        return rows.filter((row) => row.tenantId === tenant.id).length === rows.length ? rows.length : -1
      }),
    )
    expect(await Promise.all(callers)).toEqual(tenants.map(() => SEED_CONTACTS))
  })
})
