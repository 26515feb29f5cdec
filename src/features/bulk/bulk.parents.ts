import type { MutationResult } from '../../records/mutation.js'
import type { JobRow } from '../job/job.js'
import type { BulkPreview } from './bulk.service.js'

export type BulkContactsPreviewParent = BulkPreview
export type BulkCompaniesPreviewParent = BulkPreview
export type StartBulkContactsPayloadParent = MutationResult<JobRow>
export type StartBulkCompaniesPayloadParent = MutationResult<JobRow>
