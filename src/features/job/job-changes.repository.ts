import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'
import type { JournalAction } from '../../records/journal.js'
import type { Before } from '../../records/record-kind.js'

type Owner = Pick<Scope, 'tenantId'>

/** What a job did to a record, not taken back so far. */
export interface JobChange {
  readonly entityType: string
  readonly entityId: string
  readonly action: JournalAction
  readonly before: Before
  /** the version that the job left */
  readonly version: number
  /** whether somebody else changed the record between two changes of the job */
  readonly isMixed: boolean
}

/** The place of a change among those of its job: by type, then by id. */
export type ChangePlace = readonly [entityType: string, entityId: string]

/** Changes of some kinds that a job made and that aren't taken back, behind a place. */
export function findJobChanges(
  { tenantId }: Owner,
  jobId: string,
  actions: readonly JournalAction[],
  [afterType, afterId]: ChangePlace,
  limit: number,
): Statement {
  return {
    label: 'findJobChanges',
    prepared: true,
    text: `select c.entity_type as "entityType", c.entity_id as "entityId", c.action, c.before, c.version, c.is_mixed as "isMixed"
      from job_changes as c where c.tenant_id = $1 and c.job_id = $2 and c.action = any($3::text[]) and c.undone_at is null
        and (c.entity_type, c.entity_id) > ($4::text, $5::uuid)
      order by c.entity_type, c.entity_id limit $6`,
    values: [tenantId, jobId, actions, afterType, afterId, limit],
  }
}

/** How many records a job changed whose changes aren't taken back, as `total`. */
export function countJobChanges({ tenantId }: Owner, jobId: string): Statement {
  return {
    label: 'countJobChanges',
    prepared: true,
    text: `select count(*)::int as total from job_changes as c where c.tenant_id = $1 and c.job_id = $2 and c.undone_at is null`,
    values: [tenantId, jobId],
  }
}

/** Notes that what a job did to some records of one type is taken back. */
export function markUndone({ tenantId, now }: Scope, jobId: string, type: string, ids: readonly string[]): Statement {
  return {
    label: 'markUndone',
    prepared: true,
    text: `update job_changes as c set undone_at = $5
      where c.tenant_id = $1 and c.job_id = $2 and c.entity_type = $3 and c.entity_id = any($4::uuid[])`,
    values: [tenantId, jobId, type, ids, now],
  }
}

/** Tenants of which something is kept of jobs whose ids are smaller than one: of jobs before its moment. */
export function findTenantsWithOldJobs(beforeId: string): Statement {
  return {
    label: 'findTenantsWithOldJobs',
    prepared: true,
    text: `select t.id from tenants as t where exists (select from job_changes as c where c.tenant_id = t.id and c.job_id < $1::uuid)
      or exists (select from job_targets as g where g.tenant_id = t.id and g.job_id < $1::uuid)`,
    values: [beforeId],
  }
}

/** Removes changes of jobs whose ids are smaller than one, so many at most; a row for each that is gone. */
export function deleteOldChanges({ tenantId }: Owner, beforeId: string, limit: number): Statement {
  return {
    label: 'deleteOldChanges',
    prepared: true,
    text: `delete from job_changes as c using (
        select o.job_id, o.entity_type, o.entity_id from job_changes as o
        where o.tenant_id = $1 and o.job_id < $2::uuid limit $3) as old
      where c.tenant_id = $1 and c.job_id = old.job_id and c.entity_type = old.entity_type and c.entity_id = old.entity_id
      returning c.entity_id`,
    values: [tenantId, beforeId, limit],
  }
}

/** Removes what jobs with smaller ids were about: of those that were canceled before they began, or given up. */
export function deleteOldTargets({ tenantId }: Owner, beforeId: string): Statement {
  return {
    label: 'deleteOldTargets',
    prepared: true,
    text: `delete from job_targets as g where g.tenant_id = $1 and g.job_id < $2::uuid`,
    values: [tenantId, beforeId],
  }
}

/** A record that a job refused, or left as it is. */
export interface JobProblem {
  readonly entityType: 'CONTACT' | 'COMPANY'
  readonly entityId: string
  readonly code: string
  readonly message: string
}

/** Keeps why a job did nothing with some records. */
export function writeJobProblems({ tenantId }: Owner, jobId: string, problems: readonly JobProblem[]): Statement {
  const column = <Name extends keyof JobProblem>(name: Name) => problems.map((problem) => problem[name])
  return {
    label: 'writeJobProblems',
    prepared: true,
    text: `insert into job_problems (tenant_id, job_id, entity_type, entity_id, code, message)
      select $1::uuid, $2::uuid, r.* from unnest($3::text[], $4::uuid[], $5::text[], $6::text[]) as r
      on conflict (tenant_id, job_id, entity_type, entity_id) do update set code = excluded.code, message = excluded.message`,
    values: [tenantId, jobId, column('entityType'), column('entityId'), column('code'), column('message')],
  }
}

/** The records that a job refused or left as they are, by their types and ids. */
export function listJobProblems({ tenantId }: Owner, jobId: string, first: number, offset: number): Statement {
  return {
    label: 'listJobProblems',
    prepared: true,
    text: `select p.entity_type as "entityType", p.entity_id as "entityId", p.code, p.message from job_problems as p
      where p.tenant_id = $1 and p.job_id = $2 order by p.entity_type, p.entity_id limit $3 offset $4`,
    values: [tenantId, jobId, first, offset],
  }
}
