import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const FIELDS = 'user { id email name role deactivatedAt createdAt updatedAt }'
const NOW = new Date('2026-03-04T05:06:07.089Z')
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

describe('me', () => {
  const ME =
    '{ me { role user { name role } tenant { id slug name defaultCountry defaultCurrency timeZone uniqueEmails } } }'

  test('says who asks, with the role that counts', async () => {
    const { tenant } = await openTenant(desk)
    const { settings } = tenant
    expect(await desk.ask({ tenant: settings, userId: tenant.users.MANAGER, role: 'VIEWER' }, ME)).toEqual({
      me: { role: 'VIEWER', user: { name: 'MANAGER user', role: 'MANAGER' }, tenant: { ...settings } },
    })
  })

  test('has no user for a program', async () => {
    const { tenant } = await openTenant(desk)
    expect(
      await desk.ask({ tenant: tenant.settings, userId: null, role: 'MEMBER' }, '{ me { role user { name } } }'),
    ).toEqual({
      me: { role: 'MEMBER', user: null },
    })
  })
})
