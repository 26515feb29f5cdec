import type { MutationResult } from '../../records/mutation.js'
import type { JobRow } from './job.js'
import type { JobProblem } from './job-changes.repository.js'

export type JobProblemParent = JobProblem
export type UndoJobPayloadParent = MutationResult<JobRow>
export type JobParent = JobRow
export type JobRowsParent = JobRow
export type CancelJobPayloadParent = MutationResult<JobRow>
