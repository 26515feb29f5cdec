import type { Scope } from '../../access/scope.js'
import { createInputCheck } from '../../lib/input.js'
import { refusedResult, type MutationResult } from '../../records/mutation.js'
import type { JobRow } from './job.js'
import * as changes from './job-changes.repository.js'
import { createJob, findJob, type JobServices } from './job.service.js'
import type { UndoOptions } from './undo.handler.js'

/** What a job did can be taken back for so long, from when it was asked for. */
export const UNDO_DAYS = 30
const DAY_MS = 86_400_000

// What is done to records by these is kept. An export does nothing, and an undo isn't taken back itself.
const UNDOABLE = new Set<JobRow['kind']>(['IMPORT', 'BULK'])

/** Until when what a job did can be taken back; null where it can't, or not yet. */
export function undoableUntil({ kind, createdAt, finishedAt }: JobRow): string | null {
  if (!UNDOABLE.has(kind) || finishedAt === null) return null
  return new Date(Date.parse(createdAt) + UNDO_DAYS * DAY_MS).toISOString()
}

/**
 * Adds a job that takes back what another one did. Where some of it was taken back before, the rest is tried again. NOT_FOUND;
 * BAD_USER_INPUT where the job isn't over, is of another kind, or is older than 30 days.
 */
export async function undoJob(
  scope: Scope,
  services: JobServices,
  { id }: { readonly id: string },
): Promise<MutationResult<JobRow>> {
  const check = createInputCheck()
  const target = await findJob(scope, services, id)
  const until = target && undoableUntil(target)
  if (!target) check.refuse('id', 'There is no such job.', 'NOT_FOUND')
  else if (!UNDOABLE.has(target.kind)) check.refuse('id', 'Only imports and changes by a filter can be taken back.')
  else if (!until) check.refuse('id', 'The job is not over: cancel it first, or wait for its end.')
  else if (until <= scope.now.toISOString()) check.refuse('id', `After ${UNDO_DAYS} days nothing is taken back.`)
  if (check.errors.length > 0) return refusedResult(check.errors)
  const [{ total } = { total: 0 }] = await services.database
    .reader(scope.tenantId)
    .read<{ total: number }>(changes.countJobChanges(scope, id))
  const options: UndoOptions = { jobId: id }
  const { job } = await createJob(scope, services, { kind: 'UNDO', options, total })
  return { id: job.id, record: job, userErrors: [] }
}

/** The records that a job refused or left as they are, by their types and ids. */
export function listProblems(
  scope: Scope,
  { database }: Pick<JobServices, 'database'>,
  jobId: string,
  { first, offset }: { readonly first: number; readonly offset: number },
): Promise<changes.JobProblem[]> {
  return database.reader(scope.tenantId).read<changes.JobProblem>(changes.listJobProblems(scope, jobId, first, offset))
}
