import { FULL_ACCESS } from '../access/scope.js'
import { createDueFields } from '../concepts/due-fields.js'
import { createRegistry } from '../concepts/registry.js'
import type { Database } from '../database/database.js'
import { NO_ALERTS, whyMissing } from '../features/alert/alerting.js'
import { createFieldChores } from '../features/custom-field/field-chores.js'
import { createFieldUsage } from '../features/custom-field/field-usage.js'
import { createKnownDefinitions } from '../features/custom-field/known-definitions.js'
import { createExporting, EXPORT_DEFAULTS } from '../features/export/exporting.js'
import type { Monitoring } from '../features/performance/performance.service.js'
import { CONCEPTS, RECORD_KINDS } from '../graphql/features.js'
import { REQUEST_LIMITS } from '../graphql/limits.js'
import type { ChosenServices, Services } from '../graphql/services.js'
import { createCursorCodec } from '../lib/cursor.js'
import { deriveKey } from '../lib/derive-key.js'
import { createLane } from '../lib/lane.js'
import { createTurns } from '../lib/turns.js'
import { createMetrics, type Metrics } from '../metrics/metrics.js'
import type { PoolWatch } from '../metrics/pool-watch.js'
import { readListSearch } from '../search/list-search.js'

// 100 contacts with 17 fields each take 3 ms; others wait no longer than that for their turn.
const ROWS_PER_TURN = 100
// Each may take a second of CPU and 100 MB.
const LARGE_REQUESTS = 2
// Of services without metrics of their own, as programs have that only use the parts.
const SILENT = { warn: () => undefined, info: () => undefined }
const SLOW_MS = 200
const UPLOAD_LIMIT_BYTES = 5 * 2 ** 30

/**
 * The parts that resolvers hand on, over a database. What they know for a second goes by `nowMs`, a clock that never goes
 * back, of no fixed beginning.
 */
export function createServices(
  database: Database,
  secret: string,
  {
    accessOf = () => FULL_ACCESS,
    limits = REQUEST_LIMITS,
    customFieldLimit = 500,
    exports = EXPORT_DEFAULTS,
    uploadLimitBytes = UPLOAD_LIMIT_BYTES,
    nowMs = () => performance.now(),
    reportFailure = () => undefined,
    fieldChores,
    jobsAdded = () => undefined,
    fieldUsage = createFieldUsage(),
    monitoring = createMonitoring(createMetrics(SILENT, SLOW_MS), undefined, () => undefined),
    alerting = { known: () => [], thresholds: NO_ALERTS.thresholds, missing: whyMissing(NO_ALERTS, false) },
  }: Partial<ChosenServices> = {},
): Services {
  const definitions = createKnownDefinitions(nowMs)
  const dueFields = createDueFields(nowMs)
  const fieldsChanged = (tenantId: string): void => {
    definitions.forget(tenantId)
    dueFields.forget(tenantId)
  }
  return {
    monitoring,
    alerting,
    accessOf,
    limits,
    turns: createTurns(ROWS_PER_TURN),
    lane: createLane(LARGE_REQUESTS),
    database,
    cursors: createCursorCodec(deriveKey(secret, 'cursors')),
    readSearch: readListSearch,
    registry: createRegistry(CONCEPTS, dueFields),
    recordKinds: RECORD_KINDS,
    jobsAdded,
    definitions,
    fieldUsage,
    fieldChores: fieldChores ?? createFieldChores({ database, changed: fieldsChanged, report: reportFailure }),
    customFieldLimit,
    ...createExporting(secret, exports),
    uploadLimitBytes,
  }
}

/** What a process knows of itself, as its metrics count it; `pool` is watched, where there is one. */
export function createMonitoring(
  { times, slowStatements, plans, fieldUsage, slowMs }: Metrics,
  pool: PoolWatch | undefined,
  whyNoPlans: () => string | undefined,
  diskBytes = 0,
): Monitoring {
  return { times, slowStatements, plans, fieldUsage, slowMs, pool, whyNoPlans, diskBytes }
}
