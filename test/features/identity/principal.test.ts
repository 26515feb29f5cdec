import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import { claimsForRole, createAuthenticator } from '../../../src/features/identity/principal.service.js'
import { signToken, type TokenClaims } from '../../../src/features/identity/token.js'
import { AppError } from '../../../src/lib/errors.js'
import { ROLES, type Role } from '../../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const KEY = new TextEncoder().encode('a key of the tests with 32 bytes!')
const NOW = new Date('2026-03-04T05:06:07.089Z')
const later = (ms: number) => new Date(NOW.getTime() + ms)

/** A tenant with an authenticator of its own, whose cache is empty. */
async function openDoor() {
  const { tenant } = await openTenant(desk)
  let clockMs = NOW.getTime()
  const authenticator = createAuthenticator(desk.api.database, { tenants: KEY, operators: KEY }, () => clockMs)
  const claims = (user: Role, role: Role = user): TokenClaims => ({
    tenantId: tenant.settings.id,
    userId: tenant.users[user],
    role,
  })
  const token = (given: TokenClaims, ttlSeconds = 60) => signToken(KEY, given, NOW, ttlSeconds)
  /** The role that a header gets at a time, or the code of its refusal. */
  const roleOf = (header: string | undefined, now = NOW, clock = now): Promise<string> => {
    clockMs = clock.getTime()
    return authenticator.authenticate(header, now).then(
      ({ role }) => role,
      (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.message}` : String(error)),
    )
  }
  return { tenant, authenticator, claims, token, roleOf }
}

const REFUSED = 'UNAUTHENTICATED: A valid bearer token is needed.'

describe('a token', () => {
  test('stands for its tenant and user', async () => {
    const { tenant, authenticator, claims, token } = await openDoor()
    expect(await authenticator.authenticate(`Bearer ${await token(claims('MANAGER'))}`, NOW)).toEqual({
      tenant: tenant.settings,
      userId: tenant.users.MANAGER,
      role: 'MANAGER',
    })
  })

  test('is remembered until it expires, five seconds of tolerance later, and no longer', async () => {
    const { claims, token, roleOf } = await openDoor()
    const header = `Bearer ${await token(claims('MANAGER'), 60)}`
    expect(await roleOf(header)).toBe('MANAGER')
    // NOW is 89 ms behind a whole second, which is what counts.
    expect(await roleOf(header, later(64_910))).toBe('MANAGER')
    expect(await roleOf(header, later(64_911))).toBe(REFUSED)
    expect(await roleOf(header, later(64_910))).toBe('MANAGER')
  })

  test('has the lesser of its own role and that of the user', async () => {
    const { claims, token, roleOf } = await openDoor()
    for (const [userRank, user] of ROLES.entries()) {
      for (const [rank, role] of ROLES.entries()) {
        expect(await roleOf(`Bearer ${await token(claims(user, role))}`)).toBe(ROLES[Math.min(userRank, rank)])
      }
    }
  })

  test('counts from its issue to its end, with 5 seconds of tolerance', async () => {
    const { claims, token, roleOf } = await openDoor()
    const header = `bearer   ${await token(claims('ADMIN'), 60)}`
    const seconds = Math.floor(NOW.getTime() / 1000) * 1000
    expect(await roleOf(header, new Date(seconds + 64_999))).toBe('ADMIN')
    expect(await roleOf(header, new Date(seconds + 65_000))).toBe(REFUSED)
  })

  test('that is missing, not a bearer token, or altered is refused', async () => {
    const { claims, token, roleOf } = await openDoor()
    const good = await token(claims('ADMIN'))
    const [head = '', body = '', signature = ''] = good.split('.')
    const headers = [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      good,
      `Basic ${good}`,
      `Bearer ${good} x`,
      `Bearer ${head}.${body}.`,
    ]
    const stronger = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), role: 'ADMIN', x: 1 }),
    )
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
    headers.push(`Bearer ${head}.${stronger.toString('base64url')}.${signature}`, `Bearer ${unsigned}.${body}.`)
    for (const header of headers) expect([header, await roleOf(header)]).toEqual([header, REFUSED])
  })

  const OTHER_KEY = new TextEncoder().encode('another key of 32 bytes, of others')
  test.each<[string, object, { alg?: string; key?: Uint8Array }?]>([
    ['of another key', {}, { key: OTHER_KEY }],
    ['with another algorithm', {}, { alg: 'HS512' }],
    ['of another issuer', { iss: 'other' }],
    ['for another audience', { aud: 'other' }],
    ['without an end', { exp: undefined }],
    ['not valid yet', { nbf: later(60_000).getTime() / 1000 }],
    ['without a user', { sub: undefined }],
    ['whose user is no UUID', { sub: 'x' }],
    ['whose tenant is no UUID', { tenant_id: 'x' }],
    ['without a tenant', { tenant_id: undefined }],
    ['of an unknown role', { role: 'OWNER' }],
    ['without a role', { role: undefined }],
  ])('%s is refused', async (_, changes, { alg = 'HS256', key = KEY } = {}) => {
    const { claims, roleOf } = await openDoor()
    const { tenantId, userId, role } = claims('ADMIN')
    const exp = Math.floor(later(60_000).getTime() / 1000)
    const good = { tenant_id: tenantId, sub: userId, role, iss: 'kith', aud: 'kith', exp }
    const header = async (payload: object, as: string, by: Uint8Array) =>
      `Bearer ${await new SignJWT({ ...payload }).setProtectedHeader({ alg: as }).sign(by)}`
    expect(await roleOf(await header(good, 'HS256', KEY))).toBe('ADMIN')
    expect(await roleOf(await header({ ...good, ...changes }, alg, key))).toBe(REFUSED)
  })

  test('of an unknown user, of a user of another tenant and of an unknown tenant is refused', async () => {
    const { tenant, claims, token, roleOf } = await openDoor()
    const other = await openDoor()
    for (const given of [
      { ...claims('ADMIN'), userId: randomUUID() },
      { ...claims('ADMIN'), userId: other.tenant.users.ADMIN },
      { ...claims('ADMIN'), tenantId: other.tenant.settings.id },
      { ...claims('ADMIN'), tenantId: randomUUID() },
      { ...claims('ADMIN'), userId: tenant.settings.id },
    ]) {
      expect(await roleOf(`Bearer ${await token(given)}`)).toBe(REFUSED)
    }
  })

  test('of a user who is deactivated, or has another role by now, counts for a second more', async () => {
    const { tenant, claims, token, roleOf } = await openDoor()
    const header = `Bearer ${await token(claims('MANAGER'))}`
    expect(await roleOf(header)).toBe('MANAGER')
    await desk.sql(`update users set role = 'VIEWER' where id = $1`, [tenant.users.MANAGER])
    expect([await roleOf(header, later(999)), await roleOf(header, later(1000))]).toEqual(['MANAGER', 'VIEWER'])
    await desk.sql('update users set deactivated_at = now() where id = $1', [tenant.users.MANAGER])
    expect([await roleOf(header, later(1999)), await roleOf(header, later(2000))]).toEqual(['VIEWER', REFUSED])
  })

  test('of a user who is deactivated counts no longer than that where the clock on the wall is turned back', async () => {
    const { tenant, claims, token, roleOf } = await openDoor()
    const header = `Bearer ${await token(claims('MANAGER'))}`
    expect(await roleOf(header)).toBe('MANAGER')
    await desk.sql('update users set deactivated_at = now() where id = $1', [tenant.users.MANAGER])
    expect(await roleOf(header, later(-3_600_000), later(1000))).toBe(REFUSED)
  })

  test('asks the database once a second for each user', async () => {
    const { claims, token, roleOf } = await openDoor()
    const headers = await Promise.all(
      (['ADMIN', 'MEMBER'] as const).map(async (role) => `Bearer ${await token(claims(role))}`),
    )
    const statements = await desk.api.statements(async () => {
      await Promise.all([...headers, ...headers, ...headers].map((header) => roleOf(header)))
      await Promise.all(headers.map((header) => roleOf(header, later(500))))
    })
    expect(statements.map(({ label, role }) => `${label} as ${role}`)).toEqual(
      headers.map(() => 'findActiveUser as kith_system'),
    )
  })

  test('is looked up again at once when the database was away', async () => {
    const { claims, token, roleOf } = await openDoor()
    const header = `Bearer ${await token(claims('ADMIN'))}`
    await desk.sql('alter table users rename to users_away')
    expect(await roleOf(header)).toContain('relation "users" does not exist')
    await desk.sql('alter table users_away rename to users')
    expect(await roleOf(header)).toBe('ADMIN')
  })
})

describe('claimsForRole', () => {
  test('names the longest-serving active user of the role, or else of a higher one', async () => {
    const { tenant } = await openTenant(desk)
    const { id } = tenant.settings
    const user = async (role: Role) => (await claimsForRole(desk.api.database, id, role))?.userId
    for (const role of ROLES) {
      expect(await claimsForRole(desk.api.database, id, role)).toEqual({
        tenantId: id,
        userId: tenant.users[role],
        role,
      })
    }
    await desk.sql('update users set deactivated_at = now() where id = any($1)', [
      [tenant.users.VIEWER, tenant.users.MEMBER],
    ])
    expect([await user('VIEWER'), await user('MEMBER')]).toEqual([tenant.users.MANAGER, tenant.users.MANAGER])
    await desk.sql('update users set deactivated_at = now() where tenant_id = $1', [id])
    expect(await user('VIEWER')).toBeUndefined()
    expect(await claimsForRole(desk.api.database, randomUUID(), 'VIEWER')).toBeUndefined()
  })
})
