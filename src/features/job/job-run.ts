import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Database } from '../../database/database.js'
import { asError } from '../../database/errors.js'
import type { Row, Statement } from '../../database/statement.js'
import { AppError, UserErrors } from '../../lib/errors.js'
import type { JobCounts, JobError, JobHandler, JobRow, JobRun, JobSession, JobStatus, JobStep } from './job.js'
import { advanceJob, findJob, finishJob, lockJob, renewLease } from './job.repository.js'

/** What a job runs on in this process. */
export interface JobLease {
  readonly database: Database
  readonly tenantId: string
  readonly leaseId: string
  readonly leaseMs: number
  /** the scope of whoever asked for the job, as of now. @throws FORBIDDEN where that user is gone */
  readonly scopeOf: (tenantId: string, job: JobRow) => Promise<Scope>
  /** whether no further chunk is begun */
  readonly isStopping: () => boolean
  /** is told of each chunk that was committed */
  readonly onChunk?: (job: JobRow, durationMs: number, counts: Partial<JobCounts>) => void
}

/** Another worker has the job by now: whatever this one did in its last transaction is undone. */
export class LeaseLost extends Error {}

/** Ends the transaction of a chunk without keeping anything of it. */
class RolledBack extends Error {
  constructor(readonly step: JobStep) {
    super('a dry run')
  }
}

/**
 * Works on a claimed job until it is over or this process stops. Gives the job when it has ended, undefined where it is to be
 * gone on with. Each chunk commits together with the job's cursor, and only while the lease is ours: so a process may die
 * anywhere, and two may believe that they have the job, and no row is lost or done twice.
 * @throws LeaseLost; what is to be tried again
 */
export async function runJob(lease: JobLease, claimed: JobRow, handler: JobHandler): Promise<JobRow | undefined> {
  let session: JobSession | undefined
  const beat = setInterval(() => void renew(lease, claimed.id), lease.leaseMs / 3)
  beat.unref()
  try {
    let job = claimed
    if (job.cancelRequestedAt) return await finish(lease, job, undefined, 'CANCELED')
    session = await handler.open(await lease.scopeOf(lease.tenantId, job), job)
    for (;;) {
      if (job.cancelRequestedAt) return await finish(lease, job, session, 'CANCELED')
      if (lease.isStopping()) return undefined
      const chunk = await session.next()
      if (chunk === null) return await finish(lease, job, session, 'SUCCEEDED', balanceError(handler, job))
      job = await runChunk(lease, job, session, chunk)
    }
  } catch (thrown) {
    const error = jobErrorOf(asError(thrown))
    if (!error) throw thrown
    return await finish(lease, claimed, session, 'FAILED', error)
  } finally {
    clearInterval(beat)
    await session?.close?.()
  }
}

/** Ends a job that no further attempt is made of. */
export function giveUp(lease: JobLease, job: JobRow, error: JobError): Promise<JobRow> {
  return finish(lease, job, undefined, 'FAILED', error)
}

async function runChunk(lease: JobLease, job: JobRow, session: JobSession, chunk: unknown): Promise<JobRow> {
  const startMs = performance.now()
  const { database, tenantId } = lease
  const scope = await lease.scopeOf(tenantId, job)
  let counts: Partial<JobCounts> = {}
  const advance = async (change: Change, step: JobStep): Promise<JobRow> => {
    // The job's row is locked last, and for a moment: who cancels it doesn't wait for a chunk.
    const statements = [...(step.statements ?? []), advanceJob(scope, job.id, lease.leaseId, lease.leaseMs, step)]
    const answers = await Promise.all(statements.map((statement) => change.ask<JobRow>(statement)))
    const [next] = answers.at(-1) ?? []
    if (!next) throw new LeaseLost('the job is another worker’s')
    await change.commit([])
    counts = step.counts ?? {}
    return next
  }
  const next = await database
    .change(tenantId, async (change) => {
      const held = await readHeld(lease, change, findJob({ tenantId }, job.id))
      const step = await session.run({ scope, change: withoutCommit(change), job: held }, chunk)
      if (step.isRolledBack) throw new RolledBack(step)
      return advance(change, step)
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error
      return database.change(tenantId, (change) => advance(change, error.step))
    })
  lease.onChunk?.(next, performance.now() - startMs, counts)
  return next
}

async function finish(
  lease: JobLease,
  running: JobRow,
  session: JobSession | undefined,
  status: JobStatus,
  error: JobError | null = null,
): Promise<JobRow> {
  const { database, tenantId, leaseId } = lease
  const ended = error ? 'FAILED' : status
  const scope = session?.finish && (await scopeAtEnd(lease, running))
  return database.change(tenantId, async (change) => {
    // Nobody takes the job between the lock and the end: so the end is written without being looked at.
    const job = await readHeld(lease, change, lockJob({ tenantId }, running.id))
    const run: JobRun | undefined = scope && { scope, change: withoutCommit(change), job }
    const { result = null, statements = [] } = (run && (await session?.finish?.(run, ended))) ?? {}
    const end = finishJob({ tenantId, now: new Date() }, job.id, leaseId, ended, { result, error })
    const answers = await change.commit([...statements, end])
    return answers.at(-1)?.[0] as unknown as JobRow
  })
}

/** The scope of a job that ends; undefined where its user is gone: then it ends without the handler's words. */
async function scopeAtEnd({ scopeOf, tenantId }: JobLease, job: JobRow): Promise<Scope | undefined> {
  try {
    return await scopeOf(tenantId, job)
  } catch (error) {
    if (error instanceof AppError && error.code === 'FORBIDDEN') return undefined
    throw error
  }
}

async function readHeld({ leaseId }: JobLease, change: Change, statement: Statement): Promise<JobRow> {
  const [job] = await change.ask<JobRow>(statement)
  if (job?.leaseId !== leaseId) throw new LeaseLost('the job is another worker’s')
  return job
}

/** A change whose `commit` sends statements and leaves the transaction open. */
function withoutCommit({ ask, pause }: Change): Change {
  return { ask, pause, commit: (statements) => Promise.all(statements.map((statement) => ask<Row>(statement))) }
}

async function renew({ database, tenantId, leaseId, leaseMs }: JobLease, id: string): Promise<void> {
  const statement = renewLease({ tenantId }, id, leaseId, leaseMs)
  // Where it fails, the next chunk finds out whose the job is.
  await database.change(tenantId, (change) => change.commit([statement])).catch(() => undefined)
}

function balanceError({ isBalanced }: JobHandler, job: JobRow): JobError | null {
  const sum = job.created + job.updated + job.unchanged + job.skipped + job.failed
  if (!isBalanced || sum === job.read) return null
  return {
    code: 'INTERNAL_SERVER_ERROR',
    message: `The books don't balance: ${job.read} rows were read, ${sum} are told of.`,
  }
}

const TRIED_AGAIN = new Set(['SERVICE_UNAVAILABLE', 'TIMEOUT', 'INTERNAL_SERVER_ERROR'])

/** What a job fails of for good; null for what may pass. */
function jobErrorOf(error: Error): JobError | null {
  if (error instanceof AppError && !TRIED_AGAIN.has(error.code)) return { code: error.code, message: error.message }
  if (error instanceof UserErrors) {
    const [first] = error.userErrors
    return first ? { code: first.code, message: error.message } : null
  }
  return null
}
