import { Worker } from 'node:worker_threads'
import type { Database } from '../database/database.js'
import { asError } from '../database/errors.js'
import { JOB_KINDS } from '../features/job/job.js'
import { LOOK_EVERY_MS, type JobWorker } from '../features/job/job-worker.js'
import { findDueJobs } from '../features/job/job.repository.js'
import { isUnavailable } from '../lib/errors.js'
import { RECOVERED_MS, restartPauseMs } from '../lib/restart-pause.js'
import type { JobMetrics } from '../metrics/job-metrics.js'
import type { MetricsLog } from '../metrics/metrics-log.js'
import type { FromJobThread, JobThreadData, ToJobThread } from './job-thread-messages.js'
import { threadProgram } from './program-file.js'
import type { DatabaseObservers } from './timed-database.js'

/** What a thread of jobs is told of and tells. */
export interface JobThreadOptions {
  /** looked into for due jobs while no thread runs */
  readonly database: Database
  readonly observers: DatabaseObservers
  readonly metrics: JobMetrics
  readonly log: MetricsLog
}

/** Makes what does the jobs of a server in a thread of their own; none runs yet. */
export type CreateJobThread = (options: JobThreadOptions) => Pick<JobWorker, 'start' | 'wake' | 'stop'>

// Its memory goes with it; a new one takes a second.
const IDLE_MS = 30_000
// An import of 100,000 rows keeps some 60 MB; what is more is garbage that waits to be collected.
const HEAP = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 }

/**
 * What does jobs in a thread that is there while there are some: so no request waits while a chunk of rows is read,
 * checked and put into statements, which takes a third of a second. A thread that ends by itself is followed by another one,
 * which goes on with its jobs when their leases have run out.
 */
export function jobThreadOver(workerData: JobThreadData, idleMs = IDLE_MS): CreateJobThread {
  return ({ database, observers, metrics, log }) => {
    let thread: Worker | undefined
    let ended: Promise<void> = Promise.resolve()
    let [isStopped, isLeaving] = [false, false]
    let [failures, pausedUntilMs] = [0, -Infinity]
    let looking: NodeJS.Timeout | undefined
    let looked: Promise<void> | undefined
    let leaving: NodeJS.Timeout | undefined

    const tell = (message: ToJobThread): void => thread?.postMessage(message)
    const stay = (): void => {
      clearTimeout(leaving)
      leaving = undefined
    }
    const hear = (message: FromJobThread): void => {
      switch (message.kind) {
        case 'idle':
          leaving ??= setTimeout(() => {
            leaving = undefined
            tell({ kind: 'leave' })
          }, idleMs).unref()
          break
        case 'leaving':
          isLeaving = true
          break
        case 'warn':
          log.warn(message.fields, message.message)
          break
        case 'chunk':
          metrics.chunk(message.job, message.durationMs, { ...message.counts })
          break
        case 'ended':
          metrics.ended(message.job, message.status)
          break
        case 'observeStatement':
          observers.observeStatement(message.event)
          break
        case 'observeOperation':
          observers.observeOperation(message.event)
          break
        case 'observeTransaction':
          observers.observeTransaction(message.event)
          break
      }
    }
    const fail = (livedMs: number, fields: object, what: string): void => {
      failures = livedMs > RECOVERED_MS ? 1 : failures + 1
      pausedUntilMs = performance.now() + restartPauseMs(failures)
      log.warn(fields, what)
    }
    const launch = (): void => {
      const startedAtMs = performance.now()
      let started: Worker
      try {
        started = new Worker(threadProgram('start/job-thread-main'), { workerData, resourceLimits: HEAP, name: 'jobs' })
      } catch (error) {
        return fail(0, { err: asError(error) }, 'the thread of jobs could not be started; it is tried again')
      }
      thread = started
      started.on('message', hear)
      started.on('error', (error: unknown) => log.warn({ err: asError(error) }, 'the thread of jobs failed'))
      ended = new Promise((resolve) => {
        started.once('exit', (code) => {
          const wasMeant = isLeaving
          stay()
          ;[thread, isLeaving] = [undefined, false]
          resolve()
          if (isStopped) return
          if (wasMeant) failures = 0
          else {
            const what = 'the thread of jobs has ended by itself; another one goes on with its jobs'
            fail(performance.now() - startedAtMs, { code }, what)
          }
          // It may have been woken as it left.
          tick()
        })
      })
    }
    const wake = (): void => {
      if (isStopped) return
      stay()
      if (thread) tell({ kind: 'wake' })
      else if (performance.now() >= pausedUntilMs) launch()
    }
    const look = async (): Promise<void> => {
      if (thread || isStopped) return
      try {
        const due = await database.system(findDueJobs(JOB_KINDS, 1))
        if (due.length > 0) wake()
      } catch (error) {
        if (!isUnavailable(error)) log.warn({ err: asError(error) }, 'due jobs could not be looked for')
      }
    }
    const tick = (): void => {
      looked ??= look().finally(() => (looked = undefined))
    }
    return {
      start() {
        looking ??= setInterval(tick, LOOK_EVERY_MS).unref()
        tick()
      },
      wake,
      async stop() {
        isStopped = true
        clearInterval(looking)
        stay()
        await looked
        tell({ kind: 'stop' })
        await ended
      },
    }
  }
}
