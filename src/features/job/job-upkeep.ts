import type { Database } from '../../database/database.js'
import { asError } from '../../database/errors.js'
import { repeat, type Repeated } from '../../lib/repeat.js'
import { deleteOldChanges, deleteOldTargets, findTenantsWithOldJobs } from './job-changes.repository.js'
import { UNDO_DAYS } from './undo.service.js'

const HOUR_SECONDS = 3600
const DAY_MS = 86_400_000
const BATCH = 5000

export interface JobUpkeepOptions {
  readonly database: Database
  readonly report: (error: Error) => void
  readonly nowMs?: () => number
  /** 0 for never by itself */
  readonly everySeconds?: number
}

/** Removes every hour what is kept of jobs longer than it can be taken back. Several processes may do so at once. */
export function createJobUpkeep({
  database,
  report,
  nowMs = Date.now,
  everySeconds = HOUR_SECONDS,
}: JobUpkeepOptions): Repeated {
  return repeat(async () => {
    try {
      await removeOldChanges(database, nowMs() - UNDO_DAYS * DAY_MS)
    } catch (error) {
      report(asError(error))
    }
  }, everySeconds)
}

/** Removes what is kept of jobs that were asked for before a moment, 5,000 records a transaction. */
async function removeOldChanges(database: Database, beforeMs: number): Promise<void> {
  const beforeId = firstIdOf(beforeMs)
  const tenants = await database.system<{ id: string }>(findTenantsWithOldJobs(beforeId))
  for (const { id: tenantId } of tenants) {
    await database.change(tenantId, (change) => change.commit([deleteOldTargets({ tenantId }, beforeId)]))
    for (let removed = BATCH; removed === BATCH;) {
      const statement = deleteOldChanges({ tenantId }, beforeId, BATCH)
      const [rows = []] = await database.change(tenantId, (change) => change.commit([statement]))
      removed = rows.length
    }
  }
}

/** The smallest id of version 7 of a millisecond. */
function firstIdOf(ms: number): string {
  const hex = Math.floor(ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
