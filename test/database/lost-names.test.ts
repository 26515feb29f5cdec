import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createDatabase, type Database } from '../../src/database/database.js'
import { preparedName, type DatabaseRole, type Statement } from '../../src/database/statement.js'
import { AppError } from '../../src/lib/errors.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { testDatabaseOptions } from '../support/api.js'
import { createTenant, type TestTenant } from '../support/records.js'

// As many as a read or a change tries: each try meets a connection that has lost the name.
const CONNECTIONS = 3
const LOCK = 4711

let clone: ClonedDatabase
let admin: pg.Client
let database: Database
let tenant: TestTenant

beforeAll(async () => {
  clone = await cloneDatabase()
  admin = new pg.Client({ connectionString: clone.adminUrl })
  await admin.connect()
})

beforeEach(async () => {
  database = createDatabase(testDatabaseOptions(clone.databaseUrl, CONNECTIONS))
  tenant = await createTenant(database)
  // A row to read, so that its statement comes to the lock.
  await database.change(tenant.settings.id, ({ commit }) => commit([{ ...write(), prepared: false }]))
})

afterEach(() => database.close())

afterAll(async () => {
  await admin.end()
  await clone.drop()
})

/**
 * A statement that waits while the admin holds the lock, so that several run at once, each on a connection of its own.
 */
function statement(text: string, label: string): Statement {
  const values = [tenant.settings.id, LOCK]
  return { label, text: `${text} and pg_advisory_xact_lock_shared($2) is not null`, values, prepared: true }
}

interface Way {
  readonly role: DatabaseRole
  readonly statement: () => Statement
  readonly run: () => Promise<unknown>
}

const read = () => statement('select id from industries where tenant_id = $1', 'read')
const keys = () => statement('select tenant_id, id from industries where tenant_id = $1', 'keys')
const system = () => statement('select id from users where tenant_id = $1', 'system')
const write = () =>
  statement(
    `insert into industries (tenant_id, id, name, position, created_at, updated_at)
     select $1::uuid, gen_random_uuid(), gen_random_uuid()::text, 1, now(), now() where true`,
    'write',
  )

const WAYS: Record<string, Way> = {
  'a read': { role: 'kith_app', statement: read, run: () => database.reader(tenant.settings.id).read(read()) },
  'a list': { role: 'kith_keys', statement: keys, run: () => database.keys(tenant.settings.id, keys()) },
  'the look-up of a principal': { role: 'kith_system', statement: system, run: () => database.system(system()) },
  'a change that asks': {
    role: 'kith_app',
    statement: read,
    run: () =>
      database.change(tenant.settings.id, async (change) => {
        await change.ask(read())
        await change.commit([{ ...write(), prepared: false }])
      }),
  },
  'a change that writes': {
    role: 'kith_app',
    statement: write,
    run: () => database.change(tenant.settings.id, async (change) => void (await change.commit([write()]))),
  },
}

/** Opens all connections of the pool and lets `run` prepare its name on each. */
async function prepareEverywhere(run: () => Promise<unknown>): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [LOCK])
  const running = Array.from({ length: CONNECTIONS }, run)
  const waiting = async (): Promise<number> =>
    (
      await admin.query<{ count: number }>(
        `select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted
         and database = (select oid from pg_database where datname = current_database())`,
      )
    ).rows[0]?.count ?? 0
  while ((await waiting()) < CONNECTIONS) await sleep(5)
  await admin.query('select pg_advisory_unlock($1)', [LOCK])
  await Promise.all(running)
}

/** Runs `text` on all connections of the pool, behind the driver's back, as whoever shares them does. */
async function runEverywhere(...texts: string[]): Promise<void> {
  const entered = new EventTarget()
  let count = 0
  const all = once(entered, 'all')
  const hold = (): Promise<void> =>
    database.transaction(tenant.settings.id, 'spoil', async ({ sql }) => {
      for (const text of texts) await sql({ label: 'spoil', text, values: [] })
      if (++count === CONNECTIONS) entered.dispatchEvent(new Event('all'))
      await all
    })
  await Promise.all(Array.from({ length: CONNECTIONS }, hold))
}

const SPOILED: Record<string, { isPrepared: boolean; texts: (name: string) => string[] }> = {
  '26000': { isPrepared: true, texts: () => ['DEALLOCATE ALL'] },
  '42P05': { isPrepared: false, texts: (name) => [`PREPARE ${name} AS SELECT 1`] },
  '08P01': { isPrepared: true, texts: (name) => ['DEALLOCATE ALL', `PREPARE ${name} (int) AS SELECT $1`] },
}

const industries = async (): Promise<number> =>
  (await database.reader(tenant.settings.id).read({ ...read(), prepared: false })).length

describe.each(Object.entries(WAYS))('%s', (title, way) => {
  test.each(Object.entries(SPOILED))(
    'that meets %s on all connections is away, then goes on',
    async (code, { isPrepared, texts }) => {
      if (isPrepared) await prepareEverywhere(way.run)
      const before = await industries()
      const name = pg.escapeIdentifier(preparedName(way.statement(), way.role) ?? '')
      await runEverywhere(...texts(name))
      expect(database.figures()).toEqual({ total: CONNECTIONS, idle: CONNECTIONS, waiting: 0 })

      const error: unknown = await way.run().catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(AppError)
      const { code: answer, message, extensions, cause } = error as AppError
      expect({ answer, message, extensions, state: (cause as pg.DatabaseError).code }).toEqual({
        answer: 'SERVICE_UNAVAILABLE',
        message: 'The database is busy or away; try again.',
        extensions: {},
        state: code,
      })
      // None of them is kept, and nothing was written.
      expect(database.figures()).toEqual({ total: 0, idle: 0, waiting: 0 })
      expect(await industries()).toBe(before)
      await way.run()
      expect(await industries()).toBe(before + (title.startsWith('a change') ? 1 : 0))
    },
  )
})

test('one connection that has lost a name costs nobody an answer', async () => {
  await prepareEverywhere(WAYS['a read']?.run as () => Promise<unknown>)
  const { settings } = tenant
  await database.transaction(settings.id, 'spoil', async ({ sql }) => {
    await sql({ label: 'spoil', text: 'DEALLOCATE ALL', values: [] })
  })
  for (let turn = 0; turn < CONNECTIONS; turn++) {
    expect(await database.reader(settings.id).read(read())).toHaveLength(1 + turn)
    await WAYS['a change that asks']?.run()
  }
  expect(await industries()).toBe(1 + CONNECTIONS)
})
