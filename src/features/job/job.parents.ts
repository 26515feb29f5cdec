import type { MutationResult } from '../../records/mutation.js'
import type { JobRow } from './job.js'

export type JobParent = JobRow
export type JobRowsParent = JobRow
export type CancelJobPayloadParent = MutationResult<JobRow>
