import { AppError } from '../../lib/errors.js'

/** How long an export may take. */
export interface ExportLimits {
  readonly totalMs: number
  /** how long its reader may take nothing */
  readonly idleMs: number
}

/** How many exports a process sends at once. */
export interface ExportPlaces {
  /** Takes a place for a tenant and gives what frees it. @throws SERVICE_UNAVAILABLE where none is free for it */
  readonly enter: (tenantId: string) => () => void
}

/** So many places; half of them at most are for one tenant, so that nobody keeps others from theirs. */
export function createExportPlaces(places: number): ExportPlaces {
  const ofTenant = Math.max(1, Math.ceil(places / 2))
  const taken = new Map<string, number>()
  let total = 0
  return {
    enter(tenantId) {
      const own = taken.get(tenantId) ?? 0
      if (own >= ofTenant || total >= places) {
        const count = own >= ofTenant ? own : total
        const what = `${count} ${count === 1 ? 'export is' : 'exports are'} running`
        throw new AppError('SERVICE_UNAVAILABLE', `${what}, as many as may at once; try again when one has ended.`)
      }
      taken.set(tenantId, own + 1)
      total += 1
      let hasLeft = false
      return () => {
        if (hasLeft) return
        hasLeft = true
        total -= 1
        const left = (taken.get(tenantId) ?? 1) - 1
        if (left === 0) taken.delete(tenantId)
        else taken.set(tenantId, left)
      }
    },
  }
}
