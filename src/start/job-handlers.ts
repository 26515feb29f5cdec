import { bulkHandler } from '../features/bulk/bulk.handler.js'
import { exportHandler } from '../features/export/export-job.js'
import { createImportHandler } from '../features/import/import-handler.js'
import type { JobHandlers } from '../features/job/job.js'
import { undoHandler } from '../features/job/undo.handler.js'
import type { Services } from '../graphql/services.js'

/** How jobs are done, by their kinds: each feature that has jobs brings its own. */
export function createJobHandlers(services: Services): Required<JobHandlers> {
  return {
    IMPORT: createImportHandler(services),
    BULK: bulkHandler(services),
    EXPORT: exportHandler(services),
    UNDO: undoHandler(services),
  }
}
