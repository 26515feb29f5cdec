import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { processEnvironment } from '../../setup/test-run.js'
import { makeContacts, startContacts } from '../../features/bulk/bulk-desk.js'
import { TEST_SECRET } from '../../support/api.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { startFromSource } from '../support/source-process.js'

let desk: Desk
let admin: Principal
let children: ChildProcess[] = []

beforeAll(async () => {
  desk = await openDesk()
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
})
afterAll(() => desk.close())

const own = () => ({ DATABASE_URL: desk.databaseUrl, KITH_SECRET: TEST_SECRET })

/** A process whose jobs a thread does; `until` waits for its next line that begins so, and gives all lines so far. */
async function startProgram() {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/job-thread-program.ts'], {
    env: { ...processEnvironment(), ...own() },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => lines.push(line))
  let seen = 0
  const until = async (begin: string): Promise<string[]> => {
    for (;;) {
      const index = lines.findIndex((line, at) => at >= seen && line.startsWith(begin))
      if (index >= 0) {
        seen = index + 1
        return lines.slice(0, seen)
      }
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`The process ended: ${lines.join('\n')}`)
      await sleep(10)
    }
  }
  await until('ready')
  return { child, until, tell: (what: string) => child.stdin.write(`${what}\n`) }
}

const titlesOf = async (): Promise<unknown> =>
  desk.sql(`select job_title as title, version, count(*)::int from contacts where tenant_id = $1 group by 1, 2`, [
    admin.tenant.id,
  ])

test('the thread is there while there are jobs, tells of what it does, and lets go of a job where the server ends', async () => {
  ;({ admin } = await openTenant(desk))
  const ids = await makeContacts(desk, admin, 502)
  const { child, until, tell } = await startProgram()
  await startContacts(desk, admin, { action: 'UPDATE', filter: {}, update: { jobTitle: 'Engineer' } })
  tell('wake')
  expect(await until('thread ended')).toEqual([
    'ready',
    'thread began',
    'chunk of BULK {"read":500,"created":0,"updated":500,"unchanged":0,"skipped":0,"failed":0} true',
    'chunk of BULK {"read":2,"created":0,"updated":2,"unchanged":0,"skipped":0,"failed":0} true',
    'job BULK SUCCEEDED',
    'thread ended with 0',
  ])
  expect(await titlesOf()).toEqual([{ title: 'Engineer', version: 2, count: 502 }])

  // Nobody wakes it: it finds what others added.
  const holder = await openHolder()
  await holder.query('begin')
  await holder.query('select from contacts where id = $1 for update', [ids[0]])
  const id = await startContacts(desk, admin, { action: 'UPDATE', filter: {}, update: { jobTitle: 'Owner' } })
  await until('thread began')
  await untilWaiting(holder)
  tell('stop')
  await holder.query('rollback')
  await holder.end()
  const lines = await until('statements')
  expect(lines.slice(7)).toEqual([
    'chunk of BULK {"read":500,"created":0,"updated":500,"unchanged":0,"skipped":0,"failed":0} true',
    'thread ended with 0',
    expect.stringMatching(/^statements .*updateRows\.contacts [0-9a-f-]{36} false/),
  ])
  expect(lines.at(-1)).toContain(`updateRows.contacts ${admin.tenant.id} false`)
  expect(lines.at(-1)).toMatch(/transaction change\.\S+ false/)
  if (child.exitCode === null) await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  const [job] = await desk.sql('select status, lease_id, read_rows::int as read from jobs where id = $1', [id])
  expect(job).toEqual({ status: 'QUEUED', lease_id: null, read: 500 })
})

test('a thread that ends by itself is followed by another one, which goes on with its job', async () => {
  ;({ admin } = await openTenant(desk))
  const ids = await makeContacts(desk, admin, 3)
  await desk.sql(`update jobs set status = 'CANCELED', finished_at = now() where finished_at is null`)
  const { child, until, tell } = await startProgram()
  const holder = await openHolder()
  await holder.query('begin')
  await holder.query('select from contacts where id = $1 for update', [ids[0]])
  await startContacts(desk, admin, { action: 'UPDATE', filter: {}, update: { jobTitle: 'Engineer' } })
  tell('wake')
  await untilWaiting(holder)
  tell('kill')
  await until('thread ended')
  await holder.query('rollback')
  await holder.end()
  // It would wait for the end of the lease.
  await desk.sql('update jobs set lease_until = null where finished_at is null')
  tell('wake')
  expect(await until('thread ended')).toEqual([
    'ready',
    'thread began',
    'warning: the thread of jobs has ended by itself; another one goes on with its jobs',
    'thread ended with 1',
    'thread began',
    'chunk of BULK {"read":3,"created":0,"updated":3,"unchanged":0,"skipped":0,"failed":0} true',
    'job BULK SUCCEEDED',
    'thread ended with 0',
  ])
  expect(await titlesOf()).toEqual([{ title: 'Engineer', version: 2, count: 3 }])
  tell('stop')
  await once(child, 'exit')
  expect(child.exitCode).toBe(0)
})

test('a server does its jobs in such a thread, and counts them', async () => {
  ;({ admin } = await openTenant(desk))
  await makeContacts(desk, admin, 3)
  await startContacts(desk, admin, { action: 'UPDATE', filter: {}, update: { jobTitle: 'Engineer' } })
  const settings = { ...own(), KITH_METRICS_TOKEN: 'metrics', KITH_DRAIN_DELAY_MS: '0' }
  const { child, base } = await startFromSource(settings, (began) => children.push(began))
  const metrics = async (): Promise<string> =>
    (await fetch(`${base}/metrics`, { headers: { authorization: 'Bearer metrics' } })).text()
  let text = await metrics()
  for (; !text.includes('kith_jobs_total{kind="BULK",status="SUCCEEDED"} 1'); text = await metrics()) await sleep(50)
  expect(text).toContain('kith_job_rows_total{kind="BULK",outcome="updated"} 3')
  expect(text).toMatch(/^kith_statement_duration_seconds_count\{.*updateRows\.contacts.*\} 1$/m)
  expect(await titlesOf()).toEqual([{ title: 'Engineer', version: 2, count: 3 }])
  const [{ connections }] = (await desk.sql(
    `select count(*)::int as connections from pg_stat_activity where datname = current_database() and application_name ~ '^kith-jobs-'`,
  )) as [{ connections: number }]
  expect(connections).toBeGreaterThan(0)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

/** A connection of a test that locks; the end of the database, where the test failed, is no fault of its own. */
async function openHolder(): Promise<pg.Client> {
  const holder = new pg.Client({ connectionString: desk.adminUrl }).on('error', () => undefined)
  await holder.connect()
  return holder
}

/** Comes back when somebody waits for what `holder` has locked. */
async function untilWaiting(holder: pg.Client): Promise<void> {
  const text = `select count(*)::int as met, pg_sleep(0.01) from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))`
  for (let met = 0; met < 1;) met = Number((await holder.query<{ met: number }>(text)).rows[0]?.met)
}
