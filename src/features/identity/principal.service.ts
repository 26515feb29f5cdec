import type { Database } from '../../database/database.js'
import { AppError } from '../../lib/errors.js'
import { lesserRole, ROLES, roleIncludes, type Principal, type Role } from '../../lib/principal.js'
import {
  findActiveUser,
  findTenantSettings,
  findUserForRole,
  findUserOfEmail,
  type PrincipalRow,
} from './principal.repository.js'
import { deriveKey } from '../../lib/derive-key.js'
import {
  expirySecondsOf,
  isExpired,
  isOperatorToken,
  unauthenticated,
  verifyToken,
  type TokenClaims,
  type VerifiedClaims,
} from './token.js'

/** Finds out who asks. */
export interface Authenticator {
  /**
   * The principal of an `Authorization` header.
   * @throws UNAUTHENTICATED without a valid bearer token of an active user
   */
  authenticate(authorization: string | undefined, now: Date): Promise<Principal>
  /**
   * The principal of claims that were verified already.
   * @throws UNAUTHENTICATED where the user isn't active any more
   */
  principalOf(claims: TokenClaims): Promise<Principal>
  /** Whether an `Authorization` header is an operator's. */
  isOperator(authorization: string | undefined, now: Date): Promise<boolean>
}

/** The keys that tokens are signed with. */
export interface TokenKeys {
  readonly tenants: Uint8Array
  readonly operators: Uint8Array
}

/** The keys that follow from the server's secret. */
export function tokenKeys(secret: string): TokenKeys {
  return { tenants: deriveKey(secret, 'tokens'), operators: deriveKey(secret, 'operator-tokens') }
}

const CACHE_TTL_MS = 1000
const CACHE_MAX_ENTRIES = 10_000

/**
 * An authenticator that remembers tenant and user for one second, by a clock that never goes back (`nowMs`, of no fixed
 * beginning), so that a deactivation counts after at most that, and
 * the claims of a token until it expires: its signature takes 8 % of an update of one field.
 */
export function createAuthenticator(
  database: Database,
  keys: TokenKeys,
  nowMs: () => number = () => performance.now(),
): Authenticator {
  const cache = new Map<string, { readonly row: Promise<PrincipalRow | undefined>; readonly expiresAtMs: number }>()

  const verified = new Map<string, VerifiedClaims>()

  const verify = async (token: string, now: Date): Promise<TokenClaims> => {
    const known = verified.get(token)
    if (known && !isExpired(known, now)) return known
    const claims = await verifyToken(keys.tenants, token, now)
    if (verified.size >= CACHE_MAX_ENTRIES) verified.clear()
    verified.set(token, claims)
    return claims
  }

  const lookUp = ({ tenantId, userId }: TokenClaims): Promise<PrincipalRow | undefined> => {
    const cacheKey = `${tenantId}:${userId}`
    const known = cache.get(cacheKey)
    if (known && known.expiresAtMs > nowMs()) return known.row
    const row = findActiveUser(database, tenantId, userId)
    if (cache.size >= CACHE_MAX_ENTRIES) cache.clear()
    cache.set(cacheKey, { row, expiresAtMs: nowMs() + CACHE_TTL_MS })
    // A failed look-up is not remembered.
    row.catch(() => cache.delete(cacheKey))
    return row
  }

  const principalOf = async (claims: TokenClaims): Promise<Principal> => {
    const row = await lookUp(claims)
    if (!row) throw unauthenticated()
    const { userRole, ...tenant } = row
    return { tenant, userId: claims.userId, role: lesserRole(claims.role, userRole) }
  }

  return {
    async authenticate(authorization, now) {
      const token = bearerToken(authorization)
      if (!token) throw unauthenticated()
      return principalOf(await verify(token, now))
    },
    principalOf,
    async isOperator(authorization, now) {
      const token = bearerToken(authorization)
      return token !== undefined && isOperatorToken(keys.operators, token, now)
    },
  }
}

/**
 * The principal on whose behalf work goes on that was asked for with a role: of an active user, with the lesser of that role and
 * the own one; without a user, a program's. Undefined where there is no such active user.
 */
export async function findPrincipal(
  database: Database,
  tenantId: string,
  userId: string | null,
  role: Role,
): Promise<Principal | undefined> {
  if (userId === null) {
    const tenant = await findTenantSettings(database, tenantId)
    return tenant && { tenant, userId, role }
  }
  const row = await findActiveUser(database, tenantId, userId)
  if (!row) return undefined
  const { userRole, ...tenant } = row
  return { tenant, userId, role: lesserRole(role, userRole) }
}

/** When the token of an `Authorization` header expires, in milliseconds since 1970; it was verified before. */
export function expiryMsOf(authorization: string | undefined): number {
  return expirySecondsOf(bearerToken(authorization) ?? '') * 1000
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1]
}

/**
 * Claims for a token of a role, on behalf of the longest-serving active user who has it, or else a higher one.
 * Undefined when the tenant has no such user.
 */
export async function claimsForRole(
  database: Database,
  tenantId: string,
  role: Role,
): Promise<TokenClaims | undefined> {
  const user = await findUserForRole(
    database,
    tenantId,
    ROLES.filter((candidate) => roleIncludes(candidate, role)),
  )
  return user && { tenantId, userId: user.id, role }
}

/**
 * Claims for a token of the user who has an e-mail address, whatever its case; of the user's own role unless a lesser
 * one is asked for. @throws NOT_FOUND without such a user, FORBIDDEN for a deactivated one and for a role beyond the
 * user's
 */
export async function claimsForUser(
  database: Database,
  tenantId: string,
  email: string,
  role?: Role,
): Promise<TokenClaims> {
  const user = await findUserOfEmail(database, tenantId, email)
  if (!user) throw new AppError('NOT_FOUND', `There is no user ${email}.`)
  if (!user.isActive) throw new AppError('FORBIDDEN', `The user ${email} is deactivated.`)
  if (role !== undefined && !roleIncludes(user.role, role)) {
    throw new AppError('FORBIDDEN', `The user ${email} has the role ${user.role}, which ${role} is beyond.`)
  }
  return { tenantId, userId: user.id, role: role ?? user.role }
}
