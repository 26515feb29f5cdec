import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expectedWalk } from './support/expected-walk.js'
import { listQueries, rootLists } from './support/list-calls.js'
import { openTwoTenants, WALK_TIMEOUT_MS, type TwoTenants } from './support/two-tenants.js'

let tenants: TwoTenants

beforeAll(async () => {
  tenants = await openTwoTenants({ bypass: true })
})

afterAll(async () => {
  await tenants.close()
})

describe('as a role that row-level security does not hold back', () => {
  test('statements run as that role, which sees the rows of both tenants', async () => {
    const { api, own, other } = tenants
    const seen = await api.database.transaction(own.tenant.settings.id, 'control', (tx) =>
      tx.sql<{ role: string; tenants: number }>({
        label: 'control',
        text: `select current_user like 'kith_test_bypass_%' as bypasses, array_agg(tenant_id order by tenant_id) as tenants from contacts`,
        values: [],
      }),
    )
    expect(seen).toEqual([{ bypasses: true, tenants: [own.tenant.settings.id, other.tenant.settings.id].sort() }])
  })

  test(
    'conditions on the tenant keep rows apart at every place that takes an id',
    async () => {
      expect(await tenants.walk()).toEqual({ ...expectedWalk(tenants), differences: [], changed: [] })
      expect(tenants.api.faults).toEqual([])
    },
    WALK_TIMEOUT_MS,
  )

  test("lists and counts hold the tenant's own rows", async () => {
    const { api, schema, own } = tenants
    const ids: Record<string, unknown> = {}
    const counts: Record<string, unknown> = {}
    for (const list of rootLists(schema)) {
      const { page, count } = listQueries(list)
      ids[list] = (await api.run(own.tenant.principal(), page)).data?.[list].nodes.map(({ id }: { id: string }) => id)
      counts[list] = (await api.run(own.tenant.principal(), count)).data?.[list].totalCount
    }
    const { records, tenant } = own
    expect(ids).toEqual({
      contacts: [records.Contact.id],
      companies: [records.Company.id],
      users: [tenant.users.VIEWER, tenant.users.MEMBER, tenant.users.MANAGER, tenant.users.ADMIN],
      industries: [records.Industry.id],
      companySizes: [records.CompanySize.id],
    })
    expect(counts).toEqual({ contacts: 1, companies: 1, users: 4, industries: 1, companySizes: 1 })
  })
})
