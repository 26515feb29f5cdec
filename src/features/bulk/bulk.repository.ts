import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'

type Owner = Pick<Scope, 'tenantId'>

/** Keeps the ids that a job is about, in blocks: texts as PostgreSQL reads arrays from. */
export function insertTargets({ tenantId }: Owner, jobId: string, blocks: readonly string[]): Statement {
  return {
    label: 'insertTargets',
    prepared: true,
    text: `insert into job_targets (tenant_id, job_id, block, ids)
      select $1::uuid, $2::uuid, r.block - 1, r.ids::uuid[] from unnest($3::text[]) with ordinality as r (ids, block)`,
    values: [tenantId, jobId, blocks],
  }
}

/** A block of a job's ids, from 0 on, as a text; no row behind the last one. */
export function findTargets({ tenantId }: Owner, jobId: string, block: number): Statement {
  return {
    label: 'findTargets',
    prepared: true,
    text: `select t.ids::text as ids from job_targets as t where t.tenant_id = $1 and t.job_id = $2 and t.block = $3`,
    values: [tenantId, jobId, block],
  }
}

/** Removes the ids of a job that is over. */
export function deleteTargets({ tenantId }: Owner, jobId: string): Statement {
  return {
    label: 'deleteTargets',
    prepared: true,
    text: `delete from job_targets where tenant_id = $1 and job_id = $2`,
    values: [tenantId, jobId],
  }
}
