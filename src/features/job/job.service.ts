import type { Scope } from '../../access/scope.js'
import type { Database } from '../../database/database.js'
import type { Statement } from '../../database/statement.js'
import { createInputCheck, type Given } from '../../lib/input.js'
import { newId } from '../../lib/new-id.js'
import { refuse, refusedResult, runMutation, type MutationResult } from '../../records/mutation.js'
import type { JobRow } from './job.js'
import * as repository from './job.repository.js'

/** What asks for jobs runs on. */
export interface JobServices {
  readonly database: Database
  /** Is told that there may be work: a worker of this process looks for it at once, where it has one. */
  readonly jobsAdded: () => void
}

const JOBS_A_PAGE = 20

/** A job by its id; null where the tenant has none such. */
export async function findJob(
  { tenantId }: Pick<Scope, 'tenantId'>,
  { database }: Pick<JobServices, 'database'>,
  id: string,
): Promise<JobRow | null> {
  const [job] = await database.reader(tenantId).read<JobRow>(repository.findJob({ tenantId }, id))
  return job ?? null
}

/** Jobs of the tenant, newest first. */
export function listJobs(
  { tenantId }: Scope,
  { database }: JobServices,
  {
    kind,
    status,
    offset,
    first,
  }: { readonly [Name in keyof repository.JobFilter]?: Given<repository.JobFilter[Name]> },
): Promise<JobRow[]> {
  const filter = { kind: kind ?? null, status: status ?? null, offset: offset ?? 0, first: first ?? JOBS_A_PAGE }
  return database.reader(tenantId).read<JobRow>(repository.listJobs({ tenantId }, filter))
}

/**
 * Adds a job, which a worker begins soon. With a request key that the tenant used for this kind before, nothing is added,
 * and the job of then is given. `also` is written in the same transaction; a job with it has no request key.
 */
export async function createJob(
  scope: Scope,
  { database, jobsAdded }: JobServices,
  job: Omit<repository.NewJob, 'id'>,
  also: (jobId: string) => readonly Statement[] = () => [],
): Promise<{ readonly job: JobRow; readonly isNew: boolean }> {
  const made = { ...job, id: newId(scope.now) }
  const { kind, requestKey } = job
  const known = requestKey ? repository.findJobByRequestKey(scope, kind, requestKey) : undefined
  const [rows, found = []] = await database.change(scope.tenantId, (change) =>
    change.commit([repository.insertJob(scope, made), ...(known ? [known] : []), ...also(made.id)]),
  )
  const [row] = [...(rows ?? []), ...found]
  if (!row) throw new Error('a job was neither made nor found')
  const isNew = (rows ?? []).length > 0
  if (isNew) jobsAdded()
  return { job: row as unknown as JobRow, isNew }
}

/**
 * Asks for the end of a job: the chunk that runs is finished, what was done stays. NOT_FOUND; BAD_USER_INPUT where the
 * job is over.
 */
export function cancelJob(
  scope: Scope,
  { database }: JobServices,
  { id }: { readonly id: string },
): Promise<MutationResult<JobRow>> {
  return runMutation<MutationResult<JobRow>>(database, scope.tenantId, {}, refusedResult, async (change) => {
    const [stored] = await change.ask<JobRow>(repository.findJob(scope, id))
    const check = createInputCheck()
    if (!stored) check.refuse('id', 'There is no such job.', 'NOT_FOUND')
    else if (stored.finishedAt !== null) check.refuse('id', `The job is over: ${stored.status}.`)
    refuse(check.errors)
    const [rows = []] = await change.commit([repository.cancelJob(scope, id)])
    const record = (rows[0] ?? stored) as JobRow
    return { id, record, userErrors: [] }
  })
}
