import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../../../src/database/database.js'
import { openTwoTenants, type TwoTenants } from './support/two-tenants.js'

// Ids are unique over all tenants as long as they are made here. Should two tenants ever share some, a filter's
// sub-select without its condition on the tenant would read the other's record in the place of the own one.

let tenants: TwoTenants

/**
 * Gives the other tenant a company and a contact with the ids of the own ones, and the own ones a mark of their own.
 */
async function shareIds(database: Database, { own, other }: Pick<TwoTenants, 'own' | 'other'>): Promise<void> {
  const contact = { tenantId: own.tenant.settings.id, id: own.records.Contact.id }
  const company = { tenantId: own.tenant.settings.id, id: own.records.Company.id }
  await database.transaction(contact.tenantId, 'test.mark', async ({ prisma }) => {
    await prisma.contact.updateMany({ where: contact, data: { externalId: 'own' } })
    await prisma.company.updateMany({ where: company, data: { domain: 'own.example' } })
  })
  const times = { tenantId: other.tenant.settings.id, createdAt: new Date(), updatedAt: new Date() }
  await database.transaction(times.tenantId, 'test.mirror', async ({ prisma }) => {
    await prisma.company.createMany({ data: [{ ...times, id: company.id, name: 'Mirror' }] })
    await prisma.contact.createMany({
      data: [{ ...times, id: contact.id, companyId: company.id, firstName: 'Mirror', externalId: 'mirror' }],
    })
    const definition = { id: own.records.CustomFieldDefinition.id, entityType: 'CONTACT' }
    await prisma.customFieldDefinition.createMany({
      data: [{ ...times, ...definition, key: 'mirror', label: 'Mirror', type: 'RADIO', position: 2 }],
    })
    const value = { definitionId: definition.id, entityType: 'CONTACT', entityId: contact.id, textValue: 'other' }
    await prisma.customFieldValue.createMany({ data: [{ ...times, ...value, id: other.records.Company.id }] })
    const row = { entityType: 'CONTACT', entityId: contact.id, type: 'WORK', isPrimary: true, position: 1 }
    await prisma.emailAddress.createMany({
      data: [
        { ...times, ...row, id: other.records.Contact.id, email: 'm@mirror.example', emailDomain: 'mirror.example' },
      ],
    })
  })
}

function open(walls: Parameters<typeof openTwoTenants>[0]): void {
  beforeAll(async () => {
    tenants = await openTwoTenants(walls, shareIds)
  })

  afterAll(() => tenants.close())
}

async function ask(query: string, variables: Record<string, unknown> = {}) {
  const { api, own } = tenants
  const from = api.faults.length
  const { data } = await api.run(own.tenant.principal(), query, variables)
  return { data, faults: api.faults.slice(from).map(({ fields }) => (fields['err'] as Error).message) }
}

/** The key of the custom field that a full tenant has. */
function keyOf(definitionId: string): string {
  return `k${definitionId.replaceAll('-', '_')}`
}

const PARTS = '{ nodes { id name: NAME } totalCount }'

/** Filters that fit own rows by what only the other tenant's records of the same ids have. */
const FILTERS: readonly (readonly [list: 'contacts' | 'companies', own: string, other: string])[] = [
  ['contacts', 'externalId: { eq: "own" }', 'company: { name: { eq: "mirror" } }'],
  ['contacts', 'externalId: { eq: "own" }', 'emailAddresses: { some: { domain: { eq: "mirror.example" } } }'],
  ['contacts', 'externalId: { eq: "own" }', 'company: { contacts: { some: { externalId: { eq: "mirror" } } } }'],
  ['contacts', 'externalId: { eq: "own" }', 'customFields: [{ key: "KEY", option: { eq: "other" } }]'],
  ['companies', 'domain: { eq: "own.example" }', 'contacts: { some: { externalId: { eq: "mirror" } } }'],
]

function documentOf(list: 'contacts' | 'companies', filter: string, parts = PARTS): string {
  const key = keyOf(tenants.own.records.CustomFieldDefinition.id)
  return `{ ${list}(filter: { ${filter.replace('KEY', key)} }) ${parts.replace('NAME', list === 'contacts' ? 'firstName' : 'name')} }`
}

describe.each([
  ['with all walls', {}],
  ['as a role that row-level security does not hold back', { bypass: true, comparison: true }],
])('%s', (_, walls) => {
  open(walls)

  test.each(FILTERS)(
    "%s by the other tenant's records of the same ids find nothing: %s, %s",
    async (list, own, other) => {
      for (const filter of [`${own}, ${other}`, other]) {
        expect(await ask(documentOf(list, filter))).toEqual({
          data: { [list]: { nodes: [], totalCount: 0 } },
          faults: [],
        })
      }
    },
  )
})

describe('with conditions on the tenant that are always true', () => {
  open({ conditions: true })

  test.each(FILTERS)(
    "%s: what a filter reaches may choose among own rows, and never shows another's: %s, %s",
    async (list, own, other) => {
      const { records } = tenants.own
      const row =
        list === 'contacts' ? { id: records.Contact.id, name: 'Jane' } : { id: records.Company.id, name: 'Acme' }
      // By a custom field, and beside a count, the ids are found first, and here both tenants' records have them: the
      // comparison sees it.
      const mismatch = { data: null, faults: [`TENANT_MISMATCH: list.${list} reached beyond its tenant`] }
      const isById = other.startsWith('customFields')
      expect(await ask(documentOf(list, `${own}, ${other}`, '{ nodes { id name: NAME } }'))).toEqual(
        isById ? mismatch : { data: { [list]: { nodes: [row] } }, faults: [] },
      )
      expect(await ask(documentOf(list, `${own}, ${other}`))).toEqual(mismatch)
      const both = await ask(documentOf(list, other))
      expect(both.data).toBeNull()
      expect(both.faults[0]).toMatch(new RegExp(`^TENANT_MISMATCH: (list|count)\\.${list} reached beyond its tenant$`))
    },
  )

  test("in a company's own list row-level security holds the filter too", async () => {
    const { id } = tenants.own.records.Company
    const query = `query ($id: ID!) { company(id: $id) {
      own: contacts(filter: { externalId: { eq: "own" } }) ${PARTS.replace('NAME', 'firstName')}
      other: contacts(filter: { emailAddresses: { some: { domain: { eq: "mirror.example" } } } }) { nodes { id } totalCount }
    } }`
    const row = { id: tenants.own.records.Contact.id, name: 'Jane' }
    expect(await ask(query, { id })).toEqual({
      data: { company: { own: { nodes: [row], totalCount: 1 }, other: { nodes: [], totalCount: 0 } } },
      faults: [],
    })
  })

  test('the comparison sees the rows that an offset skips', async () => {
    const page = (offset: number) =>
      ask(`{ contacts(offset: ${offset}, filter: { externalId: { in: ["own", "mirror"] } }, orderBy: [{ field: EXTERNAL_ID }]) {
        nodes { firstName } } }`)
    expect(await page(0)).toEqual({ data: null, faults: ['TENANT_MISMATCH: list.contacts reached beyond its tenant'] })
    expect(await page(1)).toEqual({ data: null, faults: ['TENANT_MISMATCH: list.contacts reached beyond its tenant'] })
    // Behind all of them there is nothing, as behind the own row alone.
    expect(await page(2)).toEqual({ data: { contacts: { nodes: [] } }, faults: [] })
  })
})
