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
