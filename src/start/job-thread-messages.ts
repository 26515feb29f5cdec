import type { ConnectOptions } from '../commands/open-database.js'
import type { Config } from '../config.js'
import type { JobCounts, JobKind, JobStatus } from '../features/job/job.js'
import type { DatabaseObservers } from './timed-database.js'

/** What the thread of jobs is given at its start: what the server itself has. */
export interface JobThreadData {
  readonly connect: ConnectOptions
  readonly config: Config
  readonly secret: string
}

/** What a server tells its thread of jobs. */
export type ToJobThread =
  /** there may be jobs that it doesn't know of */
  | { readonly kind: 'wake' }
  /** It may end, if it has nothing to do. */
  | { readonly kind: 'leave' }
  /** It begins no further chunk, and ends. */
  | { readonly kind: 'stop' }

type Observed = {
  readonly [Observer in keyof DatabaseObservers]: {
    readonly kind: Observer
    readonly event: Parameters<DatabaseObservers[Observer]>[0]
  }
}[keyof DatabaseObservers]

/** What the thread of jobs tells the server. */
export type FromJobThread =
  /** no job is due, and none is worked on; told each time that it has looked */
  | { readonly kind: 'idle' }
  /** it ends, as it may */
  | { readonly kind: 'leaving' }
  /** a line of the log */
  | { readonly kind: 'warn'; readonly fields: object; readonly message: string }
  /** what its database floor did */
  | Observed
  /** a chunk was committed */
  | {
      readonly kind: 'chunk'
      readonly job: JobKind
      readonly durationMs: number
      readonly counts: Partial<JobCounts>
    }
  /** a job ended */
  | { readonly kind: 'ended'; readonly job: JobKind; readonly status: JobStatus }
