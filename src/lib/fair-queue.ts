import { AppError } from './errors.js'

/** A request that reads of one tenant, as a fair queue sees it. */
export interface Visitor {
  /** who asks: a user of the tenant, or its programs */
  readonly client: string
  /** what it costs, as told before it runs */
  cost: number
}

/** Lets a few reads of each tenant through at a time, so that no client keeps the others waiting. */
export interface FairQueue {
  /**
   * Waits for one of the tenant's places, and gives what frees it; that may be called more than once. A free place goes
   * to the client that holds the fewest; among its requests to the cheapest, and among equals to the one that ends
   * first. One place more is for whoever holds none, so that others needn't wait for the end of what one client runs. Where nobody got a place for PATIENCE_MS, the next one goes on without.
   * @throws SERVICE_UNAVAILABLE where none is free at `deadlineMs`, a moment of `performance.now()`
   */
  readonly enter: (tenantId: string, visitor: Visitor, deadlineMs: number) => Promise<() => void>
}

/** Slow statements mustn't block a tenant: most take less, and so others have had their turn by then. */
export const PATIENCE_MS = 100

interface Waiting {
  readonly visitor: Visitor
  readonly deadlineMs: number
  readonly goOn: () => void
}

interface Tenant {
  readonly heldBy: Map<string, number>
  readonly waiting: Set<Waiting>
  held: number
  patience: NodeJS.Timeout | undefined
}

/** A queue with so many places for each tenant. It remembers those tenants that read at the moment. */
export function createFairQueue(places: number): FairQueue {
  const tenants = new Map<string, Tenant>()

  const tenantOf = (id: string): Tenant => {
    const known = tenants.get(id)
    if (known) return known
    const tenant: Tenant = { heldBy: new Map(), waiting: new Set(), held: 0, patience: undefined }
    tenants.set(id, tenant)
    return tenant
  }

  const isFree = (tenant: Tenant, { client }: Visitor): boolean =>
    tenant.held < places || (tenant.held === places && heldBy(tenant, client) === 0)

  const letNextIn = (tenant: Tenant): void => {
    const next = nextOf(tenant)
    if (next && isFree(tenant, next.visitor)) next.goOn()
  }

  /** Patience begins anew whenever somebody gets a place. */
  const watch = (tenant: Tenant): void => {
    clearTimeout(tenant.patience)
    if (tenant.waiting.size > 0) tenant.patience = setTimeout(() => nextOf(tenant)?.goOn(), PATIENCE_MS)
  }

  const take = (tenantId: string, { client }: Visitor): (() => void) => {
    const tenant = tenantOf(tenantId)
    tenant.held += 1
    tenant.heldBy.set(client, heldBy(tenant, client) + 1)
    watch(tenant)
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      tenant.held -= 1
      if (heldBy(tenant, client) > 1) tenant.heldBy.set(client, heldBy(tenant, client) - 1)
      else tenant.heldBy.delete(client)
      letNextIn(tenant)
      if (tenant.held === 0) tenants.delete(tenantId)
    }
  }

  return {
    enter(tenantId, visitor, deadlineMs) {
      const tenant = tenantOf(tenantId)
      if (isFree(tenant, visitor)) return Promise.resolve(take(tenantId, visitor))
      return new Promise((resolve, reject) => {
        const stopWaiting = (): void => {
          clearTimeout(giveUp)
          tenant.waiting.delete(waiting)
        }
        const goOn = (): void => {
          stopWaiting()
          resolve(take(tenantId, visitor))
        }
        const waiting: Waiting = { visitor, deadlineMs, goOn }
        const giveUp = setTimeout(() => {
          stopWaiting()
          watch(tenant)
          reject(new AppError('SERVICE_UNAVAILABLE', 'The server is busy with other requests of yours; try again.'))
        }, deadlineMs - performance.now())
        tenant.waiting.add(waiting)
        if (tenant.waiting.size === 1) watch(tenant)
      })
    },
  }
}

function heldBy(tenant: Tenant, client: string): number {
  return tenant.heldBy.get(client) ?? 0
}

function nextOf(tenant: Tenant): Waiting | undefined {
  let [next] = tenant.waiting
  for (const waiting of tenant.waiting) if (next && isBefore(waiting, next, tenant)) next = waiting
  return next
}

/** Whether one goes first although it came later. */
function isBefore(one: Waiting, other: Waiting, tenant: Tenant): boolean {
  const fewer = heldBy(tenant, one.visitor.client) - heldBy(tenant, other.visitor.client)
  return (fewer || one.visitor.cost - other.visitor.cost || one.deadlineMs - other.deadlineMs) < 0
}
