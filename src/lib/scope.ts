export type Role = 'ADMIN' | 'MANAGER' | 'MEMBER' | 'VIEWER'

/** From the least to the most allowed. */
export const ROLES: readonly Role[] = ['VIEWER', 'MEMBER', 'MANAGER', 'ADMIN']

/** Whether `role` may do what `needed` may. */
export function roleIncludes(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** The lesser of two roles. */
export function lesserRole(a: Role, b: Role): Role {
  return roleIncludes(a, b) ? b : a
}

/** What rules need to know of a tenant, as its row says. */
export interface TenantSettings {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly defaultCountry: string | null
  readonly defaultCurrency: string | null
  readonly timeZone: string | null
  readonly uniqueEmails: boolean
}

/** Who asks: the tenant, the user (null for a program) and the effective role. */
export interface Principal {
  readonly tenant: TenantSettings
  readonly userId: string | null
  readonly role: Role
}

export type RecordType = 'Contact' | 'Company' | 'User' | 'Industry' | 'CompanySize' | 'ContactInfo' | 'CustomField'

/** Which rows of a type the principal may see. Roles with rules of their own come later; today every rule is "all". */
export type RowRule = 'all'
/** Which fields of a type the principal may see, likewise. */
export type FieldRule = 'all'

/**
 * First argument of everything below a resolver: whose data, on whose behalf, under which rules, at what time. `now` is
 * read once a request, so that all rows of one mutation carry the same moment.
 */
export interface Scope {
  readonly tenantId: string
  readonly principal: Principal
  readonly rowRule: (type: RecordType) => RowRule
  readonly fieldRule: (type: RecordType) => FieldRule
  readonly now: Date
}

/** A scope in which the principal sees all rows and fields of its tenant. */
export function createScope(principal: Principal, now: Date): Scope {
  return { tenantId: principal.tenant.id, principal, rowRule: () => 'all', fieldRule: () => 'all', now }
}
