import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const MISSING = userError('NOT_FOUND', ['id'], 'There is no such company.')
const DELETED = new Date('2126-03-05T00:00:00.001Z')
const RESTORED = new Date('2126-03-06T00:00:00.001Z')

async function openCompany(input: object = {}, settings: object = {}) {
  const { tenant, admin } = await openTenant(desk, settings)
  const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme', ...input }, 'company { id }')
  const id = company.id as string
  const contact = async (firstName: string): Promise<string> =>
    (await desk.mutate(admin, 'createContact', { firstName, companyId: id }, 'contact { id }'))['contact'].id as string
  return { tenant, admin, id, contact }
}

describe('deleteCompany', () => {
  test('hides the company; its contacts keep their link and show it again after a restore', async () => {
    const { tenant, admin, id, contact } = await openCompany()
    const contactId = await contact('Ada')
    const query = `query ($id: ID!, $contactId: ID!) {
      company(id: $id) { contacts { nodes { id } } } node(id: $id) { id } companies { nodes { id } totalCount }
      contact(id: $contactId) { version company { id } }
    }`
    const look = () => desk.ask(admin, query, { id, contactId })
    const visible = {
      company: { contacts: { nodes: [{ id: contactId }] } },
      node: { id },
      companies: { nodes: [{ id }], totalCount: 1 },
      contact: { version: 1, company: { id } },
    }
    expect(await look()).toEqual(visible)
    expect(
      await desk.mutate(admin, 'deleteCompany', { id, version: 1 }, 'company { id version deletedAt }', DELETED),
    ).toEqual({
      company: { id, version: 2, deletedAt: DELETED.toISOString() },
      userErrors: [],
    })
    expect(await look()).toEqual({
      company: null,
      node: null,
      companies: { nodes: [], totalCount: 0 },
      contact: { version: 1, company: null },
    })
    expect((await desk.rowsOf(tenant))['contacts']).toEqual([expect.objectContaining({ company_id: id, version: 1 })])
    expect(
      await desk.mutate(admin, 'restoreCompany', { id }, 'company { version updatedAt deletedAt }', RESTORED),
    ).toEqual({
      company: { version: 3, updatedAt: RESTORED.toISOString(), deletedAt: null },
      userErrors: [],
    })
    expect(await look()).toEqual(visible)
  })

  test('an outdated version is a CONFLICT, a deleted or unknown company is NOT_FOUND; nothing changes', async () => {
    const { tenant, admin, id } = await openCompany()
    const live = await desk.rowsOf(tenant)
    const conflict = userError('CONFLICT', ['version'], 'The company changed since it was read.', { currentVersion: 1 })
    expect(await desk.mutate(admin, 'deleteCompany', { id, version: 2 }, 'company { id }')).toEqual({
      company: null,
      userErrors: [conflict],
    })
    expect(await desk.rowsOf(tenant)).toEqual(live)
    await desk.mutate(admin, 'deleteCompany', { id, version: 1 })
    const before = await desk.rowsOf(tenant)
    for (const [mutation, input] of [
      ['deleteCompany', { id, version: 2 }],
      ['updateCompany', { id, version: 2, name: 'Emca' }],
      ['deleteCompany', { id: randomUUID(), version: 1 }],
      ['updateCompany', { id: randomUUID(), version: 1 }],
      ['restoreCompany', { id: randomUUID() }],
    ] as const) {
      expect(await desk.mutate(admin, mutation, input, 'company { id }')).toEqual({
        company: null,
        userErrors: [MISSING],
      })
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })
})

describe('restoreCompany', () => {
  test('leaves a live company as it is', async () => {
    const { tenant, admin, id } = await openCompany({ domain: 'acme.com' })
    const before = await desk.rowsOf(tenant)
    expect(await desk.mutate(admin, 'restoreCompany', { id }, 'company { version }')).toEqual({
      company: { version: 1 },
      userErrors: [],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('is refused while its domain, external id or a unique e-mail address is taken', async () => {
    const unique = { domain: 'acme.com', externalId: 'C-1', emailAddresses: [{ email: 'info@acme.com' }] }
    const { tenant, admin, id } = await openCompany(unique, { uniqueEmails: true })
    await desk.mutate(admin, 'deleteCompany', { id, version: 1 })
    const create = async (input: object): Promise<string> =>
      (await desk.mutate(admin, 'createCompany', { name: 'Emca', ...input }, 'company { id }'))['company'].id as string
    const holders = {
      domain: await create({ domain: 'acme.com' }),
      externalId: await create({ externalId: 'C-1' }),
      email: await create({ emailAddresses: unique.emailAddresses }),
    }
    const before = await desk.rowsOf(tenant)
    expect(await desk.mutate(admin, 'restoreCompany', { id }, 'company { id }')).toEqual({
      company: null,
      userErrors: [
        userError('ALREADY_EXISTS', ['id'], 'Another company has this domain.', { conflictingId: holders.domain }),
        userError('ALREADY_EXISTS', ['id'], 'Another company has this external id.', {
          conflictingId: holders.externalId,
        }),
        userError('ALREADY_EXISTS', ['id'], 'Another record has the e-mail address info@acme.com.', {
          conflictingId: holders.email,
        }),
      ],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    for (const holder of Object.values(holders)) await desk.mutate(admin, 'deleteCompany', { id: holder, version: 1 })
    expect(await desk.mutate(admin, 'restoreCompany', { id }, 'company { version domain }')).toEqual({
      company: { version: 3, domain: 'acme.com' },
      userErrors: [],
    })
  })
})

describe('destroyCompany', () => {
  test('removes the company with its contact info, and the links of its contacts, deleted ones too', async () => {
    const { tenant, admin, id, contact } = await openCompany({
      emailAddresses: [{ email: 'a@example.com' }],
      phoneNumbers: [{ number: '+12125550123' }],
      addresses: [{ city: 'London' }],
      socialMediaAccounts: [{ platform: 'X', handle: 'acme' }],
    })
    const [live, deleted] = [await contact('Ada'), await contact('Grace')]
    const { contact: unlinked } = await desk.mutate(admin, 'createContact', { firstName: 'Free' }, 'contact { id }')
    await desk.mutate(admin, 'deleteContact', { id: deleted, version: 1 })
    expect(await desk.mutate(admin, 'destroyCompany', { id }, 'destroyedId', DELETED)).toEqual({
      destroyedId: id,
      userErrors: [],
    })
    const rows = await desk.sql(
      `select id, company_id, version, updated_at = $2 as touched from contacts where tenant_id = $1 order by version, first_name`,
      [tenant.settings.id, DELETED],
    )
    expect(rows).toEqual([
      { id: unlinked.id, company_id: null, version: 1, touched: false },
      { id: live, company_id: null, version: 2, touched: true },
      { id: deleted, company_id: null, version: 3, touched: true },
    ])
    const left = Object.entries(await desk.rowsOf(tenant)).filter(([, { length }]) => length > 0)
    expect(left.map(([table]) => table).sort()).toEqual(['contacts', 'users'])
    expect(await desk.mutate(admin, 'destroyCompany', { id }, 'destroyedId')).toEqual({
      destroyedId: null,
      userErrors: [MISSING],
    })
  })

  test('removes a deleted company too', async () => {
    const { tenant, admin, id } = await openCompany()
    await desk.mutate(admin, 'deleteCompany', { id, version: 1 })
    expect(await desk.mutate(admin, 'destroyCompany', { id }, 'destroyedId')).toEqual({
      destroyedId: id,
      userErrors: [],
    })
    expect((await desk.rowsOf(tenant))['companies']).toEqual([])
    expect(await desk.mutate(admin, 'restoreCompany', { id }, 'company { id }')).toEqual({
      company: null,
      userErrors: [MISSING],
    })
  })
})
