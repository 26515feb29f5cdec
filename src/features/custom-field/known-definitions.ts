import type { CustomFieldDefinitionRow } from './custom-field.columns.js'

type Definitions = readonly CustomFieldDefinitionRow[]

/** What a process knows of the definitions that tenants have in use, for a second at most. */
export interface KnownDefinitions {
  /** The definitions of a tenant, read by `read` where they aren't known. */
  readonly get: (tenantId: string, read: () => Promise<Definitions>) => Promise<Definitions>
  /** Forgets those of a tenant, which were changed: what is read from now on has the change. */
  readonly forget: (tenantId: string) => void
}

const TTL_MS = 1000
const MAX_TENANTS = 1000

interface Entry {
  readonly definitions: Promise<Definitions>
  readonly expiresAtMs: number
}

/** Knows nothing at first. `nowMs` is a clock that never goes back, of no fixed beginning. */
export function createKnownDefinitions(nowMs: () => number = () => performance.now()): KnownDefinitions {
  const entries = new Map<string, Entry>()
  return {
    get(tenantId, read) {
      const known = entries.get(tenantId)
      if (known && known.expiresAtMs > nowMs()) return known.definitions
      // The second counts from before they are read: a change of another process is seen after it, not later.
      const entry = { expiresAtMs: nowMs() + TTL_MS, definitions: read() }
      const [oldest] = entries.keys()
      if (entries.size >= MAX_TENANTS && oldest !== undefined) entries.delete(oldest)
      // Behind all others, as the newest.
      entries.delete(tenantId)
      entries.set(tenantId, entry)
      entry.definitions.catch(() => {
        if (entries.get(tenantId) === entry) entries.delete(tenantId)
      })
      return entry.definitions
    },
    forget: (tenantId) => void entries.delete(tenantId),
  }
}
