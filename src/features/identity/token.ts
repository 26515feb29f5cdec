import { decodeJwt, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { AppError } from '../../lib/errors.js'
import { ROLES, type Role } from '../../lib/principal.js'

/** What a bearer token says: whose data, on whose behalf, at most as what. */
export interface TokenClaims {
  readonly tenantId: string
  readonly userId: string
  readonly role: Role
}

/** The claims of a token whose signature was verified, and until when they hold. */
export interface VerifiedClaims extends TokenClaims {
  /** seconds since 1970 */
  readonly expiresAtSeconds: number
}

const ISSUER = 'kith'
// Another audience and another key (see deriveKey) than those of tenants: neither token passes for the other.
const OPERATOR_AUDIENCE = 'kith-operator'
const ALGORITHM = 'HS256'
const CLOCK_TOLERANCE_SECONDS = 5
const CHECKS = { algorithms: [ALGORITHM], issuer: ISSUER, clockTolerance: CLOCK_TOLERANCE_SECONDS }
const payloadSchema = z.object({
  tenant_id: z.uuid(),
  sub: z.uuid(),
  exp: z.number(),
  role: z.enum(ROLES as [Role, ...Role[]]),
})

/** A signed token. @see RFC 7519 */
export function signToken(key: Uint8Array, claims: TokenClaims, now: Date, ttlSeconds: number): Promise<string> {
  const issuedAtSeconds = Math.floor(now.getTime() / 1000)
  return new SignJWT({ tenant_id: claims.tenantId, role: claims.role })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setSubject(claims.userId)
    .setIssuer(ISSUER)
    .setAudience(ISSUER)
    .setIssuedAt(issuedAtSeconds)
    .setExpirationTime(issuedAtSeconds + ttlSeconds)
    .sign(key)
}

/** A signed token of an operator, who watches the whole server and belongs to no tenant. */
export function signOperatorToken(key: Uint8Array, now: Date, ttlSeconds: number): Promise<string> {
  const issuedAtSeconds = Math.floor(now.getTime() / 1000)
  return new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(OPERATOR_AUDIENCE)
    .setIssuedAt(issuedAtSeconds)
    .setExpirationTime(issuedAtSeconds + ttlSeconds)
    .sign(key)
}

/** Whether a token is an operator's that this server signed, and valid at `now`. */
export async function isOperatorToken(key: Uint8Array, token: string, now: Date): Promise<boolean> {
  const checks = { ...CHECKS, audience: OPERATOR_AUDIENCE, requiredClaims: ['exp'], currentDate: now }
  return jwtVerify(token, key, checks).then(
    () => true,
    () => false,
  )
}

/**
 * The claims of a token that this server signed and that is valid at `now`.
 * @throws UNAUTHENTICATED, with the same message for every reason
 */
export async function verifyToken(key: Uint8Array, token: string, now: Date): Promise<VerifiedClaims> {
  try {
    const checks = { ...CHECKS, audience: ISSUER, requiredClaims: ['exp', 'sub'], currentDate: now }
    const { payload } = await jwtVerify(token, key, checks)
    const claims = payloadSchema.parse(payload)
    return {
      tenantId: claims.tenant_id.toLowerCase(),
      userId: claims.sub.toLowerCase(),
      role: claims.role,
      expiresAtSeconds: claims.exp,
    }
  } catch (cause) {
    throw unauthenticated(cause)
  }
}

/** When a token expires, in seconds since 1970, whoever signed it; 0 where it doesn't say. */
export function expirySecondsOf(token: string): number {
  try {
    return decodeJwt(token).exp ?? 0
  } catch {
    return 0
  }
}

/** Whether claims that were verified before have expired by now, by the rule of `verifyToken`. */
export function isExpired({ expiresAtSeconds }: VerifiedClaims, now: Date): boolean {
  return expiresAtSeconds <= Math.floor(now.getTime() / 1000) - CLOCK_TOLERANCE_SECONDS
}

/** The one answer to every missing, bad or outdated token. */
export function unauthenticated(cause?: unknown): AppError {
  return new AppError('UNAUTHENTICATED', 'A valid bearer token is needed.', { cause })
}
