import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'
import type { UserError } from '../../lib/errors.js'
import type { RowOutcome } from '../../records/outcome.js'
import type { RecordKind } from '../../records/record-kind.js'
import type { JobCounts } from './job.js'
import { writeJobProblems, type JobProblem } from './job-changes.repository.js'

// Somebody else changed, deleted or removed the record meanwhile: it is left as it is, which is no fault of the job.
const LEFT_ALONE = new Set<UserError['code']>(['CONFLICT', 'NOT_FOUND'])

/** What a chunk did with some records, counted, and why it did nothing with others. */
export interface ChunkOutcome {
  readonly counts: JobCounts
  readonly problems: readonly JobProblem[]
  /** ids of the records with which something was done, or that were as they were to be */
  readonly done: readonly string[]
}

/**
 * Counts what became of records, whose ids stand in the order of the outcomes. What somebody else changed or removed is
 * SKIPPED; other refusals are FAILED; each with its first reason.
 */
export function countOutcomes(
  { type }: RecordKind,
  ids: readonly string[],
  outcomes: readonly RowOutcome[],
): ChunkOutcome {
  const counts = { read: ids.length, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
  const problems: JobProblem[] = []
  const done: string[] = []
  for (const [index, { status, userErrors }] of outcomes.entries()) {
    const entityId = ids[index] as string
    const [error] = userErrors
    if (!error) {
      counts[status === 'UNCHANGED' ? 'unchanged' : 'updated']++
      done.push(entityId)
      continue
    }
    const isLeft = userErrors.every(({ code, field }) => LEFT_ALONE.has(code) && OF_RECORD.has(field.at(-1) ?? ''))
    counts[isLeft ? 'skipped' : 'failed']++
    problems.push({ entityType: type as JobProblem['entityType'], entityId, code: error.code, message: error.message })
  }
  return { counts, problems, done }
}

// Where checks say that the record itself is gone or another one; NOT_FOUND at another place is of a link.
const OF_RECORD = new Set(['id', 'version'])

/** Some counts together. */
export function sumOfCounts(all: readonly JobCounts[]): JobCounts {
  const sum = { read: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
  for (const counts of all) for (const name of Object.keys(sum) as (keyof JobCounts)[]) sum[name] += counts[name]
  return sum
}

/** Keeps why a job did nothing with some records; no statement where there are none. */
export function keepProblems(scope: Scope, jobId: string, problems: readonly JobProblem[]): Statement[] {
  return problems.length > 0 ? [writeJobProblems(scope, jobId, problems)] : []
}
