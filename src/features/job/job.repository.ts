import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'
import type { JobError, JobKind, JobStatus, JobStep } from './job.js'

/** Whose job, in statements. */
type Owner = Pick<Scope, 'tenantId'>

const COUNTS = ['read', 'created', 'updated', 'unchanged', 'skipped', 'failed'] as const

const COLUMNS = `j.id, j.kind, j.status, j.created_at as "createdAt", j.updated_at as "updatedAt", j.created_by_id as "createdById",
  j.role, j.request_key as "requestKey", j.options, j.cursor, j.result, j.error, j.total_rows::float8 as total,
  ${COUNTS.map((name) => `j.${name}_rows::float8 as ${name}`).join(', ')}, j.started_at as "startedAt",
  j.finished_at as "finishedAt", j.cancel_requested_at as "cancelRequestedAt", j.lease_id as "leaseId", j.attempts`
const OF_NEW = COLUMNS.replace(/\bj\./g, 't.')
const OPEN = `j.status in ('QUEUED', 'RUNNING')`
// Leases go by the server's clock: those of processes differ.
const IS_FREE = `(j.lease_until is null or j.lease_until <= clock_timestamp())`
const UNTIL = (parameter: string): string => `clock_timestamp() + ${parameter}::float8 * interval '1 ms'`

/** A job that is to be made. */
export interface NewJob {
  readonly id: string
  readonly kind: JobKind
  /** what its handler reads */
  readonly options: object
  /** the same request sent again finds its job by this */
  readonly requestKey?: string | null | undefined
  readonly total?: number | undefined
}

/** Adds a job and gives it; no row where the tenant has one of this kind and request key. */
export function insertJob({ tenantId, principal, now }: Scope, job: NewJob): Statement {
  return {
    label: 'insertJob',
    prepared: true,
    text: `insert into jobs as t (tenant_id, id, created_at, updated_at, kind, created_by_id, role, request_key, options, total_rows)
      select $1::uuid, $2::uuid, $3::timestamptz, $3::timestamptz, $4::text, $5::uuid, $6::text, $7::text, $8::jsonb, $9::bigint
      on conflict (tenant_id, kind, request_key) where request_key is not null do nothing returning ${OF_NEW}`,
    values: [
      ...[tenantId, job.id, now, job.kind, principal.userId, principal.role, job.requestKey ?? null],
      ...[JSON.stringify(job.options), job.total ?? null],
    ],
  }
}

/** The job of a request key. */
export function findJobByRequestKey({ tenantId }: Owner, kind: JobKind, requestKey: string): Statement {
  return {
    label: 'findJobByRequestKey',
    prepared: true,
    text: `select ${COLUMNS} from jobs as j where j.tenant_id = $1 and j.kind = $2 and j.request_key = $3`,
    values: [tenantId, kind, requestKey],
  }
}

/** A job by its id. */
export function findJob({ tenantId }: Owner, id: string): Statement {
  return {
    label: 'findJob',
    prepared: true,
    text: `select ${COLUMNS} from jobs as j where j.tenant_id = $1 and j.id = $2`,
    values: [tenantId, id],
  }
}

/** The same, locked until the end of the transaction. */
export function lockJob(owner: Owner, id: string): Statement {
  const { text, ...find } = findJob(owner, id)
  return { ...find, label: 'lockJob', text: `${text} for update` }
}

/** Which jobs are listed; null for any. */
export interface JobFilter {
  readonly kind: JobKind | null
  readonly status: JobStatus | null
  readonly offset: number
  readonly first: number
}

/** Jobs of a tenant, newest first. */
export function listJobs({ tenantId }: Owner, { kind, status, offset, first }: JobFilter): Statement {
  return {
    label: 'listJobs',
    prepared: true,
    text: `select ${COLUMNS} from jobs as j where j.tenant_id = $1 and ($2::text is null or j.kind = $2)
        and ($3::text is null or j.status = $3) order by j.id desc limit $5 offset $4`,
    values: [tenantId, kind, status, offset, first],
  }
}

/** Where a job is. */
export interface DueJob {
  readonly tenantId: string
  readonly id: string
}

/**
 * The oldest due job of each tenant and kind, of those kinds, oldest first; none where that tenant has one of the kind at
 * work: jobs of one kind run one after the other.
 */
export function findDueJobs(kinds: readonly JobKind[], limit: number): Statement {
  return {
    label: 'findDueJobs',
    prepared: true,
    text: `select d.tenant_id as "tenantId", d.id from (
        select distinct on (j.tenant_id, j.kind) j.tenant_id, j.id from jobs as j
        where ${OPEN} and ${IS_FREE} and j.kind = any ($1::text[]) and not exists (
          select from jobs as o where o.tenant_id = j.tenant_id and o.kind = j.kind and o.status = 'RUNNING'
            and o.lease_until > clock_timestamp())
        order by j.tenant_id, j.kind, j.id
      ) as d order by d.id limit $2`,
    values: [kinds, limit],
  }
}

/** Takes a due job for so long and gives it; no row where it is over, or another worker was first. */
export function claimJob({ tenantId }: Owner, id: string, leaseId: string, leaseMs: number, now: Date): Statement {
  return {
    label: 'claimJob',
    prepared: true,
    text: `update jobs as j set status = 'RUNNING', lease_id = $3, lease_until = ${UNTIL('$4')}, attempts = j.attempts + 1,
        started_at = coalesce(j.started_at, $5), updated_at = greatest(j.updated_at, $5)
      where j.tenant_id = $1 and j.id = $2 and ${OPEN} and ${IS_FREE} returning ${COLUMNS}`,
    values: [tenantId, id, leaseId, leaseMs, now],
  }
}

/** Keeps a job for so long from now on; no row where it is another worker's by now. */
export function renewLease({ tenantId }: Owner, id: string, leaseId: string, leaseMs: number): Statement {
  return {
    label: 'renewLease',
    prepared: true,
    text: `update jobs as j set lease_until = ${UNTIL('$4')} where j.tenant_id = $1 and j.id = $2 and j.lease_id = $3 returning j.id`,
    values: [tenantId, id, leaseId, leaseMs],
  }
}

/** Writes what a chunk came to, and keeps the job for so long; no row where it is another worker's by now. */
export function advanceJob(
  { tenantId, now }: Pick<Scope, 'tenantId' | 'now'>,
  id: string,
  leaseId: string,
  leaseMs: number,
  { cursor, counts = {}, takenBack, total }: JobStep,
): Statement {
  const sums = COUNTS.map((name, index) => `${name}_rows = j.${name}_rows + $${8 + index}::bigint`)
  return {
    label: 'advanceJob',
    prepared: true,
    text: `update jobs as j set cursor = $5, lease_until = ${UNTIL('$4')}, total_rows = coalesce($6::bigint, j.total_rows),
        attempts = case when $14::boolean then j.attempts else 0 end,
        updated_at = greatest(j.updated_at, $7), ${sums.join(', ')}
      where j.tenant_id = $1 and j.id = $2 and j.lease_id = $3 and j.status = 'RUNNING' returning ${COLUMNS}`,
    values: [
      ...[tenantId, id, leaseId, leaseMs, JSON.stringify(cursor), total ?? null, now],
      ...COUNTS.map((name) => (counts[name] ?? 0) - (takenBack?.[name] ?? 0)),
      takenBack !== undefined,
    ],
  }
}

/** Ends a job; no row where it is another worker's by now. */
export function finishJob(
  { tenantId, now }: Pick<Scope, 'tenantId' | 'now'>,
  id: string,
  leaseId: string,
  status: JobStatus,
  { result = null, error = null }: { readonly result?: unknown; readonly error?: JobError | null },
): Statement {
  return {
    label: 'finishJob',
    prepared: true,
    text: `update jobs as j set status = $4, finished_at = $5, updated_at = greatest(j.updated_at, $5), result = coalesce($6::jsonb, j.result),
        error = $7, lease_id = null, lease_until = null
      where j.tenant_id = $1 and j.id = $2 and j.lease_id = $3 returning ${COLUMNS}`,
    values: [
      ...[tenantId, id, leaseId, status, now, result === null ? null : JSON.stringify(result)],
      error === null ? null : JSON.stringify(error),
    ],
  }
}

/**
 * Lets go of a job, which is due again after so long. `isTried` counts this attempt among those that came to nothing.
 */
export function releaseJob(
  { tenantId }: Owner,
  id: string,
  leaseId: string,
  pauseMs: number,
  isTried: boolean,
): Statement {
  return {
    label: 'releaseJob',
    prepared: true,
    text: `update jobs as j set status = 'QUEUED', lease_id = null, lease_until = ${UNTIL('$4')},
        attempts = case when $5 then j.attempts else greatest(0, j.attempts - 1) end
      where j.tenant_id = $1 and j.id = $2 and j.lease_id = $3 returning j.id`,
    values: [tenantId, id, leaseId, pauseMs, isTried],
  }
}

/** Asks for the end of a job that isn't over, and gives it; one that nobody has begun ends at once. */
export function cancelJob({ tenantId, now }: Pick<Scope, 'tenantId' | 'now'>, id: string): Statement {
  const isUntouched = `j.status = 'QUEUED' and j.started_at is null`
  return {
    label: 'cancelJob',
    prepared: true,
    text: `update jobs as j set cancel_requested_at = coalesce(j.cancel_requested_at, $3), updated_at = greatest(j.updated_at, $3),
        status = case when ${isUntouched} then 'CANCELED' else j.status end,
        finished_at = case when ${isUntouched} then $3 end
      where j.tenant_id = $1 and j.id = $2 and ${OPEN} returning ${COLUMNS}`,
    values: [tenantId, id, now],
  }
}
