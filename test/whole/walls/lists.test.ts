import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { tablesWithoutTenant } from './support/fallen-walls.js'
import { LIST_CALLS, listDocument, type ListCall } from './support/list-calls.js'
import { addListedRecords, OTHER_CONTACT, OWN_CONTACT } from './support/listed-records.js'
import { openTwoTenants, type TwoTenants } from './support/two-tenants.js'

let tenants: TwoTenants

function open(walls: Parameters<typeof openTwoTenants>[0]): void {
  beforeAll(async () => {
    tenants = await openTwoTenants(walls, async (database, { own, other }) => {
      await addListedRecords(database, own, OWN_CONTACT)
      await addListedRecords(database, other, OTHER_CONTACT)
    })
  })

  afterAll(() => tenants.close())
}

/** What a document answers the own ADMIN, what was logged meanwhile, and which statements ran. */
async function ask(query: string, variables: Record<string, unknown> = {}) {
  const { api, own } = tenants
  const from = api.faults.length
  let answer: Awaited<ReturnType<typeof api.run>> | undefined
  const statements = await api.statements(async () => {
    answer = await api.run(own.tenant.principal(), query, variables)
  })
  return {
    data: answer?.data,
    codes: answer?.errors?.map((error) => error.extensions?.['code']) ?? [],
    text: JSON.stringify(answer),
    faults: api.faults.slice(from).map(({ fields }) => (fields['err'] as Error).message),
    statements,
  }
}

const CALLS = LIST_CALLS.map((call) => [`${call.list} ${call.args}`, call] as const)
const UNFILTERED = CALLS.filter(([, { args }]) => args === '')
const FILTERED = CALLS.filter(([, { args }]) => args.startsWith('filter:'))
const COUNTED = CALLS.filter(([, { args }]) => args === '' || args.startsWith('filter:'))

function namesOf(data: Record<string, unknown> | null | undefined, list: string): string[] {
  const { edges } = data?.[list] as { edges: { node: { name: string } }[] }
  return edges.map(({ node }) => node.name)
}

/** An estimate comes from statistics: nothing is read, and nothing of it says whose rows were counted. */
async function expectEstimate(call: ListCall): Promise<void> {
  const { data, faults, statements } = await ask(listDocument(call, 'estimatedCount'))
  expect(faults).toEqual([])
  expect((data?.[call.list] as { estimatedCount: number }).estimatedCount).toBeGreaterThanOrEqual(0)
  expect(statements.map(({ label, role }) => [label, role])).toEqual([[`estimate.${call.list}`, 'kith_keys']])
  expect(statements[0]?.text).toMatch(/^explain \(format json\) select c\.tenant_id from /)
}

describe('with conditions on the tenant that are always true', () => {
  open({ conditions: true })

  test.each(CALLS)('the page of %s is caught, logged and answered without data', async (_, call) => {
    const { data, codes, faults, statements, text } = await ask(listDocument(call, 'page'))
    expect([data, codes]).toEqual([null, ['INTERNAL_SERVER_ERROR']])
    expect(faults).toEqual([`TENANT_MISMATCH: list.${call.list} reached beyond its tenant`])
    expect(statements.map(({ label, role }) => [label, role])).toEqual([[`list.${call.list}`, 'kith_keys']])
    expect(text).not.toContain('TENANT_MISMATCH')
  })

  test.each(COUNTED)('the count of %s is caught, logged and answered without data', async (_, call) => {
    const { data, codes, faults, statements } = await ask(listDocument(call, 'totalCount'))
    expect([data, codes]).toEqual([null, ['INTERNAL_SERVER_ERROR']])
    expect(faults).toEqual([`TENANT_MISMATCH: count.${call.list} reached beyond its tenant`])
    expect(statements.map(({ label, role }) => [label, role])).toEqual([[`count.${call.list}`, 'kith_keys']])
  })

  test.each(UNFILTERED)('the estimate of %s runs nothing', (_, call) => expectEstimate(call))

  test.each(FILTERED)('the estimate of %s is a count, and caught', async (_, call) => {
    const { data, faults, statements } = await ask(listDocument(call, 'estimatedCount'))
    expect([data, faults]).toEqual([null, [`TENANT_MISMATCH: count.${call.list} reached beyond its tenant`]])
    expect(statements.map(({ label }) => label)).toEqual([`count.${call.list}`])
  })

  const ONLY = (externalId: string): string => `contacts(filter: { externalId: { eq: "${externalId}" } })`

  test("a filter that only own rows fit is right, one that only the other tenant's fit is caught", async () => {
    const parts = '{ edges { node { firstName } } totalCount totalCountIsExact }'
    const mine = await ask(`{ ${ONLY(OWN_CONTACT)} ${parts} }`)
    expect(mine.data).toEqual({
      contacts: { edges: [{ node: { firstName: 'Cy' } }], totalCount: 1, totalCountIsExact: true },
    })
    expect(mine.faults).toEqual([])
    const theirs = await ask(`{ ${ONLY(OTHER_CONTACT)} { edges { node { firstName } } } }`)
    expect([theirs.data, theirs.faults]).toEqual([null, ['TENANT_MISMATCH: list.contacts reached beyond its tenant']])
    const counted = await ask(`{ ${ONLY(OTHER_CONTACT)} { totalCountIsExact } }`)
    expect([counted.data, counted.faults]).toEqual([
      null,
      ['TENANT_MISMATCH: count.contacts reached beyond its tenant'],
    ])
  })

  test('no page says that there is more because of rows of the other tenant', async () => {
    // The own row stands first; the one behind it, by which the page would know, is the other tenant's.
    const filter = `{ externalId: { in: ["${OWN_CONTACT}", "${OTHER_CONTACT}"] } }`
    for (const page of ['first: 1', 'last: 1', 'first: 0']) {
      const direction = page === 'last: 1' ? 'ASC' : 'DESC'
      const args = `${page}, filter: ${filter}, orderBy: [{ field: EXTERNAL_ID, direction: ${direction} }]`
      const { data, faults } = await ask(`{ contacts(${args}) { pageInfo { hasNextPage } } }`)
      const isOwnAlone = page === 'first: 0'
      expect([data, faults]).toEqual(
        isOwnAlone
          ? [{ contacts: { pageInfo: { hasNextPage: true } } }, []]
          : [null, ['TENANT_MISMATCH: list.contacts reached beyond its tenant']],
      )
    }
  })

  test.each([
    'filter: { not: { firstName: { eq: "Del" } } }, orderBy: [{ field: FIRST_NAME }]',
    'filter: { company: { contacts: { some: { notes: { contains: "tea" } } } } }, orderBy: [{ field: FIRST_NAME }]',
    'orderBy: [{ field: FIRST_NAME }], last: 50',
    'orderBy: [{ field: COMPANY_NAME }, { field: OWNER_NAME, nulls: FIRST }]',
  ])("a company's own list is kept apart by row-level security: %s", async (args) => {
    const { own } = tenants
    const query = `query ($id: ID!) { company(id: $id) { contacts(${args}) {
      nodes { firstName } totalCount estimatedCount pageInfo { hasNextPage hasPreviousPage } } } }`
    const { data, faults, statements } = await ask(query, { id: own.records.Company.id })
    expect(faults).toEqual([])
    expect(statements.filter(({ role }) => role !== 'kith_app')).toEqual([])
    expect(data?.['company']).toEqual({
      contacts: {
        nodes: [{ firstName: 'Eve' }, { firstName: 'Jane' }],
        totalCount: 2,
        estimatedCount: 2,
        pageInfo: { hasNextPage: false, hasPreviousPage: false },
      },
    })
  })

  test("the list of another tenant's company doesn't exist", async () => {
    const query = 'query ($id: ID!) { company(id: $id) { contacts(filter: {}) { totalCount } } }'
    expect(await ask(query, { id: tenants.other.records.Company.id })).toMatchObject({
      data: { company: null },
      faults: [],
    })
  })
})

describe('as a role that row-level security does not hold back', () => {
  open({ bypass: true, comparison: true })

  test.each(CALLS)("the page of %s holds the tenant's own rows, in their order", async (_, call) => {
    const { data, faults, statements } = await ask(listDocument(call, 'page'))
    expect(faults).toEqual([])
    expect(namesOf(data, call.list)).toEqual(call.rows)
    expect(statements.flatMap(({ text }) => tablesWithoutTenant(text))).toEqual([])
  })

  test.each(COUNTED)("the count of %s counts the tenant's own rows", async (_, call) => {
    const { data, faults, statements } = await ask(listDocument(call, 'totalCount'))
    expect([data, faults]).toEqual([{ [call.list]: { totalCount: call.rows.length } }, []])
    expect(statements.flatMap(({ text }) => tablesWithoutTenant(text))).toEqual([])
  })

  test.each(UNFILTERED)('the estimate of %s names the tenant', async (_, call) => {
    await expectEstimate(call)
    const { statements } = await ask(listDocument(call, 'estimatedCount'))
    expect(statements.flatMap(({ text }) => tablesWithoutTenant(text))).toEqual([])
  })

  test.each(FILTERED)("the estimate of %s counts the tenant's own rows", async (_, call) => {
    const { data } = await ask(listDocument(call, 'estimatedCount'))
    expect(data).toEqual({ [call.list]: { estimatedCount: call.rows.length } })
  })
})
