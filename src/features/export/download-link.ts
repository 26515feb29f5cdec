import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { ROLES, type Role } from '../../lib/principal.js'

/** What an address of a download says: which export, on whose behalf, at most as what. */
export interface DownloadClaims {
  readonly exportId: string
  readonly tenantId: string
  readonly userId: string
  readonly role: Role
}

/** Signs and reads addresses of downloads, by a key of their own: no other token passes for one. */
export interface DownloadLinks {
  /** The path of a download that is good until a moment. */
  readonly sign: (claims: DownloadClaims, expiresAt: Date) => Promise<string>
  /** What the token of a path says; undefined where it isn't signed by this server, or has expired. */
  readonly verify: (token: string, now: Date) => Promise<DownloadClaims | undefined>
}

const ALGORITHM = 'HS256'
const ISSUER = 'kith'
const AUDIENCE = 'kith-download'
const payloadSchema = z.object({
  jti: z.uuid(),
  tenant_id: z.uuid(),
  sub: z.uuid(),
  role: z.enum(ROLES as [Role, ...Role[]]),
})

/** The addresses that a key signs. */
export function createDownloadLinks(key: Uint8Array): DownloadLinks {
  return {
    async sign({ exportId, tenantId, userId, role }, expiresAt) {
      const token = await new SignJWT({ tenant_id: tenantId, role })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setJti(exportId)
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
        .sign(key)
      return `/export?token=${token}`
    },
    async verify(token, now) {
      const checks = { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE, requiredClaims: ['exp'] }
      try {
        const { payload } = await jwtVerify(token, key, { ...checks, currentDate: now })
        const { jti, tenant_id: tenantId, sub, role } = payloadSchema.parse(payload)
        return { exportId: jti, tenantId, userId: sub, role }
      } catch {
        return undefined
      }
    },
  }
}
