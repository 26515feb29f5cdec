import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createDatabase, type Database, type DatabaseOptions } from '../../src/database/database.js'
import type { OperationEvent } from '../../src/database/prisma-client.js'
import type { RequestWork, Statement, StatementEvent } from '../../src/database/statement.js'
import type { TransactionEvent } from '../../src/database/transaction-event.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { testDatabaseOptions } from '../support/api.js'
import { createTenant, type TestTenant } from '../support/records.js'

let clone: ClonedDatabase
let admin: pg.Client
let database: Database
let tenant: TestTenant
let tenantId: string
const statements: StatementEvent[] = []
const operations: OperationEvent[] = []
const transactions: TransactionEvent[] = []

const OBSERVERS: Partial<DatabaseOptions> = {
  observeStatement: (event) => void statements.push(event),
  observeOperation: (event) => void operations.push(event),
  observeTransaction: (event) => void transactions.push(event),
}

beforeAll(async () => {
  clone = await cloneDatabase()
  database = createDatabase({ ...testDatabaseOptions(clone.databaseUrl), ...OBSERVERS })
  admin = new pg.Client({ connectionString: clone.adminUrl })
  await admin.connect()
  tenant = await createTenant(database)
  tenantId = tenant.settings.id
})

afterAll(async () => {
  await admin.end()
  await database.close()
  await clone.drop()
})

beforeEach(() => {
  for (const list of [statements, operations, transactions]) list.length = 0
})

const plain = (label: string, text: string): Statement => ({ label, text, values: [] })
const outcomes = () => statements.map(({ label, failed, errorCode, rows }) => ({ label, failed, errorCode, rows }))
const codeOf = (error: { code: string }): string => error.code

describe('statements', () => {
  test('that a timeout, a lock and a cancel ended appear once, with their time', async () => {
    const options = testDatabaseOptions(clone.databaseUrl)
    const timeouts = { ...options.timeouts, statementTimeoutMs: 300, lockTimeoutMs: 150 }
    const short = createDatabase({ ...options, timeouts, ...OBSERVERS })
    await admin.query('begin')
    await admin.query('select from tenants where id = $1 for update', [tenantId])
    const answers = await Promise.all([
      short.reader(tenantId).read(plain('timeout', 'select pg_sleep(10)')).catch(codeOf),
      short
        .transaction(tenantId, 'locked', ({ sql }) => sql(plain('lock', 'select from tenants for update')), {
          attempts: 1,
        })
        .catch(codeOf),
      database.reader(tenantId).read(plain('cancel', 'select pg_sleep(11)')).catch(codeOf),
      (async () => {
        // That one alone, whenever the others began on a busy machine.
        const find = `select pg_cancel_backend(pid) from pg_stat_activity
          where query = 'select pg_sleep(11)' and state = 'active' and datname = current_database()`
        await sleep(500)
        await admin.query(find)
      })(),
    ])
    await admin.query('rollback')
    await short.close()
    expect(answers.slice(0, 3)).toEqual(['TIMEOUT', 'SERVICE_UNAVAILABLE', 'TIMEOUT'])
    const found = Object.fromEntries(statements.map((event) => [event.label, event]))
    expect(outcomes().sort((a, b) => a.label.localeCompare(b.label))).toEqual([
      { label: 'cancel', failed: true, errorCode: '57014', rows: 0 },
      { label: 'lock', failed: true, errorCode: '55P03', rows: 0 },
      { label: 'timeout', failed: true, errorCode: '57014', rows: 0 },
    ])
    expect(found['timeout']?.durationMs).toBeGreaterThanOrEqual(299)
    expect(found['lock']?.durationMs).toBeGreaterThanOrEqual(149)
    expect(found['cancel']?.durationMs).toBeGreaterThanOrEqual(400)
    expect(
      transactions
        .map(({ label, failed, attempts }) => ({ label, failed, attempts }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    ).toEqual([
      { label: 'locked', failed: true, attempts: 1 },
      { label: 'read', failed: true, attempts: 1 },
      { label: 'read', failed: true, attempts: 1 },
    ])
  })

  test('behind one that fails run again, and are counted once each, as succeeded', async () => {
    const reader = database.reader(tenantId)
    await Promise.allSettled([
      reader.read(plain('before', 'select 1 as x')),
      reader.read(plain('fails', 'select 1 / 0')),
      reader.read(plain('after', 'select generate_series(1, 3) as x')),
      reader.read(plain('last', 'select 1 as x where false')),
    ])
    expect(outcomes()).toEqual([
      { label: 'before', failed: false, errorCode: undefined, rows: 1 },
      { label: 'fails', failed: true, errorCode: '22012', rows: 0 },
      { label: 'after', failed: false, errorCode: undefined, rows: 3 },
      { label: 'last', failed: false, errorCode: undefined, rows: 0 },
    ])
    expect(transactions).toEqual([expect.objectContaining({ label: 'read', tenantId, attempts: 2, failed: true })])
  })

  test('have the tenant, and the request that they are counted for', async () => {
    const work: RequestWork = { label: 'Page', statements: 0, rows: 0 }
    const limited = database.until(performance.now() + 5000, undefined, work)
    await limited.reader(tenantId).read(plain('rows', 'select generate_series(1, 4)'))
    await limited.keys(tenantId, plain('keys', `select '${tenantId}'::uuid as tenant_id`))
    await limited.keys(tenantId, { ...plain('shared', `select '${tenantId}'::uuid as tenant_id`), sharesFlight: true })
    await limited.system(plain('system', 'select 1'))
    await limited.change(tenantId, async (change) => {
      await change.ask(plain('ask', 'select 1'))
      return change.commit([plain('write', 'select 2')])
    })
    await limited.transaction(tenantId, 'users', ({ prisma }) => prisma.user.findMany({ where: { tenantId } }))
    await database.reader(tenantId).read(plain('other', 'select 1'))
    expect(statements.map(({ label, tenantId: of, request }) => [label, of, request?.label])).toEqual([
      ['rows', tenantId, 'Page'],
      ['keys', tenantId, 'Page'],
      ['shared', tenantId, 'Page'],
      ['system', null, 'Page'],
      ['ask', tenantId, 'Page'],
      ['write', tenantId, 'Page'],
      ['user.findMany', tenantId, 'Page'],
      ['other', tenantId, undefined],
    ])
    const users = Object.keys(tenant.users).length
    expect(work).toEqual({ label: 'Page', statements: 7, rows: 4 + 1 + 1 + 1 + 1 + 1 + users })
    expect(operations).toEqual([expect.objectContaining({ label: 'user.findMany', tenantId, failed: false })])
  })
})

describe('transactions', () => {
  test('have their label, attempts, wait and commit', async () => {
    await database.reader(tenantId).read(plain('a', 'select 1'))
    await database.system(plain('b', 'select 1'))
    await database.change(tenantId, (change) => change.commit([plain('insertRows.contacts', 'select 1')]))
    await database.change(tenantId, () => Promise.resolve('nothing'))
    await database.transaction(tenantId, 'own', ({ prisma }) => prisma.user.count())
    expect(transactions.map(({ label, tenantId: of, attempts, failed }) => [label, of, attempts, failed])).toEqual([
      ['read', tenantId, 1, false],
      ['system', null, 1, false],
      ['change.insertRows.contacts', tenantId, 1, false],
      ['change', tenantId, 1, false],
      ['own', tenantId, 1, false],
    ])
    for (const { label, durationMs, waitMs, commitMs } of transactions) {
      expect(durationMs).toBeGreaterThanOrEqual(waitMs + commitMs)
      expect(commitMs > 0).toBe(label !== 'change')
    }
  })

  test('that run again count each attempt, and the wait for a connection', async () => {
    const options = testDatabaseOptions(clone.databaseUrl, 1)
    const single = createDatabase({ ...options, ...OBSERVERS })
    let tries = 0
    const running = single.change(tenantId, async (change) => {
      await sleep(100)
      if (++tries < 3)
        await change.ask(plain('deadlock', `do $$ begin raise exception using errcode = '40P01'; end $$`))
      return tries
    })
    await sleep(20)
    await Promise.all([running, single.reader(tenantId).read(plain('waits', 'select 1'))])
    await single.close()
    const change = transactions.find(({ label }) => label === 'change')
    const read = transactions.find(({ label }) => label === 'read')
    expect(change).toMatchObject({ attempts: 3, failed: false })
    expect(read).toMatchObject({ attempts: 1, failed: false })
    expect(read?.waitMs).toBeGreaterThanOrEqual(50)
    expect(outcomes().filter(({ label }) => label === 'deadlock')).toEqual([
      { label: 'deadlock', failed: true, errorCode: '40P01', rows: 0 },
      { label: 'deadlock', failed: true, errorCode: '40P01', rows: 0 },
    ])
  })
})

describe('a generic plan', () => {
  test('is one of the role and the tenant; nothing runs and nobody is told', async () => {
    const event = { role: 'kith_app', tenantId, prepared: true, tables: undefined } as const
    const asked = {
      ...event,
      label: 'users',
      text: 'select id from users where tenant_id = $1 and id = any($2::uuid[])',
    }
    const plan = await database.genericPlan(asked as StatementEvent)
    expect(JSON.stringify(plan)).toMatch(/"Relation Name":"users".*tenant_id = \$1/)
    const deletion = { ...event, label: 'delete', text: 'delete from users where tenant_id = $1' }
    expect(await database.genericPlan(deletion as StatementEvent)).toMatchObject({ Operation: 'Delete' })
    const broken = { ...event, label: 'broken', text: 'select from nowhere' }
    expect(await database.genericPlan(broken as StatementEvent)).toEqual({ why: 'The statement could not be planned.' })
    expect([statements, transactions]).toEqual([[], []])
    expect((await admin.query('select count(*)::int as n from users where tenant_id = $1', [tenantId])).rows).toEqual([
      { n: Object.keys(tenant.users).length },
    ])
  })
})
