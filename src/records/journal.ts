import type { Scope } from '../access/scope.js'
import type { Statement } from '../database/statement.js'
import type { Before, RecordChange, StoredRecord, Values } from './record-kind.js'

/** What a job did to a record. */
export type JournalAction = 'CREATED' | 'UPDATED' | 'DELETED' | 'RESTORED'

/** What starts the names of custom fields in `Before`; the id of the definition follows. */
export const CUSTOM_FIELD_PREFIX = 'customFields.'

/**
 * Keeps what the records were before some changes of one type, in the transaction of these: one statement. Of a record that
 * the job changed before, what it was before all of it stays. Each change of a record counts its version up by one; so a
 * version that isn't the next one shows that somebody else wrote between.
 */
export function keepBefore(
  { tenantId }: Scope,
  jobId: string,
  type: string,
  changes: readonly RecordChange[],
): Statement {
  return {
    label: 'keepBefore',
    prepared: true,
    text: `insert into job_changes as t (tenant_id, job_id, entity_type, entity_id, action, before, version)
      select $1::uuid, $2::uuid, $3::text, r.* from unnest($4::uuid[], $5::text[], $6::jsonb[], $7::int[]) as r
      on conflict (tenant_id, job_id, entity_type, entity_id) do update set before = excluded.before || t.before,
        version = excluded.version, is_mixed = t.is_mixed or excluded.version <> t.version + 1`,
    values: [
      ...[tenantId, jobId, type, changes.map(({ id }) => id), changes.map(actionOf)],
      ...[
        changes.map((change) => JSON.stringify(beforeOf(change))),
        changes.map(({ after }) => after?.version ?? null),
      ],
    ],
  }
}

function actionOf({ before, after }: RecordChange): JournalAction {
  if (before === null) return 'CREATED'
  if ((before.deletedAt === null) === (after?.deletedAt === null)) return 'UPDATED'
  return before.deletedAt === null ? 'DELETED' : 'RESTORED'
}

/** Of a record that is new there was nothing before. */
function beforeOf({ kind, before, after, parts }: RecordChange): Before {
  if (before === null || after === null) return {}
  const columns = Object.entries(kind.columns).flatMap(([name, { check, isGenerated }]): [string, unknown][] =>
    check && !isGenerated && !isSame(before, after, name) ? [[name, before[name] ?? null]] : [],
  )
  return Object.assign(Object.fromEntries(columns), ...parts.map((part) => part.before?.() ?? {})) as Before
}

function isSame(before: StoredRecord, after: Values, name: string): boolean {
  return (before[name] ?? null) === (after[name] ?? null)
}
