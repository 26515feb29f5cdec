import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createScope, FULL_ACCESS } from '../../../src/access/scope.js'
import { CONTACT_KIND } from '../../../src/features/contact/contact.kind.js'
import type { JobHandler, JobHandlers, JobStep } from '../../../src/features/job/job.js'
import type { JobWorker } from '../../../src/features/job/job-worker.js'
import { createJob } from '../../../src/features/job/job.service.js'
import type { Principal } from '../../../src/lib/principal.js'
import { createRecords } from '../../../src/records/lifecycle.js'
import { createServerWorker } from '../../../src/start/server-jobs.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import type { TestTenant } from '../../support/records.js'

let desk: Desk
let tenant: TestTenant
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(async () => {
  ;({ tenant, admin } = await openTenant(desk))
})
afterAll(() => desk.close())

const CHUNK = 5

interface Trouble {
  /** runs before a chunk is read, with the number of its first row */
  readonly before?: (first: number) => Promise<void> | void
  /** runs in the transaction, behind the writes */
  readonly inside?: (first: number) => Promise<void> | void
  readonly step?: (step: JobStep) => JobStep
}

/** Makes contacts `N 0`, `N 1` …, five a chunk, as many as the job's options say. */
function makingContacts({ before, inside, step = (same) => same }: Trouble = {}): JobHandlers {
  const handler: JobHandler<number> = {
    isBalanced: true,
    open: (_scope, job) => {
      const { rows } = job.options as { rows: number }
      let first = (job.cursor as number | null) ?? 0
      return Promise.resolve({
        async next() {
          await before?.(first)
          if (first >= rows) return null
          first += CHUNK
          return first - CHUNK
        },
        async run({ scope, change }, from) {
          const names = Array.from({ length: CHUNK }, (_, index) => ({ firstName: `N ${from + index}` }))
          const made = await createRecords(scope, change, CONTACT_KIND, names, () => [], { mode: 'PARTIAL' })
          await inside?.(from)
          const counts = { read: CHUNK, created: made.filter(({ status }) => status === 'CREATED').length }
          return step({ cursor: from + CHUNK, counts, total: rows })
        },
        finish: (_run, status) => Promise.resolve({ result: { status } }),
      })
    },
  }
  return { IMPORT: handler }
}

const worker = (handlers: JobHandlers, options: { leaseMs?: number } = {}): JobWorker =>
  createServerWorker(desk.api.services, { warn: () => undefined, info: () => undefined }, { handlers, ...options })

async function addJob(rows: number, requestKey?: string, now = new Date()) {
  const scope = createScope(admin, desk.api.registry, now, FULL_ACCESS)
  return createJob(scope, desk.api.services, { kind: 'IMPORT', options: { rows }, requestKey })
}

const SHOWN = `status rows { total read created updated unchanged skipped failed } error { code message } isCancelRequested
  createdBy { email }`
const jobOf = async (id: string, principal = admin) =>
  (await desk.ask(principal, `query ($id: ID!) { job(id: $id) { ${SHOWN} } }`, { id }))['job'] as unknown

/** The names of all contacts, in the order of their numbers. */
async function names(): Promise<string[]> {
  const rows = await desk.sql('select first_name from contacts where tenant_id = $1', [tenant.settings.id])
  return rows.map((row) => String(row['first_name'])).sort((a, b) => Number(a.slice(2)) - Number(b.slice(2)))
}
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `N ${index}`)
const done = (rows: number, more: object = {}) => ({
  status: 'SUCCEEDED',
  rows: { total: rows, read: rows, created: rows, updated: 0, unchanged: 0, skipped: 0, failed: 0 },
  error: null,
  isCancelRequested: false,
  createdBy: { email: 'admin@example.com' },
  ...more,
})
const makeDue = (id: string) => desk.sql('update jobs set lease_until = null where id = $1', [id])

describe('a job', () => {
  test('is done in chunks, with the rows that it read', async () => {
    const { job } = await addJob(20)
    expect(await jobOf(job.id)).toEqual({
      ...done(0),
      status: 'QUEUED',
      rows: { ...done(0).rows, total: null },
    })
    await worker(makingContacts()).drain()
    expect([await jobOf(job.id), await names()]).toEqual([done(20), numbered(20)])
    const [row] = await desk.sql('select result, lease_id, lease_until, attempts from jobs where id = $1', [job.id])
    expect(row).toEqual({ result: { status: 'SUCCEEDED' }, lease_id: null, lease_until: null, attempts: 0 })
  })

  test('loses and doubles nothing where chunks fail before and behind their writes', async () => {
    const { job } = await addJob(20)
    let failures = 0
    const fail = (at: number) => (first: number) => {
      if (first === at && failures++ % 2 === 0) throw new Error('the process has a fault')
    }
    const one = worker(makingContacts({ before: fail(5), inside: fail(10) }))
    await one.drain()
    expect(await names()).toEqual(numbered(5))
    for (let round = 0; round < 4; round++) {
      await makeDue(job.id)
      await one.drain()
    }
    expect(failures).toBeGreaterThan(2)
    expect([await jobOf(job.id), await names()]).toEqual([done(20), numbered(20)])
  })

  test('is done by one of two workers at a time; who lost it writes nothing', async () => {
    const { job } = await addJob(20)
    const other = worker(makingContacts())
    let isTaken = false
    const slow = worker(
      makingContacts({
        // While this worker stands still its lease runs out, and the other one does all of it.
        async inside(first) {
          if (first !== 10 || isTaken) return
          isTaken = true
          await makeDue(job.id)
          await other.drain()
        },
      }),
    )
    await Promise.all([slow.drain(), slow.drain()])
    expect(isTaken).toBe(true)
    expect([await jobOf(job.id), await names()]).toEqual([done(20), numbered(20)])
  })

  test('of several workers at once does each row once', async () => {
    const jobs = await Promise.all([addJob(15), addJob(10)])
    await Promise.all([1, 2, 3].map(() => worker(makingContacts()).drain()))
    expect(await Promise.all(jobs.map(({ job }) => jobOf(job.id)))).toEqual([done(15), done(10)])
    expect(await names()).toEqual([...numbered(15), ...numbered(10)].sort((a, b) => +a.slice(2) - +b.slice(2)))
  })

  test('goes on where a worker stopped', async () => {
    const { job } = await addJob(20)
    const first: JobWorker = worker(makingContacts({ before: (row) => (row === 10 ? void first.stop() : undefined) }))
    await first.drain()
    expect(await names()).toEqual(numbered(15))
    await worker(makingContacts()).drain()
    expect([await jobOf(job.id), await names()]).toEqual([done(20), numbered(20)])
  })

  test('whose books do not balance fails, and says it', async () => {
    const { job } = await addJob(5)
    await worker(makingContacts({ step: (step) => ({ ...step, counts: { read: 6, created: 5 } }) })).drain()
    expect(await jobOf(job.id)).toEqual(
      done(5, {
        status: 'FAILED',
        rows: { ...done(5).rows, read: 6 },
        error: { code: 'INTERNAL_SERVER_ERROR', message: "The books don't balance: 6 rows were read, 5 are told of." },
      }),
    )
  })

  test('that is rolled back keeps its counts alone', async () => {
    const { job } = await addJob(10)
    await worker(makingContacts({ step: (step) => ({ ...step, isRolledBack: true }) })).drain()
    expect([await jobOf(job.id), await names()]).toEqual([done(10), []])
  })

  test('is given up where it comes to nothing each time', async () => {
    const { job } = await addJob(5)
    const broken = worker(
      makingContacts({
        inside: () => {
          throw new Error('always')
        },
      }),
    )
    for (let round = 0; round < 11; round++) {
      await makeDue(job.id)
      await broken.drain()
    }
    const message = "The work came to nothing 10 times; the server's log says why."
    const rows = { ...done(0).rows, total: null }
    expect([await jobOf(job.id), await names()]).toEqual([
      done(0, { status: 'FAILED', rows, error: { code: 'INTERNAL_SERVER_ERROR', message } }),
      [],
    ])
  })

  test('ends where its user was deactivated', async () => {
    const { job } = await addJob(5)
    await desk.sql('update users set deactivated_at = now() where id = $1', [tenant.users.ADMIN])
    await worker(makingContacts()).drain()
    expect(await jobOf(job.id, tenant.principal('MANAGER'))).toMatchObject({
      status: 'FAILED',
      error: { code: 'FORBIDDEN', message: 'The user who asked for this is deactivated.' },
    })
    expect(await names()).toEqual([])
  })

  test('is not made twice for one request key', async () => {
    const [one, two] = [await addJob(5, 'march'), await addJob(10, 'march')]
    expect([one.isNew, two.isNew, two.job.id]).toEqual([true, false, one.job.id])
    await worker(makingContacts()).drain()
    expect([await names(), (await addJob(5, 'march')).job.status]).toEqual([numbered(5), 'SUCCEEDED'])
  })
})

describe('cancelJob', () => {
  const cancel = (id: string, principal = admin) =>
    desk.mutate(principal, 'cancelJob', { id }, 'job { status isCancelRequested }')

  test('ends a job that waits at once, and one that runs behind its chunk', async () => {
    const waiting = await addJob(5)
    expect(await cancel(waiting.job.id)).toEqual({
      job: { status: 'CANCELED', isCancelRequested: true },
      userErrors: [],
    })
    const { job } = await addJob(20)
    const answers: unknown[] = []
    const inside = async (first: number) => (first === 5 ? void answers.push(await cancel(job.id)) : undefined)
    await worker(makingContacts({ inside })).drain()
    expect(answers).toEqual([{ job: { status: 'RUNNING', isCancelRequested: true }, userErrors: [] }])
    const rows = { ...done(10).rows, total: 20 }
    expect(await jobOf(job.id)).toEqual(done(10, { status: 'CANCELED', isCancelRequested: true, rows }))
    expect(await names()).toEqual(numbered(10))
    expect(await cancel(job.id)).toEqual({
      job: null,
      userErrors: [userError('BAD_USER_INPUT', ['id'], 'The job is over: CANCELED.')],
    })
  })

  test("does not know another tenant's job", async () => {
    const { job } = await addJob(5)
    const { admin: stranger } = await openTenant(desk)
    expect(await jobOf(job.id, stranger)).toBeNull()
    expect(await desk.ask(stranger, '{ jobs { id } }')).toEqual({ jobs: [] })
    expect(await cancel(job.id, stranger)).toEqual({
      job: null,
      userErrors: [userError('NOT_FOUND', ['id'], 'There is no such job.')],
    })
    expect(await jobOf(job.id)).toMatchObject({ status: 'QUEUED', isCancelRequested: false })
  })
})

test('jobs are listed newest first, by kind and status, page after page', async () => {
  // A millisecond apart: those of one millisecond stand in any order.
  const nowMs = Date.now()
  const moments = [2, 1, 0].map((agoMs) => new Date(nowMs - agoMs))
  const made = (await Promise.all(moments.map((now) => addJob(5, undefined, now)))).map(({ job }) => job.id)
  await desk.mutate(admin, 'cancelJob', { id: made[1] })
  const list = async (args: string) =>
    ((await desk.ask(admin, `{ jobs(${args}) { id } }`))['jobs'] as { id: string }[]).map(({ id }) => made.indexOf(id))
  expect(await list('first: 2')).toEqual([2, 1])
  expect(await list('first: 2, offset: 2')).toEqual([0])
  expect(await list('first: 9, status: QUEUED')).toEqual([2, 0])
  expect(await list('first: 9, kind: EXPORT')).toEqual([])
})
