import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createConnectionPool, type ConnectionPool } from '../../src/database/connection-pool.js'
import { runReadFlight } from '../../src/database/flight.js'
import type { QueryRunner } from '../../src/database/pipeline.js'
import type { Statement, StatementEvent } from '../../src/database/statement.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { testDatabaseOptions } from '../support/api.js'

const TENANT = '0190b0c0-0000-7000-8000-000000000001'

let clone: ClonedDatabase
let pool: ConnectionPool
let runner: QueryRunner
let events: StatementEvent[]

beforeAll(async () => {
  clone = await cloneDatabase()
  const options = testDatabaseOptions(clone.databaseUrl, 3)
  pool = createConnectionPool(options.pool)
  events = []
  runner = { pool, timeouts: options.timeouts, observe: (event) => void events.push(event) }
})

afterAll(async () => {
  await pool.close()
  await clone.drop()
})

function plain(label: string, text: string, values: unknown[] = []): Statement {
  return { label, text, values }
}

async function answers(statements: Statement[], role: 'kith_app' | 'kith_keys' = 'kith_app') {
  const flown = await runReadFlight(runner, role, TENANT, statements)
  return flown.map((answer) => ('rows' in answer ? answer.rows : (answer.error as { code?: string }).code))
}

describe('a flight', () => {
  test('runs as its role, for its tenant, read only, and leaves nothing behind', async () => {
    const [inside] = await answers([
      plain(
        'who',
        `select current_user::text as role, current_setting('app.tenant_id') as tenant,
        current_setting('transaction_read_only') as read_only, current_setting('statement_timeout') as timeout,
        current_setting('plan_cache_mode') as plans`,
      ),
    ])
    expect(inside).toEqual([
      { role: 'kith_app', tenant: TENANT, read_only: 'on', timeout: '5s', plans: 'force_generic_plan' },
    ])
    const connection = await pool.acquire()
    const after = await connection.client.query(
      `select current_user = session_user as login, coalesce(current_setting('app.tenant_id', true), '') as tenant,
        current_setting('plan_cache_mode') as plans`,
    )
    connection.release()
    expect(after.rows).toEqual([{ login: true, tenant: '', plans: 'auto' }])
  })

  test('refuses to leave without a tenant, or with one that is no UUID', async () => {
    await expect(runReadFlight(runner, 'kith_app', null, [plain('a', 'select 1')])).rejects.toThrow(
      'TENANT_CONTEXT_MISSING',
    )
    await expect(
      runReadFlight(runner, 'kith_keys', "x'; drop table contacts; --", [plain('a', 'select 1')]),
    ).rejects.toThrow('TENANT_CONTEXT_MISSING')
  })

  test('the login itself may read nothing', async () => {
    const connection = await pool.acquire()
    const refused = await connection.client
      .query('select id from contacts')
      .catch((error: { code: string }) => error.code)
    connection.release()
    expect(refused).toBe('42501')
  })

  test('a write is refused, as by a server that is read only', async () => {
    const flown = await runReadFlight(runner, 'kith_app', TENANT, [
      plain('write', `update tenants set name = 'x' where id = app_tenant()`),
    ])
    expect(flown[0]).toHaveProperty('error.code', 'SERVICE_UNAVAILABLE')
    expect(flown[0]).toHaveProperty('error.cause.code', '25006')
  })

  test('a connection that answers that it is read only is not kept', async () => {
    const options = testDatabaseOptions(clone.databaseUrl, 1)
    const small = createConnectionPool(options.pool)
    const readOnly = { ...runner, pool: small }
    const write = plain('write', `update tenants set name = 'x' where tenants.id = app_tenant()`)
    expect((await runReadFlight(readOnly, 'kith_app', TENANT, [plain('ok', 'select 1 as x')]))[0]).toEqual({
      rows: [{ x: 1 }],
    })
    expect(small.figures()).toEqual({ total: 1, idle: 1, waiting: 0 })
    const flown = await runReadFlight(readOnly, 'kith_app', TENANT, [write])
    expect(flown[0]).toHaveProperty('error.cause.code', '25006')
    expect(small.figures()).toEqual({ total: 0, idle: 0, waiting: 0 })
    await small.close()
  })

  test.each([0, 1, 2, 3])('with statement %i failing, the others still answer', async (failing) => {
    const statements = [0, 1, 2, 3].map((index) =>
      index === failing ? plain('fails', 'select 1 / $1::int as x', [0]) : plain(`s${index}`, `select ${index} as x`),
    )
    const expected = [0, 1, 2, 3].map((index) => (index === failing ? '22012' : [{ x: index }]))
    expect(await answers(statements)).toEqual(expected)
  })

  test('several failing statements each get their own error', async () => {
    expect(
      await answers([
        plain('ok', 'select 1 as x'),
        plain('zero', 'select 1 / 0'),
        plain('missing', 'select * from nowhere'),
        plain('ok', 'select 2 as x'),
        plain('number', `select 'x'::int`),
      ]),
    ).toEqual([[{ x: 1 }], '22012', '42P01', [{ x: 2 }], '22P02'])
  })

  test('a value that cannot be sent costs only its own statement', async () => {
    const flown = await runReadFlight(runner, 'kith_app', TENANT, [
      plain('big', 'select $1::int as x', [
        {
          toJSON: () => {
            throw new Error('cannot be sent')
          },
        },
      ]),
      plain('ok', 'select 2 as x'),
    ])
    expect(flown[0]).toHaveProperty('error.message', 'cannot be sent')
    expect(flown[1]).toEqual({ rows: [{ x: 2 }] })
  })

  test('prepared names that the server has forgotten heal on a fresh connection', async () => {
    const statement = { ...plain('prepared', 'select $1::int as x', [1]), prepared: true }
    expect(await answers([statement])).toEqual([[{ x: 1 }]])
    const connections = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()])
    for (const { client, release } of connections) {
      await client.query('DEALLOCATE ALL')
      release()
    }
    expect(await answers([plain('first', 'select 0 as x'), statement, plain('last', 'select 2 as x')])).toEqual([
      [{ x: 0 }],
      [{ x: 1 }],
      [{ x: 2 }],
    ])
  })

  test('a killed backend is survived, and its connection is not kept', async () => {
    const connection = await pool.acquire()
    const { rows } = await connection.client.query<{ pid: number }>('select pg_backend_pid() as pid')
    connection.release()
    const admin = new pg.Client({ connectionString: clone.adminUrl })
    await admin.connect()
    await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await admin.end()
    expect(await answers([plain('a', 'select 1 as x'), plain('b', 'select 2 as x')])).toEqual([[{ x: 1 }], [{ x: 2 }]])
  })

  test('a statement that runs too long ends with TIMEOUT, its siblings answer', async () => {
    const short = { ...runner, timeouts: { ...runner.timeouts, statementTimeoutMs: 100 } }
    const flown = await runReadFlight(short, 'kith_app', TENANT, [
      plain('sleep', 'select pg_sleep(5)'),
      plain('ok', 'select 1 as x'),
    ])
    expect(flown[0]).toHaveProperty('error.code', 'TIMEOUT')
    expect(flown[1]).toEqual({ rows: [{ x: 1 }] })
  })

  test('when all connections are held it ends with SERVICE_UNAVAILABLE', async () => {
    const options = testDatabaseOptions(clone.databaseUrl, 1)
    const small = createConnectionPool({ ...options.pool, acquireTimeoutMs: 100 })
    const held = await small.acquire()
    const flown = await runReadFlight({ ...runner, pool: small }, 'kith_app', TENANT, [plain('a', 'select 1')])
    held.release()
    await small.close()
    expect(flown).toHaveLength(1)
    expect(flown[0]).toHaveProperty('error.code', 'SERVICE_UNAVAILABLE')
  })

  test('tells its observer label, role and outcome of each statement, never a parameter', async () => {
    events.length = 0
    await answers([plain('one', 'select $1::text as x', ['secret']), plain('two', 'select 1 / 0')])
    expect(events.map(({ label, role, failed }) => ({ label, role, failed }))).toEqual([
      { label: 'one', role: 'kith_app', failed: false },
      { label: 'two', role: 'kith_app', failed: true },
    ])
    expect(JSON.stringify(events)).not.toContain('secret')
    expect(events.every((event) => event.durationMs >= 0)).toBe(true)
  })
})
