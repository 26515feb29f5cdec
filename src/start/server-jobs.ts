import { createUploadUpkeep } from '../features/import/import-file.service.js'
import { jobScope } from '../features/job/job-scope.js'
import { createJobUpkeep } from '../features/job/job-upkeep.js'
import { createJobWorker, type JobWorker, type JobWorkerOptions } from '../features/job/job-worker.js'
import type { Services } from '../graphql/services.js'
import { createJobMetrics } from '../metrics/job-metrics.js'
import type { Metrics } from '../metrics/metrics.js'
import type { MetricsLog } from '../metrics/metrics-log.js'
import { createJobHandlers } from './job-handlers.js'
import type { CreateJobThread } from './job-thread.js'
import type { DatabaseObservers } from './timed-database.js'

/** A worker that does the jobs of all features, as `services` let it; nothing runs yet. */
export function createServerWorker(
  services: Services,
  log: MetricsLog,
  options: Partial<Pick<JobWorkerOptions, 'onChunk' | 'onEnd' | 'leaseMs' | 'slots' | 'handlers'>> = {},
): JobWorker {
  const scopeOf: JobWorkerOptions['scopeOf'] = (tenantId, job) => jobScope(services, tenantId, job)
  return createJobWorker({
    database: services.database,
    handlers: createJobHandlers(services),
    scopeOf,
    log,
    ...options,
  })
}

export interface CountedWorkerOptions {
  readonly services: Services
  readonly log: MetricsLog
  readonly metrics: Metrics
  /** is told of what a thread of jobs does in the database */
  readonly observers: DatabaseObservers
  /** what does jobs in a thread of their own; in this one where there is none */
  readonly createThread: CreateJobThread | undefined
}

/** The same, counted by the metrics of the process; what is kept for taking jobs back is removed in time. */
export function createCountedWorker(options: CountedWorkerOptions): Pick<JobWorker, 'start' | 'wake' | 'stop'> {
  const { services, log, observers, createThread } = options
  const { database } = services
  const metrics = createJobMetrics(options.metrics.registry)
  const worker = createThread
    ? createThread({ database, observers, metrics, log })
    : createServerWorker(services, log, {
        onChunk: ({ kind }, durationMs, counts) => metrics.chunk(kind, durationMs, { ...counts }),
        onEnd: ({ kind, status }) => metrics.ended(kind, status),
      })
  const upkeep = createJobUpkeep({
    database,
    report: (error) => log.warn({ err: error }, 'old changes of jobs could not be removed; it is tried again'),
  })
  const uploads = createUploadUpkeep({
    database,
    report: (error) => log.warn({ err: error }, 'expired uploads could not be removed; it is tried again'),
  })
  return {
    ...worker,
    async stop() {
      await Promise.all([worker.stop(), upkeep.stop(), uploads.stop()])
    },
  }
}
