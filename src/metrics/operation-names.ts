/** The names under which operations are counted: a bounded number, of which no tenant can keep the others out. */
export interface OperationNames {
  /** The label for an operation of a tenant: its name, or `other` where there is no room for it. */
  labelOf(name: string, tenantId: string): string
}

// They are no client's, and always have room.
const OWN_NAMES = new Set(['anonymous', 'other'])

/**
 * At most `max` names, which clients choose, shared fairly by the tenants that brought them. While there is room a
 * tenant has as many as it likes. When all are taken, a tenant with fewer gets one of the tenant that has most, the
 * latest that this one brought; `drop` is told which. With `max` 4:
 *
 * | tenant, name | has room | names of A  | names of B |
 * | ------------ | -------- | ----------- | ---------- |
 * | A, 1 to 4    | yes      | 1, 2, 3, 4  |            |
 * | A, 5         | no       | 1, 2, 3, 4  |            |
 * | B, x         | 4's      | 1, 2, 3     | x          |
 * | B, y         | 3's      | 1, 2        | x, y       |
 * | B, z; A, 3   | no       | 1, 2        | x, y       |
 *
 * A name that one tenant brought counts for all who send it.
 */
export function createOperationNames(max: number, drop: (name: string) => void): OperationNames {
  const names = new Set(OWN_NAMES)
  const byTenant = new Map<string, string[]>()

  const makeRoom = (least: number): boolean => {
    if (names.size - OWN_NAMES.size < max) return true
    const most = [...byTenant.values()].reduce((a, b) => (b.length > a.length ? b : a), [])
    if (most.length < least) return false
    const dropped = most.pop() ?? ''
    names.delete(dropped)
    drop(dropped)
    return true
  }

  return {
    labelOf(name, tenantId) {
      if (names.has(name)) return name
      const own = byTenant.get(tenantId) ?? []
      // Who gives one up still has as many as who gets it.
      if (!makeRoom(own.length + 2)) return 'other'
      names.add(name)
      own.push(name)
      byTenant.set(tenantId, own)
      return name
    },
  }
}
