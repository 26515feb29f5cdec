import type { Database } from '../../database/database.js'
import type { JournalAction } from '../../records/journal.js'
import { deleteRecords, restoreRecords } from '../../records/lifecycle.js'
import type { RowOutcome } from '../../records/outcome.js'
import type { RecordKind } from '../../records/record-kind.js'
import type { RecordWork } from '../../records/record-mutations.js'
import { revertRecords } from '../../records/revert.js'
import type { JobHandler, JobRun, JobStep } from './job.js'
import { findJobChanges, markUndone, type ChangePlace, type JobChange } from './job-changes.repository.js'
import { countOutcomes, keepProblems, sumOfCounts, type ChunkOutcome } from './row-outcomes.js'

/** What undoing a job runs on. */
export interface UndoServices {
  readonly database: Database
  readonly recordKinds: readonly RecordKind[]
}

/** What an undo is about. */
export interface UndoOptions {
  /** the job that is taken back */
  readonly jobId: string
}

interface Cursor {
  /** which of `STEPS` is at work */
  readonly step: number
  readonly after: ChangePlace
}

interface Chunk {
  readonly step: number
  readonly changes: readonly JobChange[]
}

/**
 * What was made goes first, so that others may have the unique values back that it took; what was deleted comes back last.
 */
const STEPS: readonly (readonly JournalAction[])[] = [['CREATED', 'RESTORED'], ['UPDATED'], ['DELETED']]
const START: ChangePlace = ['', '00000000-0000-0000-0000-000000000000']
const CHUNK = 500

/**
 * Takes back what a job did, 500 records a chunk: what it made is deleted, what it deleted is restored, what it changed
 * has its old values again. A record that has another version than the job left was changed since; it stays as it is, is SKIPPED,
 * and is listed among the problems of this job. Records that can't be what they were, because another has their unique
 * value by now, are FAILED and listed too.
 */
export function undoHandler({ database, recordKinds }: UndoServices): JobHandler<Chunk> {
  return {
    isBalanced: true,
    open: (scope, job) => {
      const { jobId } = job.options as UndoOptions
      let cursor = (job.cursor as Cursor | null) ?? { step: 0, after: START }
      return Promise.resolve({
        async next() {
          for (; cursor.step < STEPS.length; cursor = { step: cursor.step + 1, after: START }) {
            const { step, after } = cursor
            const statement = findJobChanges(scope, jobId, STEPS[step] ?? [], after, CHUNK)
            const changes = await database.reader(scope.tenantId).read<JobChange>(statement)
            const last = changes.at(-1)
            if (!last) continue
            cursor = { step, after: [last.entityType, last.entityId] }
            return { step, changes }
          }
          return null
        },
        run: (run, chunk) => undoChunk(run, recordKinds, jobId, chunk),
      })
    },
  }
}

async function undoChunk(
  run: JobRun,
  kinds: readonly RecordKind[],
  jobId: string,
  { step, changes }: Chunk,
): Promise<JobStep> {
  const { scope, job } = run
  const outcomes: ChunkOutcome[] = []
  const marks = []
  for (const kind of kinds) {
    const own = changes.filter(({ entityType }) => entityType === kind.type)
    if (own.length === 0) continue
    const mixed = own.filter(({ isMixed }) => isMixed)
    const rest = own.filter(({ isMixed }) => !isMixed)
    const outcome = countOutcomes(
      kind,
      [...mixed, ...rest].map(({ entityId }) => entityId),
      [...mixed.map(() => MIXED), ...(await undoChanges(run, kind, rest))],
    )
    outcomes.push(outcome)
    if (outcome.done.length > 0) marks.push(markUndone(scope, jobId, kind.type, outcome.done))
  }
  const problems = outcomes.flatMap((outcome) => outcome.problems)
  const last = changes.at(-1)
  const cursor: Cursor = { step, after: last ? [last.entityType, last.entityId] : START }
  return {
    cursor,
    counts: sumOfCounts(outcomes.map(({ counts }) => counts)),
    statements: [...marks, ...keepProblems(scope, job.id, problems)],
  }
}

const MIXED: RowOutcome = {
  status: 'FAILED',
  id: null,
  record: null,
  userErrors: [{ code: 'CONFLICT', message: 'It was changed by others while the job ran.', field: ['version'] }],
}

/** Takes back what was done to records of one type; what became of each, in their order. All changes are of one step. */
async function undoChanges(run: JobRun, kind: RecordKind, changes: readonly JobChange[]): Promise<RowOutcome[]> {
  const outcomes = new Map<JobChange, RowOutcome>()
  const versions = new Map(changes.map((change) => [change, change.version]))
  const does = async (work: RecordWork, of: readonly JobChange[]): Promise<void> => {
    const left = of.filter((change) => !outcomes.get(change)?.userErrors.length)
    if (left.length === 0) return
    const inputs = left.map((change) => ({
      id: change.entityId,
      version: versions.get(change),
      before: change.before,
    }))
    const done = await work(run.scope, run.change, kind, inputs, (index) => [String(index)], { mode: 'PARTIAL' })
    for (const [index, outcome] of done.entries()) {
      const change = left[index] as JobChange
      outcomes.set(change, outcome)
      if (outcome.record) versions.set(change, outcome.record.version)
    }
  }
  const hasValues = ({ before }: JobChange): boolean => Object.keys(before).length > 0
  const of = (...actions: readonly JournalAction[]): JobChange[] =>
    changes.filter(({ action }) => actions.includes(action))
  await does(revertRecords, [...of('UPDATED'), ...of('RESTORED').filter(hasValues)])
  await does(deleteRecords, of('CREATED', 'RESTORED'))
  await does(restoreRecords, of('DELETED'))
  return changes.map((change) => outcomes.get(change) as RowOutcome)
}
