import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Statement } from '../../database/statement.js'
import type { Role } from '../../lib/principal.js'

export const JOB_KINDS = ['IMPORT', 'BULK', 'EXPORT', 'UNDO'] as const

/** What a job is about: its handler is found by it. */
export type JobKind = (typeof JOB_KINDS)[number]

/** RUNNING as well where a worker died and no other has taken it yet. */
export type JobStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED'

/** Rows of a job. Those that were read are all others together. */
export interface JobCounts {
  readonly read: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
}

/** Why a job failed. */
export interface JobError {
  readonly code: string
  readonly message: string
}

/** A job as the database has it. `options`, `cursor` and `result` are what its handler makes of them. */
export interface JobRow extends JobCounts {
  readonly id: string
  readonly kind: JobKind
  readonly status: JobStatus
  readonly createdAt: string
  readonly updatedAt: string
  readonly createdById: string | null
  readonly role: Role
  readonly requestKey: string | null
  readonly options: unknown
  readonly cursor: unknown
  readonly result: unknown
  readonly error: JobError | null
  readonly total: number | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly cancelRequestedAt: string | null
  readonly leaseId: string | null
  readonly attempts: number
}

/** What one chunk came to; written in its transaction. */
export interface JobStep {
  /** from where the next chunk goes on, as JSON */
  readonly cursor: unknown
  /** rows that this chunk adds to those of the job */
  readonly counts?: Partial<JobCounts>
  /**
   * Of work that each attempt begins anew: rows that attempts before had counted, which don't count any more. Given with every
   * step of such work, whose attempts are then counted until it ends.
   */
  readonly takenBack?: Partial<JobCounts>
  /** rows of the whole work, once that is known */
  readonly total?: number | undefined
  /** what else is written in the same transaction; in one of its own where the chunk's is rolled back */
  readonly statements?: readonly Statement[]
  /** A dry run: whatever the chunk wrote is undone, and only what stands here is kept. */
  readonly isRolledBack?: boolean
}

/** Where a chunk runs. */
export interface JobRun {
  /** whose rows, on whose behalf, at the moment of the chunk */
  readonly scope: Scope
  /**
   * The transaction of the chunk. Its `commit` only sends the statements: the transaction ends when the job's cursor is
   * written too. So the functions of `src/records` may run in it one after the other.
   */
  readonly change: Change
  /** the job as it is before the chunk */
  readonly job: JobRow
}

/** The work of one job, from its cursor on, in one process. */
export interface JobSession<Chunk = unknown> {
  /** Reads the next chunk, outside of any transaction; null where nothing is left. */
  readonly next: () => Promise<Chunk | null>
  /**
   * Does a chunk in a transaction. It may run several times, where that met other writers, so it has no effect outside
   * of the transaction. @throws AppError, which fails the job for good; what else it throws is tried again
   */
  readonly run: (run: JobRun, chunk: Chunk) => Promise<JobStep>
  /** What is written with the end of the job, and what it says of it. */
  readonly finish?: (run: JobRun, status: JobStatus) => Promise<{ result?: unknown; statements?: readonly Statement[] }>
  /** Lets go of what it holds; called once, however the work ended. */
  readonly close?: () => Promise<void>
}

/** How jobs of a kind are done. */
export interface JobHandler<Chunk = unknown> {
  /** Whether the rows that were read must be all others together when the job ends: then one that isn't so fails. */
  readonly isBalanced: boolean
  /** Opens the work of a job from its cursor on: another process may have begun it. @throws AppError fails the job */
  readonly open: (scope: Scope, job: JobRow) => Promise<JobSession<Chunk>>
}

/** How jobs are done, by their kinds. A kind without a handler waits for a process that has one. */
// Handlers differ in their chunks, which nobody but themselves looks into.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type JobHandlers = Readonly<Partial<Record<JobKind, JobHandler<any>>>>
