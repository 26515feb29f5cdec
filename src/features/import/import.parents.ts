import type { ColumnSuggestion } from '../../files/suggest-mapping.js'
import type { JobRow } from '../job/job.js'
import type { ImportFailure } from './import-failure.repository.js'
import type { ImportFileRow } from './import-file.repository.js'
import type { ImportPreview, previewImport } from './import-preview.service.js'
import type { StartImportResult } from './import.service.js'

export type ImportColumnParent = ColumnSuggestion
export type ImportPreviewParent = ImportPreview
export type ImportPreviewPayloadParent = Awaited<ReturnType<typeof previewImport>>
export type ImportParent = JobRow
export type ImportFileParent = ImportFileRow
export type ImportFailureParent = ImportFailure
export type StartImportPayloadParent = StartImportResult
