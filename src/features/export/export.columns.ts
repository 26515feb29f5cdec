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
  /** the file that a job wrote, once it is whole, and what it is called and how many bytes it has; null of exports that are read when downloaded */
  readonly fileId: string | null
  readonly fileName: string | null
  readonly fileBytes: number | null
}

/** What a job leaves that wrote an export into a file. */
export interface ExportResult {
  readonly rowCount: number
  /** of the file's content, before it was packed */
  readonly sizeBytes: number
  readonly sha256: string
  readonly fileId: string
  readonly fileName: string
  readonly fileBytes: number
}

const ASKED = `e.id, e.type, e.format, e.arguments, e.created_by_id as "createdById", e.created_at as "createdAt"`

/** The select list of new exports under the alias `e`. */
export const NEW_EXPORT_COLUMNS = `${ASKED}, e.status, e.row_count as "rowCount", e.size_bytes as "sizeBytes", e.sha256,
  e.started_at as "startedAt", e.finished_at as "finishedAt", null as "fileId", null as "fileName", null as "fileBytes"`

/** The select list of exports under the alias `e`, with what the jobs of their ids under `j` say of those in the background. */
export const EXPORT_COLUMNS = `${ASKED},
  case j.status when 'QUEUED' then 'READY' when 'SUCCEEDED' then 'COMPLETED' when 'CANCELED' then 'FAILED'
    else coalesce(j.status, e.status) end as status,
  coalesce((j.result->>'rowCount')::bigint, e.row_count) as "rowCount",
  coalesce((j.result->>'sizeBytes')::bigint, e.size_bytes) as "sizeBytes", coalesce(j.result->>'sha256', e.sha256) as sha256,
  coalesce(j.started_at, e.started_at) as "startedAt", coalesce(j.finished_at, e.finished_at) as "finishedAt",
  j.result->>'fileId' as "fileId", j.result->>'fileName' as "fileName", (j.result->>'fileBytes')::float8 as "fileBytes"`
