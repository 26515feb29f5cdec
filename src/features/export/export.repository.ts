import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'
import { EXPORT_COLUMNS, NEW_EXPORT_COLUMNS, type ExportRow, type ExportStatus } from './export.columns.js'

type Writer = Pick<Scope, 'tenantId' | 'now'>

/** What came of a download. */
export interface ExportOutcome {
  readonly status: ExportStatus
  readonly rowCount: number | null
  readonly sizeBytes: number | null
  readonly sha256: string | null
}

/** An export by its id, where it isn't older than `notBefore`. */
export function findExport(scope: Scope, id: string, notBefore: Date): Statement {
  return {
    label: 'findExport',
    prepared: true,
    text: `select ${EXPORT_COLUMNS} from exports as e
      left join jobs as j on j.tenant_id = $1 and j.id = e.id and j.kind = 'EXPORT'
      where e.tenant_id = $1 and e.id = $2 and e.created_at >= $3`,
    values: [scope.tenantId, id, notBefore],
  }
}

/** Writes a new export and gives it. */
export function insertExport(
  { tenantId, now, principal }: Scope,
  { id, type, format, arguments: args }: Pick<ExportRow, 'id' | 'type' | 'format' | 'arguments'>,
): Statement {
  return {
    label: 'insertExport',
    prepared: true,
    text: `insert into exports as e (tenant_id, id, created_at, updated_at, created_by_id, type, format, arguments, status)
      values ($1, $2, $3, $3, $4, $5, $6, $7, 'READY') returning ${NEW_EXPORT_COLUMNS}`,
    values: [tenantId, id, now, principal.userId, type, format, JSON.stringify(args)],
  }
}

/** Removes the tenant's exports that are too old. */
export function deleteOldExports({ tenantId }: Writer, notBefore: Date): Statement {
  return {
    label: 'deleteOldExports',
    prepared: true,
    text: 'delete from exports where tenant_id = $1 and created_at < $2',
    values: [tenantId, notBefore],
  }
}

/** Notes that a download begins: what an earlier one gave isn't what this one gives. */
export function startExport({ tenantId, now }: Writer, id: string): Statement {
  return {
    label: 'startExport',
    prepared: true,
    text: `update exports set status = 'RUNNING', started_at = $3, finished_at = null, row_count = null, size_bytes = null,
        sha256 = null, updated_at = greatest(updated_at, $3) where tenant_id = $1 and id = $2`,
    values: [tenantId, id, now],
  }
}

/** Notes how a download ended, unless another one of the same export has begun since. */
export function finishExport(
  { tenantId, now }: Writer,
  id: string,
  finishedAt: Date,
  { status, rowCount, sizeBytes, sha256 }: ExportOutcome,
): Statement {
  return {
    label: 'finishExport',
    prepared: true,
    text: `update exports set status = $5, row_count = $6, size_bytes = $7, sha256 = $8, finished_at = $4,
        updated_at = greatest(updated_at, $4) where tenant_id = $1 and id = $2 and started_at = $3`,
    values: [tenantId, id, now, finishedAt, status, rowCount, sizeBytes, sha256],
  }
}
