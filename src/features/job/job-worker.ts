import { randomUUID } from 'node:crypto'
import { asError } from '../../database/errors.js'
import { isUnavailable } from '../../lib/errors.js'
import type { MetricsLog } from '../../metrics/metrics-log.js'
import type { JobHandlers, JobKind, JobRow } from './job.js'
import { giveUp, LeaseLost, runJob, type JobLease } from './job-run.js'
import { claimJob, findDueJobs, releaseJob, type DueJob } from './job.repository.js'

/** What does jobs in this process, beside others. */
export interface JobWorker {
  /** Looks for due jobs from now on, and now and then. */
  readonly start: () => void
  /** Looks for due jobs now. */
  readonly wake: () => void
  /** Does jobs until none is due. */
  readonly drain: () => Promise<void>
  /** Begins no more. Chunks that run end; their jobs are due again at once, for whoever comes next. */
  readonly stop: () => Promise<void>
}

export interface JobWorkerOptions extends Pick<JobLease, 'database' | 'scopeOf' | 'onChunk'> {
  readonly handlers: JobHandlers
  readonly log: MetricsLog
  /** is told of each job that has ended */
  readonly onEnd?: (job: JobRow) => void
  /** after so long without a sign of life another worker takes a job */
  readonly leaseMs?: number
  /** jobs at once in this process */
  readonly slots?: number
}

// A chunk takes a second or two; a process that stands still for longer than this loses its job, and nothing else.
const LEASE_MS = 30_000
const SLOTS = 2
/** How often is looked for what another process added, or left undone. */
export const LOOK_EVERY_MS = 5000
const PAUSE_MS = 2000
const MAX_PAUSE_MS = 60_000
// A chunk that ends the process each time would do so for ever.
const MAX_ATTEMPTS = 10

/** Knows of no job at first. */
export function createJobWorker({
  handlers,
  log,
  onEnd = () => undefined,
  leaseMs = LEASE_MS,
  slots = SLOTS,
  ...work
}: JobWorkerOptions): JobWorker {
  const { database } = work
  const kinds = Object.keys(handlers) as JobKind[]
  const running = new Map<string, Promise<void>>()
  let isStopped = false
  let isAskedAgain = false
  let looking: Promise<number> | undefined
  let timer: NodeJS.Timeout | undefined

  const attempt = async ({ tenantId, id }: DueJob, job: JobRow, lease: JobLease): Promise<void> => {
    const release = async (pauseMs: number, isTried: boolean): Promise<void> => {
      const statement = releaseJob({ tenantId }, id, lease.leaseId, pauseMs, isTried)
      // Where the database is away, the lease runs out.
      await database.change(tenantId, (change) => change.commit([statement])).catch(() => undefined)
    }
    try {
      const handler = handlers[job.kind]
      if (!handler) return await release(MAX_PAUSE_MS, false)
      if (job.attempts > MAX_ATTEMPTS) {
        const message = `The work came to nothing ${MAX_ATTEMPTS} times; the server's log says why.`
        return onEnd(await giveUp(lease, job, { code: 'INTERNAL_SERVER_ERROR', message }))
      }
      const over = await runJob(lease, job, handler)
      if (over) onEnd(over)
      else await release(0, false)
    } catch (error) {
      if (error instanceof LeaseLost) return
      const pauseMs = Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** (job.attempts - 1))
      log.warn({ err: asError(error), tenantId, jobId: id, attempts: job.attempts }, 'a job is tried again')
      await release(pauseMs, !isUnavailable(error))
    }
  }

  const claim = async (due: DueJob): Promise<boolean> => {
    const { tenantId, id } = due
    const leaseId = randomUUID()
    const statement = claimJob({ tenantId }, id, leaseId, leaseMs, new Date())
    const [[job] = []] = await database.change(tenantId, (change) => change.commit([statement]))
    if (!job) return false
    const lease: JobLease = { ...work, tenantId, leaseId, leaseMs, isStopping: () => isStopped }
    const run = attempt(due, job as unknown as JobRow, lease).finally(() => {
      running.delete(leaseId)
      wake()
    })
    running.set(leaseId, run)
    return true
  }

  /** Claims due jobs while there are places; how many. */
  const look = async (): Promise<number> => {
    let claimed = 0
    do {
      isAskedAgain = false
      if (isStopped || kinds.length === 0 || running.size >= slots) break
      const due = await database.system<DueJob>(findDueJobs(kinds, slots))
      for (const one of due) if (!isStopped && running.size < slots && (await claim(one))) claimed++
    } while (isAskedAgain)
    return claimed
  }
  const tick = (): Promise<number> => {
    if (looking) isAskedAgain = true
    return (looking ??= look().finally(() => (looking = undefined)))
  }
  function wake(): void {
    if (isStopped) return
    tick().catch((error: unknown) => {
      if (!isUnavailable(error)) log.warn({ err: asError(error) }, 'due jobs could not be looked for')
    })
  }

  return {
    start() {
      timer ??= setInterval(wake, LOOK_EVERY_MS)
      timer.unref()
      wake()
    },
    wake,
    async drain() {
      do await Promise.all(running.values())
      while ((await tick()) > 0 || running.size > 0)
    },
    async stop() {
      isStopped = true
      clearInterval(timer)
      await looking?.catch(() => undefined)
      await Promise.all(running.values())
    },
  }
}
