/** What the API and the stream send, as far as the page shows it. Durations are in milliseconds. */

export interface Coverage {
  readonly since: string
  readonly startedAt: string
  readonly processId: number
  readonly resolution: number
  readonly slowQueryMs: number
  readonly plansMissing: string | null
  readonly latencyBoundsMs: readonly number[]
}

export interface HistoryPoint {
  readonly at: string
  readonly isGap: boolean
  readonly count: number | null
  readonly failed: number | null
  readonly totalMs: number | null
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly latencyCounts: readonly number[]
}

interface LiveTimes {
  readonly count: number
  readonly failed: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

export interface PoolFigures {
  readonly total: number
  readonly idle: number
  readonly waiting: number
  readonly limit: number
}

export interface Tick {
  readonly at: string
  readonly durationMs: number
  readonly requests: LiveTimes & { readonly latencyCounts: readonly number[] }
  readonly lastMinute: LiveTimes & { readonly durationMs: number; readonly faults: number | null }
  readonly statements: LiveTimes
  readonly slowQueries: number | null
  readonly pool: PoolFigures | null
}

export interface Timing {
  readonly count: number
  readonly failed: number
  readonly totalMs: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly rows: number
  readonly statements: number
}

export interface Entry {
  readonly name: string
  readonly client: string | null
  readonly clientVersion: string | null
  readonly hash: string | null
  readonly role: string | null
  readonly timing: Timing
}

export interface TimesList {
  readonly entries: readonly Entry[]
  readonly others: Timing | null
  readonly evictions: number
  readonly since: string
}

export interface Plan {
  readonly shape: string
  readonly json: unknown
  readonly sampledAt: string
}

export interface SlowQuery {
  readonly endedAt: string
  readonly name: string
  readonly role: string
  readonly durationMs: number
  readonly rows: number
  readonly tenantId: string | null
  readonly operation: string | null
  readonly failed: boolean
  readonly errorCode: string | null
  /** only where the API is asked */
  readonly sql?: string
  readonly plan?: Plan | null
}

export interface TenantFigures {
  readonly tenantId: string
  readonly requests: Timing | null
  readonly transactions: Timing | null
  readonly connections: number
}

export interface Pool extends PoolFigures {
  readonly waits: { readonly count: number; readonly meanMs: number; readonly p95Ms: number; readonly maxMs: number }
  readonly refused: number
  readonly exhausted: number
}

export interface Figures {
  readonly operations: TimesList
  readonly statements: TimesList
  readonly slowQueries: {
    readonly entries: readonly SlowQuery[]
    readonly total: number | null
    readonly evictions: number | null
  }
  readonly tenants: readonly TenantFigures[] | null
  readonly pools: readonly Pool[] | null
  readonly openAlerts: readonly { readonly id: string; readonly state: string }[] | null
}

export interface PlanFlip {
  readonly name: string
  readonly role: string
  readonly sql: string
  readonly before: Plan
  readonly after: Plan
}

export interface Table {
  readonly name: string
  readonly bytes: number
  readonly indexBytes: number
  readonly rows: number
  readonly deadRows: number
  readonly sequentialScans: number
  readonly indexScans: number
  readonly cacheHitRatio: number | null
  readonly vacuumedAt: string | null
  readonly analyzedAt: string | null
}

export interface Index {
  readonly name: string
  readonly table: string
  readonly bytes: number
  readonly writeShare: number
  readonly scans: number
  readonly isValid: boolean
  readonly coveredBy: string | null
  readonly isUnused: boolean | null
  readonly definition: string
}

export interface Recommendation {
  readonly kind: string
  readonly about: string
  readonly evidence: string
  readonly ddl: string | null
  readonly cost: string
}

export interface Forecast {
  readonly days: number
  readonly missing: string | null
  readonly thisWeek: number | null
  readonly lastWeek: number | null
  readonly level: number | null
  readonly perDay: number | null
  readonly isTrend: boolean | null
  readonly band: number | null
  readonly errorPart: number | null
  readonly budget: number | null
  readonly inDays: number | null
  readonly earliestInDays: number | null
  readonly latestInDays: number | null
}

export interface Alert {
  readonly id: string
  readonly rule: string
  readonly summary: string
  readonly severity: 'WARNING' | 'CRITICAL'
  readonly labels: readonly { readonly name: string; readonly value: string }[]
  readonly state: 'PENDING' | 'FIRING' | 'RESOLVED' | 'NO_DATA'
  readonly value: number | null
  readonly threshold: number | null
  readonly unit: string | null
  readonly firingSince: string | null
  readonly pendingSince: string | null
  readonly resolvedAt: string | null
  readonly silencedUntil: string | null
  readonly silencedBy: string | null
  readonly acknowledgedAt: string | null
  readonly acknowledgedBy: string | null
  readonly inhibitedBy: string | null
}

export interface Mark {
  readonly kind: 'START' | 'MIGRATION' | 'ALERT_FIRING' | 'ALERT_RESOLVED'
  readonly at: string
  readonly text: string
}
