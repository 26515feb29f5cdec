/**
 * Which types of record have no custom field that a new record needs a value of, or has a default of: a new record asks
 * for nothing then. A process remembers it for a second; it is one round trip of two of a create.
 */
export interface DueFields {
  /** Whether a tenant's type of record is known to have none. */
  readonly hasNone: (tenantId: string, entityType: string) => boolean
  /** To be called before they are read; what it gives is told whether there was none. */
  readonly watch: (tenantId: string, entityType: string) => (hasNone: boolean) => void
  /** Forgets what is known of a tenant, and what is being read of it. */
  readonly forget: (tenantId: string) => void
}

const TTL_MS = 1000
const MAX_TENANTS = 1000

/** Knows nothing at first. `nowMs` is a clock that never goes back, of no fixed beginning. */
export function createDueFields(nowMs: () => number = () => performance.now()): DueFields {
  // Until when a type of record is known to have none, by tenant.
  const tenants = new Map<string, Map<string, number>>()
  const knownOf = (tenantId: string): Map<string, number> => {
    const known = tenants.get(tenantId)
    if (known) return known
    const [oldest] = tenants.keys()
    if (tenants.size >= MAX_TENANTS && oldest !== undefined) tenants.delete(oldest)
    const fresh = new Map<string, number>()
    tenants.set(tenantId, fresh)
    return fresh
  }
  return {
    hasNone: (tenantId, entityType) => (tenants.get(tenantId)?.get(entityType) ?? 0) > nowMs(),
    watch(tenantId, entityType) {
      // What was forgotten meanwhile is another map by then: this one is read by nobody.
      const known = knownOf(tenantId)
      const untilMs = nowMs() + TTL_MS
      return (hasNone) => {
        if (hasNone) known.set(entityType, untilMs)
      }
    },
    forget: (tenantId) => void tenants.delete(tenantId),
  }
}
