/** A statement that took longer than it should; never with parameters. */
export interface SlowStatement {
  /** milliseconds since 1970 */
  readonly endedAtMs: number
  readonly label: string
  readonly role: string
  /** its text without constants (see normalizeSql) */
  readonly sql: string
  /** as it was sent, to be planned again; it isn't shown */
  readonly text: string
  /** what it joins (see Statement) */
  readonly tables: readonly string[] | undefined
  /** under which its plan is kept (see Plans) */
  readonly planKey: string
  readonly durationMs: number
  readonly rows: number
  readonly tenantId: string | null
  /** the operation that asked for it; null where none did */
  readonly request: string | null
  readonly failed: boolean
  /** SQLSTATE of what ended it: 57014 for a timeout or a cancel, 55P03 for a lock; null where it ended by itself */
  readonly errorCode: string | null
}

/** The latest slow statements, a bounded number of them. */
export interface SlowStatements {
  readonly add: (slow: SlowStatement) => void
  /** The latest first; of one tenant where it is named. */
  readonly list: (tenantId?: string) => SlowStatement[]
  /** how many there were since the start */
  readonly total: () => number
  /** how many of them are gone */
  readonly evicted: () => number
}

/** Keeps `max` of them. When it is full, the tenant that has most gives up its oldest one. */
export function createSlowStatements(max: number): SlowStatements {
  const byTenant = new Map<string | null, SlowStatement[]>()
  let [kept, total] = [0, 0]

  const dropOne = (): void => {
    const most = [...byTenant.values()].reduce((a, b) => (b.length > a.length ? b : a))
    const oldest = most.shift()
    kept--
    if (most.length === 0 && oldest) byTenant.delete(oldest.tenantId)
  }

  return {
    add(slow) {
      total++
      if (kept >= max) dropOne()
      const own = byTenant.get(slow.tenantId) ?? []
      own.push(slow)
      byTenant.set(slow.tenantId, own)
      kept++
    },
    list(tenantId) {
      const found = tenantId === undefined ? [...byTenant.values()].flat() : [...(byTenant.get(tenantId) ?? [])]
      return found.sort((a, b) => b.endedAtMs - a.endedAtMs)
    },
    total: () => total,
    evicted: () => total - kept,
  }
}
