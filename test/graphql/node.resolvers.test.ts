import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { KIND_SAMPLES } from '../support/contact-info.js'
import { openDesk, openTenant, plain, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const QUERY = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }'

const FIELD = { entityType: 'COMPANY', key: 'tier', label: 'Tier', type: 'TEXT' }

/** A tenant with a record of every type; ids by type. */
async function openNodes() {
  const { tenant, admin } = await openTenant(desk)
  const create = async (mutation: string, record: string, input: object) =>
    (await desk.mutate(admin, mutation, input, `${record} { id }`))[record].id as string
  const ids: Record<string, string> = {
    Tenant: tenant.settings.id,
    User: tenant.users.VIEWER,
    Industry: await create('createIndustry', 'industry', { name: 'Robots' }),
    CompanySize: await create('createCompanySize', 'companySize', { name: 'Small' }),
    Company: await create('createCompany', 'company', { name: 'Acme' }),
    Contact: await create('createContact', 'contact', { firstName: 'Ada' }),
    CustomFieldDefinition: await create('createCustomFieldDefinition', 'customFieldDefinition', FIELD),
  }
  for (const { kind, record, input } of KIND_SAMPLES) {
    ids[kind] = await create(`add${kind}`, record, { ownerId: ids['Contact'], [record]: input(1) })
  }
  return { tenant, admin, ids }
}

describe('node and nodes', () => {
  test('find a record of every type, in the order of the ids, capitals and repetitions too', async () => {
    const { admin, ids } = await openNodes()
    const found = Object.entries(ids).map(([__typename, id]) => ({ __typename, id }))
    expect(found).toHaveLength(11)
    for (const node of found) {
      expect(await desk.ask(admin, 'query ($id: ID!) { node(id: $id) { __typename id } }', { id: node.id })).toEqual({
        node,
      })
    }
    const wanted = [...found, ...found.toReversed()]
    const { nodes } = await desk.ask(admin, QUERY, {
      ids: wanted.map(({ id }, index) => (index % 2 ? id.toUpperCase() : id)),
    })
    expect(nodes).toEqual(wanted)
  })

  test('give all fields of each type', async () => {
    const { admin, ids } = await openNodes()
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) {
      ... on Tenant { slug } ... on User { email } ... on Industry { name } ... on CompanySize { name } ... on Company { name }
      ... on ContactInfoOwner { emailAddresses { email } } ... on Contact { fullName }
      ... on EmailAddress { email owner { ... on Contact { fullName } } } ... on PhoneNumber { e164 owner { id } }
      ... on Address { city } ... on SocialMediaAccount { handle }
      ... on CustomFieldDefinition { entityType key label type constraints { currencies } } } }`
    const { nodes } = await desk.ask(admin, query, { ids: Object.values(ids) })
    expect(nodes).toEqual([
      { slug: expect.stringMatching(/^t-/) },
      { email: 'viewer@example.com' },
      { name: 'Robots' },
      { name: 'Small' },
      { name: 'Acme', emailAddresses: [] },
      { fullName: 'Ada', emailAddresses: [{ email: 'a1@example.com' }] },
      { ...FIELD, constraints: { currencies: [] } },
      { email: 'a1@example.com', owner: { fullName: 'Ada' } },
      { e164: '+12125551001', owner: { id: ids['Contact'] } },
      { city: 'City 1' },
      { handle: 'ada1' },
    ])
  })

  test('are null for what is unknown, deleted or of another tenant, and keep their places', async () => {
    const { admin, ids } = await openNodes()
    const other = await openNodes()
    await desk.mutate(admin, 'deleteCompany', { id: ids['Company'], version: 1 })
    const found = { __typename: 'Contact', id: ids['Contact'] }
    const wanted = [randomUUID(), found.id, ...Object.values(other.ids), ids['Company'], found.id]
    const { nodes } = await desk.ask(admin, QUERY, { ids: wanted })
    expect(nodes).toEqual([null, found, ...Object.values(other.ids).map(() => null), null, found])
    for (const id of [randomUUID(), ids['Company'], ...Object.values(other.ids)]) {
      const query = 'query ($id: ID!) { node(id: $id) { id } contact(id: $id) { id } company(id: $id) { id } }'
      expect(await desk.ask(admin, query, { id })).toEqual({ node: null, contact: null, company: null })
    }
  })

  test('a custom field is found while it is there, archived too', async () => {
    const { admin, ids } = await openNodes()
    const id = ids['CustomFieldDefinition']
    const look = async () => (await desk.ask(admin, 'query ($id: ID!) { node(id: $id) { ... on CustomFieldDefinition { key archivedAt } } }', { id }))['node'] as unknown
    expect(await look()).toEqual({ key: 'tier', archivedAt: null })
    const archived = await desk.mutate(admin, 'archiveCustomFieldDefinition', { id }, 'customFieldDefinition { archivedAt }')
    expect(await look()).toEqual({ key: 'tier', archivedAt: archived['customFieldDefinition'].archivedAt })
    expect(await desk.mutate(admin, 'deleteCustomFieldDefinition', { id }, 'deletedId')).toEqual({ deletedId: id, userErrors: [] })
    expect(await look()).toBeNull()
  }) // prettier-ignore

  test('contact info of a deleted record has no owner, and that of a destroyed one is gone', async () => {
    const { admin, ids } = await openNodes()
    const rows = KIND_SAMPLES.map(({ kind }) => ({ __typename: kind, id: ids[kind] }))
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ${KIND_SAMPLES.map(({ kind }) => `... on ${kind} { owner { id } }`).join(' ')} } }`
    const look = async () => (await desk.ask(admin, query, { ids: rows.map(({ id }) => id) }))['nodes'] as unknown
    await desk.mutate(admin, 'deleteContact', { id: ids['Contact'], version: 5 })
    expect(await look()).toEqual(rows.map((row) => ({ ...row, owner: null })))
    await desk.mutate(admin, 'restoreContact', { id: ids['Contact'] })
    expect(await look()).toEqual(rows.map((row) => ({ ...row, owner: { id: ids['Contact'] } })))
    await desk.mutate(admin, 'destroyContact', { id: ids['Contact'] })
    expect(await look()).toEqual(rows.map(() => null))
  })

  test('ask for another type than the id has: null', async () => {
    const { admin, ids } = await openNodes()
    const query = 'query ($contact: ID!, $company: ID!) { contact(id: $company) { id } company(id: $contact) { id } }'
    expect(await desk.ask(admin, query, { contact: ids['Contact'], company: ids['Company'] })).toEqual({
      contact: null,
      company: null,
    })
  })

  test('no ids give no nodes, 200 are the most', async () => {
    const { admin, ids } = await openNodes()
    expect(await desk.ask(admin, QUERY, { ids: [] })).toEqual({ nodes: [] })
    const id = ids['Contact'] as string
    const { nodes } = await desk.ask(admin, QUERY, { ids: Array.from({ length: 200 }, () => id) })
    expect(nodes).toEqual(Array.from({ length: 200 }, () => ({ __typename: 'Contact', id })))
    const statements = await desk.api.statements(async () => {
      const { status, data, errors } = await desk.api.run(admin, QUERY, { ids: Array.from({ length: 201 }, () => id) })
      expect([status, data, plain(errors)]).toEqual([
        400,
        undefined,
        [
          {
            message: 'At most 200 ids may be given, not 201.',
            extensions: { code: 'BAD_USER_INPUT', field: 'nodes.ids', requestId: expect.any(String) },
          },
        ],
      ])
    })
    expect(statements).toEqual([])
  })
})
