import type { Resolvers } from '../../generated/graphql.js'
import { recordPayload } from '../../records/record.resolvers.js'
import type { JobRow } from './job.js'
import { cancelJob, findJob, listJobs } from './job.service.js'
import { listProblems, undoableUntil, undoJob } from './undo.service.js'

/** Jobs: what goes on after the request that asked for it. */
export const jobResolvers = {
  Query: {
    job: (_, { id }, { scope, services }) => findJob(scope, services, id),
    jobs: (_, asked, { scope, services }) => listJobs(scope, services, asked),
  },
  Mutation: {
    undoJob: (_, { input }, { scope, services }) => undoJob(scope, services, input),
    cancelJob: (_, { input }, { scope, services }) => cancelJob(scope, services, input),
  },
  Job: {
    createdBy: ({ createdById }, _, { loaders }) => (createdById === null ? null : loaders.userById.load(createdById)),
    isCancelRequested: ({ cancelRequestedAt }) => cancelRequestedAt !== null,
    rows: (job) => job,
    undoableUntil: (job) => undoableUntil(job),
    problems: ({ id }, page, { scope, services }) => listProblems(scope, services, id, page),
  },
  JobProblem: {
    recordType: ({ entityType }) => entityType,
    recordId: ({ entityId }) => entityId,
  },
  CancelJobPayload: recordPayload<'job', JobRow>('job'),
  UndoJobPayload: recordPayload<'job', JobRow>('job'),
} satisfies Resolvers
