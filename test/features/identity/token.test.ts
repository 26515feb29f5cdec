import { describe, expect, test } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { signToken, unauthenticated, verifyToken, type TokenClaims } from '../../../src/features/identity/token.js'
import { ROLES } from '../../../src/lib/principal.js'

const KEY = new TextEncoder().encode('a key of the tests with 32 bytes!')
const NOW = new Date('2026-03-04T05:06:07.999Z')
const NOW_SECONDS = 1_772_600_767
const CLAIMS: TokenClaims = {
  tenantId: '0190b0c0-0000-7000-8000-00000000000a',
  userId: '0190b0c0-0000-7000-8000-00000000000b',
  role: 'MANAGER',
}

describe('signToken', () => {
  test('says whose data, on whose behalf and until when, in whole seconds', async () => {
    const token = await signToken(KEY, CLAIMS, NOW, 60)
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(decodeJwt(token)).toEqual({
      tenant_id: CLAIMS.tenantId,
      sub: CLAIMS.userId,
      role: 'MANAGER',
      iss: 'kith',
      aud: 'kith',
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 60,
    })
  })

  test('says the same for the same', async () => {
    expect(await signToken(KEY, CLAIMS, NOW, 60)).toBe(await signToken(KEY, CLAIMS, NOW, 60))
  })
})

describe('verifyToken', () => {
  test.each(ROLES)('gives back what was signed, as %s', async (role) => {
    expect(await verifyToken(KEY, await signToken(KEY, { ...CLAIMS, role }, NOW, 60), NOW)).toEqual({
      ...CLAIMS,
      role,
      expiresAtSeconds: NOW_SECONDS + 60,
    })
  })

  test('gives ids in small letters, as the database does', async () => {
    const loud = { ...CLAIMS, tenantId: CLAIMS.tenantId.toUpperCase(), userId: CLAIMS.userId.toUpperCase() }
    expect(await verifyToken(KEY, await signToken(KEY, loud, NOW, 60), NOW)).toEqual({
      ...CLAIMS,
      expiresAtSeconds: NOW_SECONDS + 60,
    })
  })

  test('refuses everything in the same words', async () => {
    const good = await signToken(KEY, CLAIMS, NOW, 60)
    const late = new Date(NOW.getTime() + 66_000)
    const other = new TextEncoder().encode('another key of 32 bytes, of others')
    const refusals = await Promise.all(
      [
        verifyToken(KEY, '', NOW),
        verifyToken(KEY, `${good}x`, NOW),
        verifyToken(KEY, good, late),
        verifyToken(other, good, NOW),
      ].map((refused) => refused.catch((error: unknown) => error)),
    )
    expect(refusals).toEqual(refusals.map(() => unauthenticated()))
    expect(refusals[0]).toMatchObject({ code: 'UNAUTHENTICATED', message: 'A valid bearer token is needed.' })
  })
})
