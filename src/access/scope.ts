import type { Sql } from '../lib/sql.js'
import type { Registry } from '../concepts/registry.js'
import type { Principal } from '../lib/principal.js'

/**
 * What a principal may see within its tenant. A concept is named as in the API (`Contact`), a field as in its
 * columns (`annualRevenue`).
 */
export interface Access {
  /**
   * The condition on rows of a concept's table under `alias`; null for all rows. Values go in as parameters, so that
   * the text of a statement is the same for every principal: `owner_id = $3`.
   */
  readonly rows: (concept: string, alias: string) => Sql<boolean> | null
  /**
   * Whether a field may be read, filtered and ordered by, and shown where a search found it. Relations count as fields:
   * `company` of `Contact`. The words of a hidden field still find their record. A deprecated name is a field of its
   * own: who hides `owner` of `Company` also hides `assignedTo`.
   */
  readonly maySee: (concept: string, field: string) => boolean
}

/** The access of a principal. */
export type AccessOf = (principal: Principal) => Access

/** All rows and all fields of the tenant: the access of every principal until tenants define rules of their own. */
export const FULL_ACCESS: Access = { rows: () => null, maySee: () => true }

/**
 * First argument of nearly everything below a resolver: whose data, on whose behalf, what of it, which concepts there
 * are, at what time. `now` is read once a request, so that all rows of one mutation carry the same moment.
 */
export interface Scope {
  readonly tenantId: string
  readonly principal: Principal
  readonly access: Access
  readonly registry: Registry
  readonly now: Date
  /** the job whose changes of records are kept, so that they can be taken back; none for requests */
  readonly jobId?: string
}

/** The scope of a principal, who sees the rows and fields of its tenant that `access` shows. */
export function createScope(principal: Principal, registry: Registry, now: Date, access: Access): Scope {
  return { tenantId: principal.tenant.id, principal, access, registry, now }
}
