import type { RowState } from '../../access/row-condition.js'
import { groupByKey } from '../../lib/batch.js'
import type { ListQuery } from '../../list/list-query.js'
import { idsOfText, lockListed } from '../../list/whole-list.js'
import { deleteRecords, restoreRecords, updateRecords } from '../../records/lifecycle.js'
import type { RowOutcome } from '../../records/outcome.js'
import { kindOf, type RecordKind, type Values } from '../../records/record-kind.js'
import { askEmailAddresses } from '../contact-info/contact-info.service.js'
import type { JobHandler, JobRun, JobStep } from '../job/job.js'
import { countOutcomes, keepProblems } from '../job/row-outcomes.js'
import { columnsOf, optsOutOfEmail, requireActionRole, type BulkChange } from './bulk-change.js'
import { deleteTargets, findTargets } from './bulk.repository.js'
import { bulkQuery, type BulkOptions, type BulkServices } from './bulk.service.js'

interface Chunk {
  readonly block: number
  readonly ids: readonly string[]
}

/**
 * Does one thing with the records that a filter found when the job was confirmed, 500 a chunk, as the single mutation does
 * it with each. Those that the filter no longer finds are SKIPPED: they are locked and looked at again before. Refused ones
 * are FAILED and listed among the job's problems.
 */
export function bulkHandler(
  services: BulkServices & { readonly recordKinds: readonly RecordKind[] },
): JobHandler<Chunk> {
  return {
    isBalanced: true,
    open: (scope, job) => {
      const { type, change } = job.options as BulkOptions
      const kind = kindOf(services.recordKinds, type)
      requireActionRole(scope, change.action)
      let block = (job.cursor as number | null) ?? 0
      return Promise.resolve({
        async next() {
          const read = services.database.reader(scope.tenantId)
          const [row] = await read.read<{ ids: string }>(findTargets(scope, job.id, block))
          if (!row) return null
          block++
          return { block: block - 1, ids: idsOfText(row.ids) }
        },
        run: (run, chunk) => {
          requireActionRole(run.scope, change.action)
          return bulkChunk(run, kind, change, bulkQuery(run.scope, services, kind, change), chunk)
        },
        finish: (run) => Promise.resolve({ statements: [deleteTargets(run.scope, job.id)] }),
      })
    },
  }
}

async function bulkChunk(
  { scope, change, job }: JobRun,
  kind: RecordKind,
  what: BulkChange,
  query: ListQuery,
  { block, ids }: Chunk,
): Promise<JobStep> {
  const state: RowState = what.action === 'RESTORE' ? 'deleted' : 'live'
  const found = await change.ask<{ id: string }>(lockListed(scope, query, state, ids))
  const matching = found.map(({ id }) => id)
  const kept = { ...scope, jobId: job.id }
  const outcomes = matching.length === 0 ? [] : await changeEach({ scope: kept, change, job }, kind, what, matching)
  const { counts, problems } = countOutcomes(kind, matching, outcomes)
  const left = ids.length - matching.length
  return {
    cursor: block + 1,
    counts: { ...counts, read: ids.length, skipped: counts.skipped + left },
    statements: keepProblems(scope, job.id, problems),
  }
}

const PARTIAL = { mode: 'PARTIAL' } as const
const path = (index: number): readonly string[] => [String(index)]

async function changeEach(
  { scope, change }: JobRun,
  kind: RecordKind,
  what: BulkChange,
  ids: readonly string[],
): Promise<RowOutcome[]> {
  const plain = ids.map((id) => ({ id }))
  switch (what.action) {
    case 'DELETE':
      return deleteRecords(scope, change, kind, plain, path, PARTIAL)
    case 'RESTORE':
      return restoreRecords(scope, change, kind, plain, path, PARTIAL)
    default: {
      const columns = columnsOf(kind, what)
      const emails = optsOutOfEmail(what) ? await optedOut({ scope, change }, kind, ids) : new Map<string, object>()
      const inputs = ids.map((id): Values => ({ ...columns, ...emails.get(id), id }))
      return updateRecords(scope, change, kind, inputs, path, PARTIAL)
    }
  }
}

/** What each record's e-mail addresses are given, of those that aren't opted out already. */
async function optedOut(
  { scope, change }: Pick<JobRun, 'scope' | 'change'>,
  kind: RecordKind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, object>> {
  const rows = await askEmailAddresses(scope, change, kind.type, ids)
  const due = rows.filter(({ optedOutAt }) => optedOutAt === null)
  const optedOutAt = scope.now.toISOString()
  return new Map(
    [...groupByKey(due, ({ entityId }) => entityId)].map(([entityId, own]) => [
      entityId,
      { emailAddresses: { update: own.map(({ id }) => ({ id, optedOutAt })) } },
    ]),
  )
}
