import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { readSchema } from '../../src/server.js'
import { countTenantConditions, withoutWalls } from '../support/walls/fallen-walls.js'
import { listQueries, rootLists } from '../support/walls/list-calls.js'
import { openTwoTenants, type TwoTenants } from '../support/walls/two-tenants.js'

const LISTS = rootLists(buildSchema(readSchema()))

let tenants: TwoTenants

beforeAll(async () => {
  tenants = await openTwoTenants({ conditions: true })
})

afterAll(async () => {
  await tenants.close()
})

/** Runs a document as the own ADMIN: its answer, what was logged meanwhile, and what ran as kith_search. */
async function ask(query: string, variables: Record<string, unknown> = {}) {
  const { api, own } = tenants
  const from = api.faults.length
  let answer: Awaited<ReturnType<typeof api.run>> | undefined
  const statements = await api.statements(async () => {
    answer = await api.run(own.tenant.principal(), query, variables)
  })
  return {
    data: answer?.data,
    codes: answer?.errors?.map((error) => error.extensions?.['code']),
    text: JSON.stringify(answer),
    faults: api.faults.slice(from).map(({ fields }) => (fields['err'] as Error).message),
    searches: statements.filter(({ role }) => role === 'kith_search').map(({ label }) => label),
  }
}

test('the rewriting opens every form of the condition and nothing else', () => {
  const open = (text: string): string => withoutWalls(text, { conditions: true })
  expect(open('where tenant_id = $1 and id = $2')).toBe('where ($1::uuid is not null) and id = $2')
  expect(open('where "tenant_id" = $2')).toBe('where ($2::uuid is not null)')
  expect(open('where contacts.tenant_id = $1')).toBe('where ($1::uuid is not null)')
  expect(open('WHERE ("public"."contacts"."tenant_id" = $12 AND 1=1)')).toBe('WHERE (($12::uuid is not null) AND 1=1)')
  expect(open('select tenant_id, filter (where tenant_id <> app_tenant())')).toBe(
    'select tenant_id, filter (where tenant_id <> app_tenant())',
  )
  expect(countTenantConditions('where tenant_id = $1 or "tenant_id"=$2')).toBe(2)
  expect(open('BEGIN; SET LOCAL ROLE kith_app')).toBe('BEGIN; SET LOCAL ROLE kith_app')
  expect(withoutWalls('BEGIN; SET LOCAL ROLE kith_search', { bypassRole: 'x' })).toBe('BEGIN; SET LOCAL ROLE x')
})

describe('with conditions on the tenant that are always true', () => {
  test('row-level security keeps rows apart at every place, and node is caught by the comparison', async () => {
    const { calls, differences, changed, refusals } = await tenants.walk()
    expect({ calls, changed, refusals }).toEqual({ calls: 1382, changed: [], refusals: { null: 4, NOT_FOUND: 169 } })
    const nodes = [
      'User',
      'Industry',
      'CompanySize',
      'Company',
      'Contact',
      'EmailAddress',
      'PhoneNumber',
      'Address',
      'SocialMediaAccount',
    ]
    expect(differences.map(({ place, kind }) => `${place} ${kind}`)).toEqual([
      ...nodes.map((kind) => `node id ${kind}`),
      ...nodes.map((kind) => `nodes ids[] ${kind}`),
    ])
    for (const { place, answer, faults } of differences) {
      const { data, errors } = JSON.parse(answer) as { data: unknown; errors: { extensions: { code: string } }[] }
      expect(data).toEqual(place === 'node id' ? { node: null } : null)
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR'])
      expect(faults).toEqual(['TENANT_MISMATCH: findNodeTypes reached beyond its tenant'])
    }
  })

  test("a single record and its relations are the tenant's own", async () => {
    const { own } = tenants
    const { Company: company, Contact: contact } = own.records
    const query = `query ($company: ID!, $contact: ID!) {
      company(id: $company) { id contacts { totalCount nodes { id } } industry { id } size { id } assignedTo { id } }
      contact(id: $contact) { id company { id } owner { id } emailAddresses { id } addresses { id } }
    }`
    const { data, faults } = await ask(query, { company: company.id, contact: contact.id })
    expect(faults).toEqual([])
    expect(data).toEqual({
      company: {
        id: company.id,
        contacts: { totalCount: 1, nodes: [{ id: contact.id }] },
        industry: { id: own.records.Industry.id },
        size: { id: own.records.CompanySize.id },
        assignedTo: { id: own.records.User.id },
      },
      contact: {
        id: contact.id,
        company: { id: company.id },
        owner: { id: own.records.User.id },
        emailAddresses: [{ id: own.records.EmailAddress.id }],
        addresses: [{ id: own.records.Address.id }],
      },
    })
  })

  test('the lists are these five', () => {
    expect(LISTS).toEqual(['contacts', 'companies', 'users', 'industries', 'companySizes'])
  })

  test.each(LISTS)('the page of %s is caught, logged and answered without data', async (list) => {
    const { data, codes, faults, searches, text } = await ask(listQueries(list).page)
    expect(data).toBeNull()
    expect(codes).toEqual(['INTERNAL_SERVER_ERROR'])
    expect(faults).toEqual([`TENANT_MISMATCH: list.${list} reached beyond its tenant`])
    expect(searches).toEqual([`list.${list}`])
    expect(text).not.toContain('TENANT_MISMATCH')
  })

  test.each(LISTS)('the count of %s is caught, logged and answered without data', async (list) => {
    const { data, codes, faults, searches, text } = await ask(listQueries(list).count)
    expect(data).toBeNull()
    expect(codes).toEqual(['INTERNAL_SERVER_ERROR'])
    expect(faults).toEqual([`TENANT_MISMATCH: count.${list} reached beyond its tenant`])
    expect(searches).toEqual([`count.${list}`])
    expect(text).not.toContain('TENANT_MISMATCH')
  })
})
