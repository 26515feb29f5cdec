import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const MISSING = userError('NOT_FOUND', ['id'], 'There is no such contact.')
const DELETED = new Date('2126-03-05T00:00:00.001Z')
const RESTORED = new Date('2126-03-06T00:00:00.001Z')

async function openContact(input: object = {}, settings: object = {}) {
  const { tenant, admin } = await openTenant(desk, settings)
  const selection = 'contact { id version emailAddresses { id } }'
  const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada', ...input }, selection)
  return { tenant, admin, id: contact.id as string, emailId: contact.emailAddresses[0]?.id as string }
}

describe('deleteContact', () => {
  test('answers with the deleted contact, which is found no more', async () => {
    const { tenant, admin, id } = await openContact({ emailAddresses: [{ email: 'a@example.com' }] })
    expect(
      await desk.mutate(
        admin,
        'deleteContact',
        { id, version: 1 },
        'contact { id version updatedAt deletedAt }',
        DELETED,
      ),
    ).toEqual({
      contact: { id, version: 2, updatedAt: DELETED.toISOString(), deletedAt: DELETED.toISOString() },
      userErrors: [],
    })
    const query = `query ($id: ID!) { contact(id: $id) { id } node(id: $id) { id } contacts { nodes { id } totalCount } }`
    expect(await desk.ask(admin, query, { id })).toEqual({
      contact: null,
      node: null,
      contacts: { nodes: [], totalCount: 0 },
    })
    expect((await desk.rowsOf(tenant))['email_addresses']).toHaveLength(1)
  })

  test('an outdated version is a CONFLICT, a deleted or unknown contact is NOT_FOUND; nothing changes', async () => {
    const { tenant, admin, id } = await openContact()
    const live = await desk.rowsOf(tenant)
    const conflict = userError('CONFLICT', ['version'], 'The contact changed since it was read.', { currentVersion: 1 })
    expect(await desk.mutate(admin, 'deleteContact', { id, version: 2 }, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [conflict],
    })
    expect(await desk.rowsOf(tenant)).toEqual(live)
    await desk.mutate(admin, 'deleteContact', { id, version: 1 })
    const before = await desk.rowsOf(tenant)
    for (const [mutation, input] of [
      ['deleteContact', { id, version: 2 }],
      ['updateContact', { id, version: 2, firstName: 'Grace' }],
      ['deleteContact', { id: randomUUID(), version: 1 }],
      ['updateContact', { id: randomUUID(), version: 1 }],
      ['restoreContact', { id: randomUUID() }],
    ] as const) {
      expect(await desk.mutate(admin, mutation, input, 'contact { id }')).toEqual({
        contact: null,
        userErrors: [MISSING],
      })
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('frees the external id', async () => {
    const { admin, id } = await openContact({ externalId: 'A-1' })
    await desk.mutate(admin, 'deleteContact', { id, version: 1 })
    expect(
      await desk.mutate(admin, 'createContact', { firstName: 'Grace', externalId: 'A-1' }, 'contact { externalId }'),
    ).toEqual({
      contact: { externalId: 'A-1' },
      userErrors: [],
    })
  })
})

describe('restoreContact', () => {
  test('brings the contact back with all it had', async () => {
    const { tenant, admin, id } = await openContact(
      { externalId: 'A-1', emailAddresses: [{ email: 'a@example.com' }] },
      { uniqueEmails: true },
    )
    const [before] = (await desk.rowsOf(tenant))['email_addresses'] as object[]
    await desk.mutate(admin, 'deleteContact', { id, version: 1 }, '', DELETED)
    expect((await desk.rowsOf(tenant))['email_addresses']).toEqual([{ ...before, unique_key: null }])
    const selection = 'contact { id version externalId updatedAt deletedAt emailAddresses { email isPrimary } }'
    expect(await desk.mutate(admin, 'restoreContact', { id }, selection, RESTORED)).toEqual({
      contact: {
        id,
        version: 3,
        externalId: 'A-1',
        updatedAt: RESTORED.toISOString(),
        deletedAt: null,
        emailAddresses: [{ email: 'a@example.com', isPrimary: true }],
      },
      userErrors: [],
    })
    expect((await desk.rowsOf(tenant))['email_addresses']).toEqual([
      { ...before, unique_key: 'a@example.com', updated_at: expect.stringContaining('2126-03-06T00:00:00.001') },
    ])
  })

  test('leaves a live contact as it is', async () => {
    const { tenant, admin, id } = await openContact()
    const before = await desk.rowsOf(tenant)
    expect(await desk.mutate(admin, 'restoreContact', { id }, 'contact { id version }')).toEqual({
      contact: { id, version: 1 },
      userErrors: [],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('is refused while its external id or a unique e-mail address is taken', async () => {
    const emailAddresses = [{ email: 'ada@example.com' }]
    const { tenant, admin, id } = await openContact({ externalId: 'A-1', emailAddresses }, { uniqueEmails: true })
    await desk.mutate(admin, 'deleteContact', { id, version: 1 })
    const { contact } = await desk.mutate(
      admin,
      'createContact',
      { firstName: 'Grace', externalId: 'A-1' },
      'contact { id }',
    )
    const { company } = await desk.mutate(
      admin,
      'createCompany',
      { name: 'Acme', emailAddresses: [{ email: 'ADA@Example.com' }] },
      'company { id }',
    )
    const before = await desk.rowsOf(tenant)
    expect(await desk.mutate(admin, 'restoreContact', { id }, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [
        userError('ALREADY_EXISTS', ['id'], 'Another contact has this external id.', { conflictingId: contact.id }),
        userError('ALREADY_EXISTS', ['id'], 'Another record has the e-mail address ada@example.com.', {
          conflictingId: company.id,
        }),
      ],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    await desk.mutate(admin, 'destroyContact', { id: contact.id })
    await desk.mutate(admin, 'destroyCompany', { id: company.id })
    expect(await desk.mutate(admin, 'restoreContact', { id }, 'contact { version }')).toEqual({
      contact: { version: 3 },
      userErrors: [],
    })
  })
})

describe('destroyContact', () => {
  test('removes the contact, live or deleted, and its contact info for good', async () => {
    const { tenant, admin, id } = await openContact({
      emailAddresses: [{ email: 'a@example.com' }],
      phoneNumbers: [{ number: '+12125550123' }],
      addresses: [{ city: 'London' }],
      socialMediaAccounts: [{ platform: 'X', handle: 'ada' }],
    })
    const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Grace' }, 'contact { id }')
    await desk.mutate(admin, 'deleteContact', { id: contact.id, version: 1 })
    for (const destroyedId of [id, contact.id as string]) {
      expect(await desk.mutate(admin, 'destroyContact', { id: destroyedId }, 'destroyedId')).toEqual({
        destroyedId,
        userErrors: [],
      })
    }
    const rows = await desk.rowsOf(tenant)
    expect(Object.entries(rows).filter(([table, { length }]) => length > 0 && table !== 'users')).toEqual([])
    expect(await desk.mutate(admin, 'destroyContact', { id }, 'destroyedId')).toEqual({
      destroyedId: null,
      userErrors: [MISSING],
    })
    expect(await desk.mutate(admin, 'restoreContact', { id }, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [MISSING],
    })
  })
})

describe('the references of a contact', () => {
  const mutations = ['createContact', 'updateContact'] as const

  async function references() {
    const { tenant, admin, id } = await openContact()
    const other = await openTenant(desk)
    const deleted = (await desk.mutate(admin, 'createCompany', { name: 'Gone' }, 'company { id }'))['company']
      .id as string
    const foreign = (await desk.mutate(other.admin, 'createCompany', { name: 'Foreign' }, 'company { id }'))['company']
      .id as string
    await desk.mutate(admin, 'deleteCompany', { id: deleted, version: 1 })
    const ids = {
      missing: randomUUID(),
      foreign,
      deleted,
      'of another kind': id,
      'foreign user': other.tenant.users.ADMIN,
    }
    return { tenant, admin, id, ids }
  }

  test.each(mutations)(
    '%s refuses a company or owner that is missing, deleted or of another tenant',
    async (mutation) => {
      const { tenant, admin, id, ids } = await references()
      const base = mutation === 'createContact' ? { firstName: 'Ada' } : { id, version: 1 }
      const before = await desk.rowsOf(tenant)
      for (const companyId of Object.values(ids)) {
        expect(await desk.mutate(admin, mutation, { ...base, companyId }, 'contact { id }')).toEqual({
          contact: null,
          userErrors: [userError('NOT_FOUND', ['companyId'], 'There is no such company.')],
        })
      }
      for (const ownerId of Object.values(ids)) {
        expect(await desk.mutate(admin, mutation, { ...base, ownerId }, 'contact { id }')).toEqual({
          contact: null,
          userErrors: [userError('NOT_FOUND', ['ownerId'], 'There is no such user.')],
        })
      }
      expect(await desk.rowsOf(tenant)).toEqual(before)
    },
  )

  test.each(mutations)('%s refuses an external id that is taken, and takes it where it is free', async (mutation) => {
    const { tenant, admin, id } = await openContact()
    const { contact } = await desk.mutate(
      admin,
      'createContact',
      { firstName: 'Grace', externalId: 'A-1' },
      'contact { id }',
    )
    const other = await openTenant(desk)
    await desk.mutate(other.admin, 'createContact', { firstName: 'Foreign', externalId: 'A-2' })
    const base = mutation === 'createContact' ? { firstName: 'Ada' } : { id, version: 1 }
    const before = await desk.rowsOf(tenant)
    const conflictingId = contact.id as string
    expect(await desk.mutate(admin, mutation, { ...base, externalId: ' A-1 ' }, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [
        userError('ALREADY_EXISTS', ['externalId'], 'Another contact has this external id.', { conflictingId }),
      ],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    expect(await desk.mutate(admin, mutation, { ...base, externalId: 'A-2' }, 'contact { externalId }')).toEqual({
      contact: { externalId: 'A-2' },
      userErrors: [],
    })
  })

  test('a contact may be given its own external id again', async () => {
    const { admin, id } = await openContact({ externalId: 'A-1' })
    expect(
      await desk.mutate(admin, 'updateContact', { id, version: 1, externalId: 'A-1' }, 'contact { version }'),
    ).toEqual({
      contact: { version: 1 },
      userErrors: [],
    })
  })

  test('of several who take one external id at once, one gets it', async () => {
    const { tenant, admin } = await openTenant(desk)
    const create = (index: number) =>
      desk.mutate(admin, 'createContact', { firstName: `Ada ${index}`, externalId: 'A-1' }, 'contact { externalId }')
    const payloads = await Promise.all(Array.from({ length: 8 }, (_, index) => create(index)))
    expect(payloads.filter((payload) => payload['contact'] !== null)).toEqual([
      { contact: { externalId: 'A-1' }, userErrors: [] },
    ])
    const refused = payloads.filter((payload) => payload['contact'] === null).map(({ userErrors }) => userErrors)
    const error = { code: 'ALREADY_EXISTS', field: ['externalId'], message: 'Another contact has this external id.' }
    expect(refused).toEqual(Array.from({ length: 7 }, () => [expect.objectContaining(error)]))
    expect((await desk.rowsOf(tenant))['contacts']).toHaveLength(1)
  })
})
