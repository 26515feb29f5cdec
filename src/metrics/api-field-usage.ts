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
  readonly record: (tenantId: string | null, client: string, clientVersion: string, fields: readonly string[]) => void
  /** Those used most first; of one tenant where it is named, else of all together. */
  readonly list: (tenantId?: string) => FieldUse[]
  /** uses that were counted without tenant and client */
  readonly unattributed: () => number
}

const MAX_TEXT_LENGTH = 100
const SEPARATOR = '\u0000'

/**
 * Counts uses in at most `max` places, one for each tenant, client, version and field; what finds no place is counted by
 * its field alone.
 */
export function createApiFieldUsage(max: number, nowMs: () => number): ApiFieldUsage {
  const clients = new Map<string, { readonly tenantId: string | null; readonly uses: Map<string, FieldUse> }>()
  const rest = new Map<string, FieldUse>()
  const sinceMs = nowMs()
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
    record(tenantId, client, clientVersion, fields) {
      const [name, version] = [client.slice(0, MAX_TEXT_LENGTH), clientVersion.slice(0, MAX_TEXT_LENGTH)]
      const uses = placesOf(tenantId, name, version)
      const atMs = nowMs()
      for (const field of fields) {
        if (isCounted(uses, field, atMs)) continue
        const made = { field, count: 1, firstAtMs: atMs, lastAtMs: atMs }
        if (places < max) {
          places++
          uses.set(field, { ...made, client: name, clientVersion: version })
          continue
        }
        unattributed++
        if (!isCounted(rest, field, atMs)) rest.set(field, { ...made, client: '', clientVersion: '' })
      }
    },
    list(tenantId) {
      const found = [...clients.values()].filter((one) => tenantId === undefined || one.tenantId === tenantId)
      const uses = found.flatMap((one) => [...one.uses.values()])
      return merged(tenantId === undefined ? [...uses, ...rest.values()] : uses).sort((a, b) => b.count - a.count)
    },
    unattributed: () => unattributed,
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
