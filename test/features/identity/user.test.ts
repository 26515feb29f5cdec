import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createAuthenticator } from '../../../src/features/identity/principal.service.js'
import { signToken } from '../../../src/features/identity/token.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const FIELDS = 'user { id email name role deactivatedAt createdAt updatedAt }'
const NOW = new Date('2026-03-04T05:06:07.089Z')
const LAST_ADMIN = 'This is the last active ADMIN: make another user ADMIN first.'
const LATER = new Date('2026-03-05T00:00:00.001Z')

describe('createUser', () => {
  test.each(['ADMIN', 'MANAGER', 'MEMBER', 'VIEWER'])('adds a user of the role %s', async (role) => {
    const { admin } = await openTenant(desk)
    const input = { email: ' Ada@Example.com ', name: ' Jose\u0301 ', role }
    expect(await desk.mutate(admin, 'createUser', input, FIELDS, NOW)).toEqual({
      user: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        email: 'Ada@Example.com',
        name: 'Jos\u00e9',
        role,
        deactivatedAt: null,
        createdAt: NOW.toISOString(),
        updatedAt: NOW.toISOString(),
      },
      userErrors: [],
    })
  })

  test('refuses an address that an active user has, whatever its case and the spelling of its domain', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { user } = await desk.mutate(
      admin,
      'createUser',
      { email: 'josé@münchen.de', name: 'José', role: 'MEMBER' },
      'user { id }',
    )
    const before = await desk.rowsOf(tenant)
    const conflictingId = user.id as string
    for (const email of ['josé@münchen.de', 'JOSÉ@MÜNCHEN.DE', 'jose\u0301@xn--mnchen-3ya.de']) {
      expect(await desk.mutate(admin, 'createUser', { email, name: 'New', role: 'MEMBER' }, 'user { id }')).toEqual({
        user: null,
        userErrors: [
          userError('ALREADY_EXISTS', ['email'], 'Another active user has this address.', { conflictingId }),
        ],
      })
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('takes addresses that differ in accents', async () => {
    const { admin } = await openTenant(desk)
    for (const email of ['josé@example.com', 'jose@example.com']) {
      expect(await desk.mutate(admin, 'createUser', { email, name: 'New', role: 'MEMBER' }, 'user { email }')).toEqual({
        user: { email },
        userErrors: [],
      })
    }
  })

  test('takes the address of a deactivated user, and of another tenant', async () => {
    const { tenant, admin } = await openTenant(desk)
    await openTenant(desk)
    await desk.sql('update users set deactivated_at = now() where id = $1', [tenant.users.VIEWER])
    const input = { email: 'viewer@example.com', name: 'New', role: 'VIEWER' }
    expect(await desk.mutate(admin, 'createUser', input, 'user { email }')).toEqual({
      user: { email: 'viewer@example.com' },
      userErrors: [],
    })
  })

  test('of several who take one address at once, one gets it', async () => {
    const { tenant, admin } = await openTenant(desk)
    const create = (email: string) =>
      desk.mutate(admin, 'createUser', { email, name: 'New', role: 'MEMBER' }, 'user { role }')
    const payloads = await Promise.all(['á@example.com', 'Á@example.com', 'A\u0301@EXAMPLE.com'].map(create))
    expect(payloads.filter((payload) => payload['user'] !== null)).toEqual([
      { user: { role: 'MEMBER' }, userErrors: [] },
    ])
    const error = { code: 'ALREADY_EXISTS', field: ['email'], message: 'Another active user has this address.' }
    const refused = payloads.filter((payload) => payload['user'] === null).map(({ userErrors }) => userErrors)
    expect(refused).toEqual([1, 2].map(() => [expect.objectContaining(error)]))
    expect((await desk.rowsOf(tenant))['users']).toHaveLength(5)
  })

  test('names all that is wrong', async () => {
    const { tenant, admin } = await openTenant(desk)
    const before = await desk.rowsOf(tenant)
    const input = { email: 'nobody', name: 'x'.repeat(256), role: 'MEMBER' }
    expect(await desk.mutate(admin, 'createUser', input, 'user { id }')).toEqual({
      user: null,
      userErrors: [
        userError('BAD_USER_INPUT', ['email'], '“nobody” is not an e-mail address: it has no @.'),
        userError('BAD_USER_INPUT', ['name'], 'The text has 256 characters; at most 255 are allowed.'),
      ],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })
})

describe('renameUser', () => {
  test('changes the name alone; the id may be in capitals', async () => {
    const { tenant, admin } = await openTenant(desk)
    const id = tenant.users.VIEWER
    expect(await desk.mutate(admin, 'renameUser', { id: id.toUpperCase(), name: ' Ada ' }, FIELDS, LATER)).toEqual({
      user: {
        id,
        email: 'viewer@example.com',
        name: 'Ada',
        role: 'VIEWER',
        deactivatedAt: null,
        createdAt: '2026-01-01T00:00:00.003Z',
        updatedAt: LATER.toISOString(),
      },
      userErrors: [],
    })
  })

  test('refuses an empty name, and ids that are unknown or of another tenant', async () => {
    const { tenant, admin } = await openTenant(desk)
    const other = await openTenant(desk)
    const before = [await desk.rowsOf(tenant), await desk.rowsOf(other.tenant)]
    expect(await desk.mutate(admin, 'renameUser', { id: tenant.users.VIEWER, name: ' ' }, 'user { id }')).toEqual({
      user: null,
      userErrors: [userError('BAD_USER_INPUT', ['name'], 'A value is required.')],
    })
    for (const id of [randomUUID(), other.tenant.users.VIEWER, tenant.settings.id]) {
      expect(await desk.mutate(admin, 'renameUser', { id, name: 'Ada' }, 'user { id }')).toEqual({
        user: null,
        userErrors: [userError('NOT_FOUND', ['id'], 'There is no such user.')],
      })
    }
    expect([await desk.rowsOf(tenant), await desk.rowsOf(other.tenant)]).toEqual(before)
  })
})

describe('updateUser', () => {
  const update = (admin: Parameters<Desk['mutate']>[0], input: object) =>
    desk.mutate(admin, 'updateUser', input, FIELDS, LATER)

  test('changes what is given alone', async () => {
    const { tenant, admin } = await openTenant(desk)
    const id = tenant.users.VIEWER
    const user = {
      ...{ id, email: 'viewer@example.com', name: 'VIEWER user', role: 'MEMBER', deactivatedAt: null },
      ...{ createdAt: '2026-01-01T00:00:00.003Z', updatedAt: LATER.toISOString() },
    }
    expect(await update(admin, { id, role: 'MEMBER' })).toEqual({ user, userErrors: [] })
    expect(await update(admin, { id, email: ' Ada@example.com', name: 'Ada' })).toEqual({
      user: { ...user, email: 'Ada@example.com', name: 'Ada' },
      userErrors: [],
    })
  })

  test('that changes nothing writes nothing', async () => {
    const { tenant, admin } = await openTenant(desk)
    const before = await desk.rowsOf(tenant)
    const input = { id: tenant.users.VIEWER, name: 'VIEWER user', role: 'VIEWER', email: 'viewer@example.com' }
    expect((await update(admin, input)).userErrors).toEqual([])
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('names all that is wrong', async () => {
    const { tenant, admin } = await openTenant(desk)
    const other = await openTenant(desk)
    const before = [await desk.rowsOf(tenant), await desk.rowsOf(other.tenant)]
    expect(await update(admin, { id: tenant.users.ADMIN, email: 'nobody', name: null, role: 'VIEWER' })).toEqual({
      user: null,
      userErrors: [
        userError('BAD_USER_INPUT', ['email'], '“nobody” is not an e-mail address: it has no @.'),
        userError('BAD_USER_INPUT', ['name'], 'A value is required.'),
        userError('BAD_USER_INPUT', ['role'], LAST_ADMIN),
      ],
    })
    expect(await update(admin, { id: tenant.users.ADMIN, email: 'MEMBER@example.com' })).toEqual({
      user: null,
      userErrors: [
        userError('ALREADY_EXISTS', ['email'], 'Another active user has this address.', {
          conflictingId: tenant.users.MEMBER,
        }),
      ],
    })
    expect([await desk.rowsOf(tenant), await desk.rowsOf(other.tenant)]).toEqual(before)
  })
})

describe('deactivateUser and reactivateUser', () => {
  const change = (mutation: string, admin: Parameters<Desk['mutate']>[0], id: string, now = LATER) =>
    desk.mutate(admin, mutation, { id }, 'user { id deactivatedAt updatedAt }', now)

  test('take a user away and let one in again; each twice is once', async () => {
    const { tenant, admin } = await openTenant(desk)
    const id = tenant.users.MEMBER
    const gone = { user: { id, deactivatedAt: LATER.toISOString(), updatedAt: LATER.toISOString() }, userErrors: [] }
    const evenLater = new Date(LATER.getTime() + 1)
    expect(await change('deactivateUser', admin, id)).toEqual(gone)
    expect(await change('deactivateUser', admin, id, evenLater)).toEqual(gone)
    const back = { user: { id, deactivatedAt: null, updatedAt: evenLater.toISOString() }, userErrors: [] }
    expect(await change('reactivateUser', admin, id, evenLater)).toEqual(back)
    expect(await change('reactivateUser', admin, id, new Date(LATER.getTime() + 2))).toEqual(back)
  })

  test('leave the records with their owner', async () => {
    const { tenant, admin } = await openTenant(desk)
    const ownerId = tenant.users.MEMBER
    const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada', ownerId }, 'contact { id }')
    await change('deactivateUser', admin, ownerId)
    const query = 'query ($id: ID!) { contact(id: $id) { version owner { id deactivatedAt } } }'
    expect(await desk.ask(admin, query, { id: contact.id })).toEqual({
      contact: { version: 1, owner: { id: ownerId, deactivatedAt: LATER.toISOString() } },
    })
  })

  test('end tokens within a second, and let them in again', async () => {
    const { tenant, admin } = await openTenant(desk)
    const key = new TextEncoder().encode('a key for tokens of this test alone')
    const now = new Date('2026-03-04T00:00:00Z')
    let clockMs = 0
    const authenticator = createAuthenticator(desk.api.database, { tenants: key, operators: key }, () => clockMs)
    const claims = { tenantId: tenant.settings.id, userId: tenant.users.MEMBER, role: 'MEMBER' as const }
    const token = await signToken(key, claims, now, 3600)
    const enter = () => authenticator.authenticate(`Bearer ${token}`, now)
    expect(await enter()).toMatchObject({ role: 'MEMBER' })
    await change('deactivateUser', admin, claims.userId)
    clockMs += 1000
    await expect(enter()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await change('reactivateUser', admin, claims.userId)
    await desk.mutate(admin, 'updateUser', { id: claims.userId, role: 'VIEWER' })
    clockMs += 1000
    expect(await enter()).toMatchObject({ role: 'VIEWER' })
  })

  test('let a user in again beside one whose address differs in accents', async () => {
    const { admin } = await openTenant(desk)
    const { user } = await desk.mutate(admin, 'createUser', { email: 'é@x.de', name: 'J', role: 'VIEWER' }, 'user{id}')
    await change('deactivateUser', admin, user.id as string)
    await desk.mutate(admin, 'createUser', { email: 'e@x.de', name: 'J', role: 'VIEWER' })
    expect((await change('reactivateUser', admin, user.id as string)).userErrors).toEqual([])
  })

  test('refuse the last active ADMIN, an address that another took, and unknown ids', async () => {
    const { tenant, admin } = await openTenant(desk)
    const other = await openTenant(desk)
    await change('deactivateUser', admin, tenant.users.VIEWER)
    const input = { email: 'viewer@example.com', name: 'New', role: 'ADMIN' }
    const { user } = await desk.mutate(admin, 'createUser', input, 'user { id }')
    expect((await change('deactivateUser', admin, user.id as string)).userErrors).toEqual([])
    expect((await change('reactivateUser', admin, user.id as string)).userErrors).toEqual([])
    const before = [await desk.rowsOf(tenant), await desk.rowsOf(other.tenant)]
    expect(await change('reactivateUser', admin, tenant.users.VIEWER)).toEqual({
      user: null,
      userErrors: [
        userError('ALREADY_EXISTS', ['id'], 'Another active user has this address.', { conflictingId: user.id }),
      ],
    })
    expect(await change('deactivateUser', other.admin, other.tenant.users.ADMIN)).toEqual({
      user: null,
      userErrors: [userError('BAD_USER_INPUT', ['id'], LAST_ADMIN)],
    })
    for (const mutation of ['updateUser', 'deactivateUser', 'reactivateUser']) {
      for (const id of [randomUUID(), other.tenant.users.MEMBER, tenant.settings.id]) {
        expect(await change(mutation, admin, id)).toEqual({
          user: null,
          userErrors: [userError('NOT_FOUND', ['id'], 'There is no such user.')],
        })
      }
    }
    expect([await desk.rowsOf(tenant), await desk.rowsOf(other.tenant)]).toEqual(before)
  })

  test('of several ADMINs who are taken away at once, one stays', async () => {
    for (const ways of [['deactivateUser'], ['updateUser'], ['deactivateUser', 'updateUser']]) {
      const { tenant, admin } = await openTenant(desk)
      const others = await Promise.all(
        [1, 2, 3].map(async (serial) => {
          const input = { email: `admin-${serial}@example.com`, name: 'Admin', role: 'ADMIN' }
          return (await desk.mutate(admin, 'createUser', input, 'user { id }'))['user'].id as string
        }),
      )
      const payloads = await Promise.all(
        [tenant.users.ADMIN, ...others].map((id, index) => {
          const mutation = ways[index % ways.length] ?? ''
          return desk.mutate(admin, mutation, mutation === 'updateUser' ? { id, role: 'MEMBER' } : { id })
        }),
      )
      const refused = payloads.filter(({ userErrors }) => userErrors.length > 0)
      expect(refused.map(({ userErrors }) => userErrors.map(({ message }) => message))).toEqual([[LAST_ADMIN]])
      const where = `tenant_id = $1 and role = 'ADMIN' and deactivated_at is null`
      expect(await desk.sql(`select 1 from users where ${where}`, [tenant.settings.id])).toHaveLength(1)
    }
  })
})
