import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { tablesWithoutTenant } from './support/fallen-walls.js'
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

async function ask(query: string) {
  const { api, own } = tenants
  const from = api.faults.length
  let answer: Awaited<ReturnType<typeof api.run>> | undefined
  const statements = await api.statements(async () => {
    answer = await api.run(own.tenant.principal(), query)
  })
  return {
    data: answer?.data,
    codes: answer?.errors?.map((error) => error.extensions?.['code']) ?? [],
    faults: api.faults.slice(from).map(({ fields }) => (fields['err'] as Error).message),
    statements,
  }
}

const BOTH = `nodes { record { ... on Contact { firstName } ... on Company { name } } matches { field text } } isPartial`
const JANE = { nodes: [{ firstName: 'Jane' }], isPartial: false }

/** Searches of every kind, what they find, and the statement that meets the other tenant's rows first. */
const SEARCHES: readonly (readonly [document: string, answer: object, caught: string])[] = [
  ['{ contacts(search: "jane") { nodes { firstName } isPartial } }', { contacts: JANE }, 'search.contacts'],
  ['{ contacts(search: "jane", last: 9) { nodes { firstName } isPartial } }', { contacts: JANE }, 'search.contacts'],
  ['{ contacts(search: "jane") { totalCount } }', { contacts: { totalCount: 1 } }, 'countSearch.contacts'],
  ['{ contacts(search: "an") { nodes { firstName } } }', { contacts: { nodes: [] } }, ''],
  [
    '{ contacts(search: "alpah") { nodes { firstName } } }',
    { contacts: { nodes: [{ firstName: 'Ada' }] } },
    'searchMisspelt.contacts',
  ],
  [
    '{ contacts(search: "jane@acme.example") { nodes { firstName } isPartial } }',
    { contacts: JANE },
    'search.contacts',
  ],
  [
    '{ contacts(search: "@borg.example") { nodes { firstName } } }',
    { contacts: { nodes: [{ firstName: 'Ada' }] } },
    'search.contacts',
  ],
  [
    '{ contacts(search: "555-0124") { nodes { firstName } } }',
    { contacts: { nodes: [{ firstName: 'Bob' }] } },
    'search.contacts',
  ],
  [
    '{ contacts(search: "jane", orderBy: [{ field: COMPANY_NAME }]) { nodes { firstName } isPartial } }',
    { contacts: JANE },
    'list.contacts',
  ],
  [
    '{ contacts(search: "jane", filter: { company: { name: { eq: "acme" } } }) { nodes { firstName } isPartial } }',
    { contacts: JANE },
    'search.contacts',
  ],
  ['{ companies(search: "acm") { nodes { name } } }', { companies: { nodes: [{ name: 'Acme' }] } }, 'search.companies'],
  [
    `{ search(query: "jane") { ${BOTH} } }`,
    {
      search: {
        nodes: [
          {
            record: { firstName: 'Jane' },
            matches: [
              { field: 'NAME', text: 'Jane' },
              { field: 'EMAIL', text: 'jane@acme.example' },
            ],
          },
        ],
        isPartial: false,
      },
    },
    'search.contacts',
  ],
  [
    `{ search(query: "borg", types: [COMPANY]) { ${BOTH} } }`,
    { search: { nodes: [{ record: { name: 'Borg' }, matches: [{ field: 'NAME', text: 'Borg' }] }], isPartial: false } },
    'search.companies',
  ],
]

describe('with all walls', () => {
  open({})

  test.each(SEARCHES)('%s', async (document, answer) => {
    const { data, faults } = await ask(document)
    expect([data, faults]).toEqual([answer, []])
  })
})

describe('with conditions on the tenant that are always true', () => {
  open({ conditions: true })

  test.each(SEARCHES.filter(([, , caught]) => caught !== ''))('%s is caught', async (document, _, caught) => {
    const { data, codes, faults, statements } = await ask(document)
    expect([data, codes]).toEqual([null, ['INTERNAL_SERVER_ERROR']])
    expect(faults).toEqual([`TENANT_MISMATCH: ${caught} reached beyond its tenant`])
    expect(statements.filter(({ role }) => role !== 'kith_keys')).toEqual([])
  })
})

describe('as a role that row-level security does not hold back', () => {
  open({ bypass: true, comparison: true })

  test.each(SEARCHES)("%s finds the tenant's own rows", async (document, answer) => {
    const { data, faults, statements } = await ask(document)
    expect([data, faults]).toEqual([answer, []])
    expect(statements.flatMap(({ text }) => tablesWithoutTenant(text))).toEqual([])
  })
})
