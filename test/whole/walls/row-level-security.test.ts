import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { readSchema } from '../../../src/graphql/schema-text.js'
import { expectedPlaces, expectedWalk } from './support/expected-walk.js'
import { countTenantConditions, tablesWithoutTenant, withoutWalls } from './support/fallen-walls.js'
import { placeOf, type Difference, type WalkResult } from './support/foreign-id-walk.js'
import { idPositions } from './support/id-positions.js'
import { listQueries, rootLists } from './support/list-calls.js'
import { openTwoTenants, WALK_TIMEOUT_MS, type TwoTenants } from './support/two-tenants.js'

const LISTS = rootLists(buildSchema(readSchema()))

let tenants: TwoTenants

beforeAll(async () => {
  tenants = await openTwoTenants({ conditions: true })
})

afterAll(async () => {
  await tenants.close()
})

/** Runs a document as the own ADMIN: its answer, what was logged meanwhile, and what ran as kith_keys. */
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
    searches: statements.filter(({ role }) => role === 'kith_keys').map(({ label }) => label),
  }
}

test('a text tells the tables that are not held to a tenant', () => {
  expect(tablesWithoutTenant('select 1 from "contacts" as "c" where "c"."tenant_id" = $1 and id = $2')).toEqual([])
  expect(tablesWithoutTenant('select 1 from "contacts" as "c" where id = $2 or tenant_id = $1')).toEqual(['c'])
  expect(tablesWithoutTenant('select 1 from contacts where tenant_id = $1 and deleted_at is null')).toEqual([])
  expect(
    tablesWithoutTenant('select 1 from contacts as c where c.tenant_id = $1 and exists (select 1 from users)'),
  ).toEqual(['users'])
  const joined = 'from "companies" as "o0" join "contacts" as "c" on "c"."tenant_id" = "o0"."tenant_id" where '
  expect(tablesWithoutTenant(`${joined} "o0"."tenant_id" = $1`)).toEqual([])
  expect(tablesWithoutTenant(`${joined} "o0"."id" = $1`)).toEqual(['o0'])
  const twice = '(select 1 from "contacts" as "c" where "c"."tenant_id" = $1)'
  expect(tablesWithoutTenant(`${twice} union all ${twice.replace(' = $1', ' is not null')}`)).toEqual(['c', 'c'])
})

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
  expect(withoutWalls('BEGIN; SET LOCAL ROLE kith_keys', { bypassRole: 'x' })).toBe('BEGIN; SET LOCAL ROLE x')
})

describe('with conditions on the tenant that are always true', () => {
  describe('at every place that takes an id', () => {
    let walk: WalkResult
    /** The differences in filters, and those elsewhere. */
    let filtered: readonly Difference[]
    let others: readonly Difference[]

    beforeAll(async () => {
      walk = await tenants.walk()
      filtered = walk.differences.filter(({ place }) => place.includes(' filter.'))
      others = walk.differences.filter((difference) => !filtered.includes(difference))
    }, WALK_TIMEOUT_MS)

    test('row-level security keeps rows apart, in the contacts of a company too', () => {
      const { calls, changed, refusals } = walk
      // A list of all rows but an unknown one's is caught, but for a company's own, which has its one contact.
      const expected = expectedWalk(tenants, ({ root }) =>
        root === 'Query' ? 'error INTERNAL_SERVER_ERROR' : 'rows 1',
      )
      expect({ calls, changed, refusals }).toEqual({ ...expected, changed: [] })
    })

    test('node is caught by the comparison', () => {
      const nodes = [
        'User', 'Industry', 'CompanySize', 'Company', 'Contact',
        'EmailAddress', 'PhoneNumber', 'Address', 'SocialMediaAccount', 'CustomFieldDefinition',
      ] // prettier-ignore
      expect(others.map(({ place, kind }) => `${place} ${kind}`)).toEqual([
        ...nodes.map((kind) => `node id ${kind}`),
        ...nodes.map((kind) => `nodes ids[] ${kind}`),
      ])
      for (const { place, answer, faults } of others) {
        const { data, errors } = JSON.parse(answer) as { data: unknown; errors: { extensions: { code: string } }[] }
        expect(data).toEqual(place === 'node id' ? { node: null } : null)
        expect(errors.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR'])
        expect(faults).toEqual(['TENANT_MISMATCH: findNodeTypes reached beyond its tenant'])
      }
    })

    test('a list that a filter leads to rows of the other tenant is caught, one that it keeps from them is right', () => {
      const inLists = idPositions(tenants.schema).filter(
        ({ root, filtered: kind }) => kind !== null && root === 'Query',
      )
      const places = inLists.map((position) => [placeOf(position), position.filtered])
      // Without one of the other tenant's four users there are three, and the list is caught all the same.
      const alike = ['users filter.id.ne', 'users filter.id.notIn[]', 'users filter.not.id.eq']
      expect(filtered.map(({ place, kind }) => [place, kind])).toEqual(
        places.filter(([place = '']) => !alike.includes(place ?? '')),
      )
      const expected = expectedPlaces(
        ({ name, root, isFiltered }) => isFiltered && root === 'Query' && !alike.includes(name),
      )
      expect(filtered.map(({ place }) => place).sort()).toEqual(expected)
      const foreign = Object.values(tenants.other.records).map(({ id }) => id)
      for (const { place, answer, expected, faults } of filtered) {
        const [list] = place.split(' ')
        expect(foreign.filter((id) => answer.includes(id) || expected.includes(id))).toEqual([])
        // Either this one or the one with an unknown id met rows of the other tenant, and has nothing but an error.
        const error = { data: null, errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }
        const isCaught = (JSON.parse(answer) as { data: unknown }).data === null
        expect(JSON.parse(isCaught ? answer : expected)).toMatchObject(error)
        expect(JSON.parse(isCaught ? expected : answer)).not.toHaveProperty('errors')
        const mismatches = ['list', 'count'].map(
          (part) => `TENANT_MISMATCH: ${part}.${list ?? ''} reached beyond its tenant`,
        )
        expect(faults.filter((fault) => !mismatches.includes(fault))).toEqual([])
        expect(faults.length > 0).toBe(isCaught)
      }
    })
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
