import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createCall } from './support/call.js'
import { expectedPlaces } from './support/expected-walk.js'
import { placeOf } from './support/foreign-id-walk.js'
import { idPositions } from './support/id-positions.js'
import type { WallRecordKind } from './support/full-tenant.js'
import { listQueries } from './support/list-calls.js'
import type { Snapshot } from './support/snapshot.js'
import { openTwoTenants, WALK_TIMEOUT_MS, type TwoTenants } from './support/two-tenants.js'

/** What a place of the API that makes a reference refers to; contact info may have either owner. */
const REFERENCES: Record<string, readonly WallRecordKind[]> = {
  'createContact input.companyId': ['Company'],
  'createContact input.ownerId': ['User'],
  'updateContact input.companyId': ['Company'],
  'updateContact input.ownerId': ['User'],
  'createCompany input.industryId': ['Industry'],
  'createCompany input.sizeId': ['CompanySize'],
  'createCompany input.ownerId': ['User'],
  'createCompany input.assignedToId': ['User'],
  'updateCompany input.industryId': ['Industry'],
  'updateCompany input.sizeId': ['CompanySize'],
  'updateCompany input.ownerId': ['User'],
  'updateCompany input.assignedToId': ['User'],
  'bulkCreateContacts input.rows[].companyId': ['Company'],
  'bulkCreateContacts input.rows[].ownerId': ['User'],
  'bulkUpdateContacts input.rows[].companyId': ['Company'],
  'bulkUpdateContacts input.rows[].ownerId': ['User'],
  'bulkCreateCompanies input.rows[].industryId': ['Industry'],
  'bulkCreateCompanies input.rows[].sizeId': ['CompanySize'],
  'bulkCreateCompanies input.rows[].ownerId': ['User'],
  'bulkCreateCompanies input.rows[].assignedToId': ['User'],
  'bulkUpdateCompanies input.rows[].industryId': ['Industry'],
  'bulkUpdateCompanies input.rows[].sizeId': ['CompanySize'],
  'bulkUpdateCompanies input.rows[].ownerId': ['User'],
  'bulkUpdateCompanies input.rows[].assignedToId': ['User'],
  'upsertContact input.contact.companyId': ['Company'],
  'upsertContact input.contact.ownerId': ['User'],
  'bulkUpsertContacts input.rows[].companyId': ['Company'],
  'bulkUpsertContacts input.rows[].ownerId': ['User'],
  'upsertCompany input.company.industryId': ['Industry'],
  'upsertCompany input.company.sizeId': ['CompanySize'],
  'upsertCompany input.company.ownerId': ['User'],
  'upsertCompany input.company.assignedToId': ['User'],
  'bulkUpsertCompanies input.rows[].industryId': ['Industry'],
  'bulkUpsertCompanies input.rows[].sizeId': ['CompanySize'],
  'bulkUpsertCompanies input.rows[].ownerId': ['User'],
  'bulkUpsertCompanies input.rows[].assignedToId': ['User'],
  'addEmailAddress input.ownerId': ['Contact', 'Company'],
  'addPhoneNumber input.ownerId': ['Contact', 'Company'],
  'addAddress input.ownerId': ['Contact', 'Company'],
  'addSocialMediaAccount input.ownerId': ['Contact', 'Company'],
}

/**
 * Every reference between records: its table, its columns with the other tenant's record, and the key that must refuse.
 */
const KEYS: readonly { table: string; set: string; kind: WallRecordKind; constraint: string }[] = [
  { table: 'contacts', set: 'company_id = $1', kind: 'Company', constraint: 'contacts_company_fkey' },
  { table: 'contacts', set: 'owner_id = $1', kind: 'User', constraint: 'contacts_owner_fkey' },
  { table: 'companies', set: 'industry_id = $1', kind: 'Industry', constraint: 'companies_industry_fkey' },
  { table: 'companies', set: 'size_id = $1', kind: 'CompanySize', constraint: 'companies_size_fkey' },
  { table: 'companies', set: 'assigned_to_id = $1', kind: 'User', constraint: 'companies_assigned_to_fkey' },
  { table: 'api_keys', set: 'created_by_id = $1', kind: 'User', constraint: 'api_keys_created_by_fkey' },
  { table: 'exports', set: 'created_by_id = $1', kind: 'User', constraint: 'exports_created_by_fkey' },
  ...['email_addresses', 'phone_numbers', 'addresses', 'social_media_accounts', 'custom_field_values'].flatMap(
    (table) => [
      {
        table,
        set: `entity_type = 'CONTACT', entity_id = $1`,
        kind: 'Contact' as const,
        constraint: `${table}_contact_fkey`,
      },
      {
        table,
        set: `entity_type = 'COMPANY', entity_id = $1`,
        kind: 'Company' as const,
        constraint: `${table}_company_fkey`,
      },
    ],
  ),
  { table: 'contact_search', set: 'contact_id = $1', kind: 'Contact', constraint: 'contact_search_contact_fkey' },
  { table: 'company_search', set: 'company_id = $1', kind: 'Company', constraint: 'company_search_company_fkey' },
  {
    table: 'custom_field_values',
    set: 'definition_id = $1',
    kind: 'CustomFieldDefinition',
    constraint: 'custom_field_values_definition_fkey',
  },
  {
    table: 'custom_field_usage',
    set: 'definition_id = $1',
    kind: 'CustomFieldDefinition',
    constraint: 'custom_field_usage_definition_fkey',
  },
  { table: 'jobs', set: 'created_by_id = $1', kind: 'User', constraint: 'jobs_created_by_fkey' },
  { table: 'import_files', set: 'created_by_id = $1', kind: 'User', constraint: 'import_files_created_by_fkey' },
  { table: 'import_file_parts', set: 'file_id = $1', kind: 'ImportFile', constraint: 'import_file_parts_file_fkey' },
  ...['import_failures', 'job_changes', 'job_targets', 'job_problems'].map((table) => ({
    table,
    set: 'job_id = $1',
    kind: 'Job' as const,
    constraint: `${table}_job_fkey`,
  })),
]

const FIELD_VERBS = ['update', 'move', 'archive', 'restore', 'delete']

let tenants: TwoTenants
let before: Snapshot

beforeAll(async () => {
  tenants = await openTwoTenants({ conditions: true, bypass: true, comparison: true })
})

beforeEach(async () => {
  before = await tenants.takeSnapshot()
})

afterAll(async () => {
  await tenants.close()
})

describe('without conditions on the tenant and without row-level security', () => {
  const places = Object.entries(REFERENCES).flatMap(([place, kinds]) => kinds.map((kind) => [place, kind] as const))

  test.each(places)("the keys refuse another tenant's record: %s, %s", async (place, kind) => {
    const { schema, api, own, other } = tenants
    const position = idPositions(schema).find((candidate) => placeOf(candidate) === place)
    if (!position) throw new Error(`no place ${place}`)
    const probe = { position, id: other.records[kind].id, version: undefined }
    const { query, variables } = createCall(schema, position.root, position.field, own.records, probe)
    const from = api.faults.length
    const { data, errors } = await api.run(own.tenant.principal(), query, variables)
    expect(Object.values(data ?? {})).toEqual([null])
    expect(errors?.map(({ message, extensions }) => [message, extensions?.['code']])).toEqual([
      ['Internal server error.', 'INTERNAL_SERVER_ERROR'],
    ])
    expect(api.faults.slice(from).map(({ fields }) => (fields['err'] as { code: string }).code)).toEqual(['23503'])
    expect(await tenants.takeSnapshot()).toEqual(before)
  })

  test.each(KEYS)('SQL cannot refer across tenants either: $constraint', async ({ table, set, kind, constraint }) => {
    const { api, own, other } = tenants
    const running = api.database.transaction(own.tenant.settings.id, 'refer', (tx) =>
      tx.sql({
        label: 'refer',
        text: `update ${table} set ${set} where tenant_id::text = $2`,
        values: [other.records[kind].id, own.tenant.settings.id],
      }),
    )
    await expect(running).rejects.toMatchObject({ code: '23503', constraint })
    expect(await tenants.takeSnapshot()).toEqual(before)
  })

  // A value cannot move to a company while its definition is one of contacts.
  test.each(KEYS.filter(({ constraint }) => constraint !== 'custom_field_values_company_fkey'))(
    'and can within the tenant: $constraint',
    async ({ table, set, kind }) => {
      const { api, own } = tenants
      const touched = await api.database.transaction(own.tenant.settings.id, 'refer', (tx) =>
        tx.sql({
          label: 'refer',
          text: `update ${table} set ${set} where tenant_id::text = $2 returning tenant_id`,
          values: [own.records[kind].id, own.tenant.settings.id],
        }),
      )
      expect(touched).toHaveLength(1)
    },
  )

  test('these are all keys between records that the database has', async () => {
    const { api, own } = tenants
    const found = await api.database.transaction(own.tenant.settings.id, 'keys', (tx) =>
      tx.sql<{ name: string }>({
        label: 'keys',
        text: `select conname as name from pg_constraint where contype = 'f' and cardinality(conkey) > 1
          and connamespace = 'public'::regnamespace order by 1`,
        values: [],
      }),
    )
    expect(found.map(({ name }) => name)).toEqual(KEYS.map(({ constraint }) => constraint).sort())
  })
})

describe('then nothing else keeps rows apart, so these tests can fail', () => {
  test("another tenant's records are read and listed", async () => {
    const { api, own, other } = tenants
    const { data } = await api.run(
      own.tenant.principal(),
      `query ($id: ID!, $company: ID!) { contact(id: $id) { id notes } company(id: $company) { id } node(id: $id) { id } }`,
      { id: other.records.Contact.id, company: other.records.Company.id },
    )
    expect(data).toEqual({
      contact: { id: other.records.Contact.id, notes: 'secret' },
      company: { id: other.records.Company.id },
      node: { id: other.records.Contact.id },
    })
    const page = await api.run(own.tenant.principal(), listQueries('contacts').page)
    const ids = page.data?.['contacts'].nodes.map(({ id }: { id: string }) => id)
    expect(ids.sort()).toEqual([own.records.Contact.id, other.records.Contact.id].sort())
    const count = await api.run(own.tenant.principal(), listQueries('contacts').count)
    expect(count.data).toEqual({ contacts: { totalCount: 2 } })
  })

  test(
    "the walk finds differences, and changes to another tenant's rows",
    async () => {
      const { differences, changed } = await tenants.walk()
      const leaking = new Set(differences.map(({ place }) => place))
      // What deletes and destroys them comes first in the schema, so that their contact info is gone when its turn
      // comes.
      const filters = idPositions(tenants.schema).filter(({ root, filtered }) => filtered !== null && root === 'Query')
      expect(filters.map(placeOf).sort()).toEqual(
        expectedPlaces(({ root, isFiltered }) => isFiltered && root === 'Query'),
      )
      expect([...leaking]).toEqual([
        'node id',
        'nodes ids[]',
        'contact id',
        'company id',
        // A company's own list has its own contacts, whatever its filter reaches.
        ...filters.map(placeOf),
        'customFieldDefinition id',
        'job id',
        // What a change links to is there then.
        ...['update.companyId', 'update.ownerId', 'ownerId'].map((place) => `previewBulkContacts input.${place}`),
        ...['update.industryId', 'update.sizeId', 'update.ownerId', 'ownerId'].map(
          (place) => `previewBulkCompanies input.${place}`,
        ),
        ...['importFile id', 'importPreview input.fileId', 'export id'],
        ...Object.keys(REFERENCES).filter((place) => place.startsWith('createContact')),
        'updateContact input.id',
        'updateContact input.companyId',
        'updateContact input.ownerId',
        ...['deleteContact input.id', 'restoreContact input.id', 'destroyContact input.id'],
        ...Object.keys(REFERENCES).filter((place) => place.startsWith('createCompany')),
        'updateCompany input.id',
        ...Object.keys(REFERENCES).filter((place) => place.startsWith('updateCompany')),
        ...['deleteCompany input.id', 'restoreCompany input.id', 'destroyCompany input.id'],
        // The other tenant's contact and company are destroyed by now.
        ...Object.keys(REFERENCES).filter((place) => /^(bulk|upsert)/.test(place) && !place.endsWith('companyId')),
        ...['renameIndustry input.id', 'renameCompanySize input.id', 'renameUser input.id'],
        // To delete one that is in use is refused, with these walls or without.
        ...['moveIndustry input.id', 'mergeIndustry input.id', 'moveCompanySize input.id', 'mergeCompanySize input.id'],
        ...['updateUser input.id', 'deactivateUser input.id', 'reactivateUser input.id'],
        ...FIELD_VERBS.map((verb) => `${verb}CustomFieldDefinition input.id`),
        'mergeCustomFieldOption input.id',
        ...['plan', 'apply', 'undo'].map((verb) => `${verb}CustomFieldChange input.id`),
        ...['Contacts', 'Companies'].flatMap((list) =>
          ['update.ownerId', 'ownerId'].map((place) => `startBulk${list} input.change.${place}`),
        ),
        ...['undoJob input.id', 'startImport input.fileId', 'cancelJob input.id'],
      ])
      // Restoring a live record changes nothing.
      expect(changed).toEqual([
        ...['Contact', 'Company'].flatMap((type) =>
          ['update', 'delete', 'destroy'].map((verb) => `${verb}${type} input.id`),
        ),
        ...['renameIndustry input.id', 'renameCompanySize input.id', 'renameUser input.id'],
        ...['moveIndustry input.id', 'mergeIndustry input.id', 'moveCompanySize input.id', 'mergeCompanySize input.id'],
        ...['updateUser input.id', 'deactivateUser input.id', 'reactivateUser input.id'],
        // Its one value went with its contact, so that no value is confirmed and no option is in use.
        ...['update', 'move', 'archive'].map((verb) => `${verb}CustomFieldDefinition input.id`),
        'undoJob input.id',
      ])
    },
    WALK_TIMEOUT_MS,
  )
})
