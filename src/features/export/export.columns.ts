import type { ExportArguments, ExportFormat, ExportType } from './export-plan.js'

/** How far an export is, by its name in the API. */
export type ExportStatus = 'READY' | 'RUNNING' | 'COMPLETED' | 'FAILED'

/** An export as its row has it. */
export type ExportRow = {
  readonly id: string
  readonly type: ExportType
  readonly format: ExportFormat
  /** as clients gave them */
  readonly arguments: ExportArguments
  readonly status: ExportStatus
  readonly rowCount: string | null
  readonly sizeBytes: string | null
  readonly sha256: string | null
  readonly createdById: string | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

/** The select list of exports under the alias `e`. */
export const EXPORT_COLUMNS = `e.id, e.type, e.format, e.arguments, e.status, e.row_count as "rowCount", e.size_bytes as "sizeBytes",
  e.sha256, e.created_by_id as "createdById", e.created_at as "createdAt", e.started_at as "startedAt",
  e.finished_at as "finishedAt"`
