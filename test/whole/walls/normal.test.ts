import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { countTenantConditions, tablesWithoutTenant } from './support/fallen-walls.js'
import { findAcceptedKinds, findFilteredKinds } from './support/own-ids.js'
import { createCall } from './support/call.js'
import { expectedPlaces, expectedWalk } from './support/expected-walk.js'
import { placeOf } from './support/foreign-id-walk.js'
import { createFullTenant, UNIQUE_VALUES } from './support/full-tenant.js'
import { idPositions } from './support/id-positions.js'
import { createTenant } from '../../support/records.js'
import { openTwoTenants, WALK_TIMEOUT_MS, type TwoTenants } from './support/two-tenants.js'

let tenants: TwoTenants

beforeAll(async () => {
  tenants = await openTwoTenants()
})

afterAll(async () => {
  await tenants.close()
})

describe('with all walls', () => {
  test(
    "another tenant's id is answered like one that does not exist, at every place that takes an id",
    async () => {
      expect(await tenants.walk()).toEqual({ ...expectedWalk(tenants), differences: [], changed: [] })
      expect(tenants.api.faults).toEqual([])
    },
    WALK_TIMEOUT_MS,
  )

  test(
    "the same calls with the tenant's own ids succeed, and each statement names the tenant",
    async () => {
      const { schema, api, own } = tenants
      const { kinds, statements } = await findAcceptedKinds(schema, api, own.tenant)
      expect([...kinds.keys()].sort()).toEqual(expectedPlaces(({ isFiltered }) => !isFiltered))
      const several = [...kinds].filter(([, accepted]) => accepted.length !== 1)
      const nodes = [
      'Tenant', 'User', 'Industry', 'CompanySize', 'Company', 'Contact',
      'EmailAddress', 'PhoneNumber', 'Address', 'SocialMediaAccount', 'CustomFieldDefinition',
    ] // prettier-ignore
      expect(several).toEqual([
        ['node id', nodes],
        ['nodes ids[]', nodes],
        ...['EmailAddress', 'PhoneNumber', 'Address', 'SocialMediaAccount'].map((kind) => [
          `add${kind} input.ownerId`,
          ['Company', 'Contact'],
        ]),
        // Its company has it, and no replacement is given.
        ['deleteIndustry input.id', []],
        ['deleteCompanySize input.id', []],
        // Its plan is another one, and it was never changed.
        ['applyCustomFieldChange input.id', []],
        ['undoCustomFieldChange input.id', []],
        // Nothing was previewed.
        ...['update.companyId', 'update.ownerId', 'ownerId'].map((place) => [
          `startBulkContacts input.change.${place}`,
          [],
        ]),
        ...['update.industryId', 'update.sizeId', 'update.ownerId', 'ownerId'].map((place) => [
          `startBulkCompanies input.change.${place}`,
          [],
        ]),
        // It has no such column.
        ['startImport input.fileId', []],
        // The job is over.
        ['cancelJob input.id', []],
        // For operators alone.
        ['silenceAlert input.id', []],
        ['acknowledgeAlert input.id', []],
      ])
      expect(kinds.get('updateContact input.companyId')).toEqual(['Company'])
      expect(kinds.get('updateCompany input.socialMediaAccounts.remove[]')).toEqual(['SocialMediaAccount'])
      const nameless = statements.filter(
        ({ text }) =>
          countTenantConditions(text) === 0 &&
          // The tenant's own row is found by its id.
          !/ from tenants as t where t\.id = \$1 for (?:key share|no key update) of t$/.test(text) &&
          // New rows are the tenant's by the first value; a function is told the tenant first.
          !/^insert into \w+ as t \(tenant_id, [^)]*\)\s+select \$1::uuid, /.test(text) &&
          !/^select kith_refresh_(contact|company)_search\(\$1::uuid, /.test(text) &&
          // Locks by numbers, of no table.
          !/^select pg_advisory_xact_lock\(\$1::int, bucket\) from unnest\(\$2::int\[\]\) as bucket$/.test(text),
      )
      expect(nameless.map(({ label, text }) => `${label}: ${text}`)).toEqual([])
      expect(statements.length).toBeGreaterThan(1000)
    },
    WALK_TIMEOUT_MS,
  )

  test("an own id in a filter finds by it, where it is of the kind that fits; every table's rows are the tenant's", async () => {
    const { schema, api } = tenants
    const { tenant, records } = await createFullTenant(api.database)
    const { kinds, statements } = await findFilteredKinds(schema, api, tenant, records)
    const expected = idPositions(schema).flatMap((position) =>
      position.filtered === null ? [] : [[placeOf(position), [position.filtered]]],
    )
    expect([...kinds]).toEqual(expected)
    expect([...kinds.keys()].sort()).toEqual(expectedPlaces(({ isFiltered }) => isFiltered))
    expect(new Set(statements.flatMap(({ text }) => tablesWithoutTenant(text)))).toEqual(new Set())
    expect(new Set(statements.map(({ role, label }) => `${role} ${label.split('.')[0] ?? ''}`))).toEqual(
      new Set([
        'kith_keys list',
        'kith_keys count',
        'kith_app countContactsByCompanies',
        'kith_app findContactsByCompanies',
        ...['Contacts', 'Companies', 'Users', 'Industries', 'CompanySizes'].map((kind) => `kith_app find${kind}ByIds`),
      ]),
    )
  })
})

describe('what is unique in another tenant', () => {
  const creates: [string, Record<string, string>][] = [
    ['createIndustry', { name: UNIQUE_VALUES.name }],
    ['createCompanySize', { name: UNIQUE_VALUES.name }],
    ['createUser', { name: 'Someone', email: UNIQUE_VALUES.email }],
    ['createCompany', { name: 'Acme', domain: UNIQUE_VALUES.domain, externalId: UNIQUE_VALUES.externalId }],
    [
      'createContact',
      { firstName: 'Jane', externalId: UNIQUE_VALUES.externalId, emailAddresses: '', email: UNIQUE_VALUES.email },
    ],
  ]

  test.each(creates)('is free in %s', async (field, values) => {
    const { schema, api, own } = tenants
    const empty = await createTenant(api.database, { uniqueEmails: true })
    const { query, variables } = createCall(schema, 'Mutation', field, own.records, undefined, values)
    const { data, errors } = await api.run(empty.principal(), query, variables)
    expect(errors).toBeUndefined()
    expect(data?.[field]).toHaveProperty('userErrors', [])
  })
})
