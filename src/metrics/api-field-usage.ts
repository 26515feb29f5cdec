/** How often a client asked for a field of the API. */
export interface FieldUse {
  /** as `Contact.fullName` */
  readonly field: string
  readonly client: string
  readonly clientVersion: string
  count: number
  /** milliseconds since 1970 */
  firstAtMs: number
  lastAtMs: number
}

/** Uses of the API's fields since the start, by tenant and client; bounded. */
export interface ApiFieldUsage {
  readonly sinceMs: number
  /** Counts each of some fields once more, at a moment in milliseconds since 1970. */
  readonly record: (
    tenantId: string | null,
    client: string,
    clientVersion: string,
    fields: readonly string[],
    atMs: number,
  ) => void
  /** Those used most first; of one tenant where it is named, else of all together. */
  readonly list: (tenantId?: string) => FieldUse[]
  /** uses that were counted without tenant and client */
  readonly unattributed: () => number
}

const SEPARATOR = '\u0000'

/**
 * Counts uses in at most `max` places, one for each tenant, client, version and field; what finds no place is counted by
 * its field alone. `settle` is called before uses are read: it records what still waits for that.
 */
export function createApiFieldUsage(max: number, sinceMs: number, settle: () => void): ApiFieldUsage {
  const clients = new Map<string, { readonly tenantId: string | null; readonly uses: Map<string, FieldUse> }>()
  const rest = new Map<string, FieldUse>()
  let [places, unattributed] = [0, 0]

  const isCounted = (uses: ReadonlyMap<string, FieldUse>, field: string, atMs: number): boolean => {
    const known = uses.get(field)
    if (!known) return false
    known.count++
    known.lastAtMs = atMs
    return true
  }

  const placesOf = (tenantId: string | null, client: string, clientVersion: string): Map<string, FieldUse> => {
    const key = [tenantId ?? '', client, clientVersion].join(SEPARATOR)
    const known = clients.get(key)
    if (known) return known.uses
    const uses = new Map<string, FieldUse>()
    if (places < max) clients.set(key, { tenantId, uses })
    return uses
  }

  return {
    sinceMs,
    record(tenantId, client, clientVersion, fields, atMs) {
      const uses = placesOf(tenantId, client, clientVersion)
      for (const field of fields) {
        if (isCounted(uses, field, atMs)) continue
        const made = { field, count: 1, firstAtMs: atMs, lastAtMs: atMs }
        if (places < max) {
          places++
          uses.set(field, { ...made, client, clientVersion })
          continue
        }
        unattributed++
        if (!isCounted(rest, field, atMs)) rest.set(field, { ...made, client: '', clientVersion: '' })
      }
    },
    list(tenantId) {
      settle()
      const found = [...clients.values()].filter((one) => tenantId === undefined || one.tenantId === tenantId)
      const uses = found.flatMap((one) => [...one.uses.values()])
      return merged(tenantId === undefined ? [...uses, ...rest.values()] : uses).sort((a, b) => b.count - a.count)
    },
    unattributed() {
      settle()
      return unattributed
    },
  }
}

/** One for each field, client and version, whatever the tenant. */
function merged(uses: readonly FieldUse[]): FieldUse[] {
  const byName = new Map<string, FieldUse>()
  for (const use of uses) {
    const key = [use.field, use.client, use.clientVersion].join(SEPARATOR)
    const known = byName.get(key)
    if (!known) {
      byName.set(key, { ...use })
      continue
    }
    known.count += use.count
    known.firstAtMs = Math.min(known.firstAtMs, use.firstAtMs)
    known.lastAtMs = Math.max(known.lastAtMs, use.lastAtMs)
  }
  return [...byName.values()]
}
