import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { OPERATORS_OPERATIONS } from '../../src/access/permissions.js'
import type { Principal, Role } from '../../src/lib/principal.js'
import { ROLES, roleIncludes } from '../../src/lib/principal.js'
import { readSchema } from '../../src/graphql/schema-text.js'
import { upload } from '../features/import/import-desk.js'
import { KIND_SAMPLES } from '../support/contact-info.js'
import { mutationText, openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk

/** Records that only refused mutations are tried on. */
let untouched: Records

beforeAll(async () => {
  desk = await openDesk()
  untouched = await openRecords()
})

afterAll(() => desk.close())

type Records = Awaited<ReturnType<typeof openRecords>>

/** A tenant with one record of each kind, and a deleted contact and company. */
async function openRecords() {
  const { tenant, admin } = await openTenant(desk)
  const create = async (mutation: string, record: string, input: object) =>
    (await desk.mutate(admin, mutation, input, `${record} { id }`))[record].id as string
  const info = Object.fromEntries(KIND_SAMPLES.map(({ list, input }) => [list, [input(1), input(2)]]))
  const [goneUser, otherIndustry, otherSize] = await Promise.all([
    create('createUser', 'user', { email: 'gone@example.com', name: 'Gone', role: 'VIEWER' }),
    create('createIndustry', 'industry', { name: 'Ships', position: 2 }),
    create('createCompanySize', 'companySize', { name: 'Medium', position: 2 }),
  ])
  await desk.mutate(admin, 'deactivateUser', { id: goneUser })
  const [industry, size, company, contact, deletedCompany, deletedContact] = await Promise.all([
    create('createIndustry', 'industry', { name: 'Robots', position: 1 }),
    create('createCompanySize', 'companySize', { name: 'Small', position: 1 }),
    create('createCompany', 'company', { name: 'Acme', ...info }),
    create('createContact', 'contact', { firstName: 'Ada' }),
    create('createCompany', 'company', { name: 'Gone' }),
    create('createContact', 'contact', { firstName: 'Gone' }),
  ])
  await Promise.all([
    desk.mutate(admin, 'deleteCompany', { id: deletedCompany, version: 1 }),
    desk.mutate(admin, 'deleteContact', { id: deletedContact, version: 1 }),
  ])
  const fields: string[] = []
  for (const key of ['field', 'other_field', 'gone_field']) {
    const options = [{ label: 'a' }, { label: 'b' }]
    const input = { entityType: 'CONTACT', key, label: key, type: 'RADIO', options }
    fields.push(await create('createCustomFieldDefinition', 'customFieldDefinition', input))
  }
  const [field, otherField, archivedField] = fields
  const plan = async (id: string | undefined) => (await desk.mutate(admin, 'planCustomFieldChange', { id, type: 'TEXT' }, 'plan { planHash }'))['plan'].planHash as string // prettier-ignore
  const change = { id: otherField, type: 'TEXT', planHash: await plan(otherField) }
  const changedField = await create('applyCustomFieldChange', 'customFieldDefinition', change)
  const planHash = await plan(field)
  await desk.mutate(admin, 'archiveCustomFieldDefinition', { id: archivedField })
  const lists = KIND_SAMPLES.map(({ list }) => `${list} { id }`).join(' ')
  const owner = (await desk.ask(admin, `query ($id: ID!) { company(id: $id) { ${lists} } }`, { id: company }))[
    'company'
  ]
  const rows = Object.fromEntries(KIND_SAMPLES.map(({ kind, list }) => [kind, owner[list][1].id as string]))
  const allJobs = await jobs(admin, company, contact)
  const fileId = await upload(desk, admin, 'Name\nAda\n')
  const file = { fileId, type: 'CONTACT', mapping: [{ column: 'Name', key: 'lastName' }] }
  const others = { ...allJobs, goneUser, otherIndustry, otherSize, field, archivedField, changedField, planHash, file }
  return { tenant, admin, industry, size, company, contact, deletedCompany, deletedContact, rows, ...others }
}

/** A job that waits, one that is over, and the hashes of changes of everything there is. */
async function jobs(admin: Principal, company: string, contact: string) {
  const changeOf = (id: string) => ({ action: 'SET_OWNER', filter: { id: { eq: id } } })
  const [ofContact, ofCompany] = [changeOf(contact), changeOf(company)]
  const query = `query ($contacts: BulkContactsChangeInput!, $companies: BulkCompaniesChangeInput!) {
    contacts: previewBulkContacts(input: $contacts) { hash } companies: previewBulkCompanies(input: $companies) { hash } }`
  const hashes = await desk.ask(admin, query, { contacts: ofContact, companies: ofCompany })
  const bulkContacts = { change: ofContact, hash: hashes['contacts'].hash as string }
  const bulkCompanies = { change: ofCompany, hash: hashes['companies'].hash as string }
  const start = async () =>
    (await desk.mutate(admin, 'startBulkContacts', bulkContacts, 'job { id }'))['job'].id as string
  const [job, doneJob] = [await start(), await start()]
  await desk.mutate(admin, 'cancelJob', { id: doneJob })
  return { bulkContacts, bulkCompanies, job, doneJob }
}

const MUTATIONS: [string, Role, (records: Records) => object][] = [
  ['createContact', 'MEMBER', () => ({ firstName: 'Grace' })],
  ['updateContact', 'MEMBER', ({ contact }) => ({ id: contact, version: 1, firstName: 'Grace' })],
  ['deleteContact', 'MANAGER', ({ contact }) => ({ id: contact, version: 1 })],
  ['restoreContact', 'MANAGER', ({ deletedContact }) => ({ id: deletedContact })],
  ['destroyContact', 'ADMIN', ({ contact }) => ({ id: contact })],
  ['createCompany', 'MEMBER', () => ({ name: 'Emca' })],
  ['updateCompany', 'MEMBER', ({ company }) => ({ id: company, version: 1, name: 'Emca' })],
  ['deleteCompany', 'MANAGER', ({ company }) => ({ id: company, version: 1 })],
  ['restoreCompany', 'MANAGER', ({ deletedCompany }) => ({ id: deletedCompany })],
  ['destroyCompany', 'ADMIN', ({ company }) => ({ id: company })],
  ['upsertContact', 'MEMBER', ({ contact }) => ({ contact: { id: contact, firstName: 'Grace' }, matchBy: 'ID' })],
  ['upsertCompany', 'MEMBER', ({ company }) => ({ company: { id: company, name: 'Emca' }, matchBy: 'ID' })],
  ['bulkCreateContacts', 'MEMBER', () => ({ rows: [{ firstName: 'Grace' }] })],
  ['bulkUpdateContacts', 'MEMBER', ({ contact }) => ({ rows: [{ id: contact, firstName: 'Grace' }] })],
  ['bulkUpsertContacts', 'MEMBER', () => ({ rows: [{ firstName: 'Grace', externalId: 'X' }], matchBy: 'EXTERNAL_ID' })],
  ['bulkDeleteContacts', 'MANAGER', ({ contact }) => ({ rows: [{ id: contact }] })],
  ['bulkRestoreContacts', 'MANAGER', ({ deletedContact }) => ({ rows: [{ id: deletedContact }] })],
  ['bulkDestroyContacts', 'ADMIN', ({ contact }) => ({ rows: [{ id: contact }] })],
  ['bulkCreateCompanies', 'MEMBER', () => ({ rows: [{ name: 'Emca' }] })],
  ['bulkUpdateCompanies', 'MEMBER', ({ company }) => ({ rows: [{ id: company, name: 'Emca' }] })],
  ['bulkUpsertCompanies', 'MEMBER', () => ({ rows: [{ name: 'Emca', domain: 'emca.com' }], matchBy: 'DOMAIN' })],
  ['bulkDeleteCompanies', 'MANAGER', ({ company }) => ({ rows: [{ id: company }] })],
  ['bulkRestoreCompanies', 'MANAGER', ({ deletedCompany }) => ({ rows: [{ id: deletedCompany }] })],
  ['bulkDestroyCompanies', 'ADMIN', ({ company }) => ({ rows: [{ id: company }] })],
  ...KIND_SAMPLES.flatMap(({ kind, record, input, change }): typeof MUTATIONS => [
    [`add${kind}`, 'MEMBER', ({ contact }) => ({ ownerId: contact, [record]: input(2) })],
    [`update${kind}`, 'MEMBER', ({ rows }) => ({ id: rows[kind], ...change.input })],
    [`remove${kind}`, 'MEMBER', ({ rows }) => ({ id: rows[kind] })],
    [`make${kind}Primary`, 'MEMBER', ({ rows }) => ({ id: rows[kind] })],
  ]),
  ['createContactExport', 'VIEWER', () => ({})],
  ['createCompanyExport', 'VIEWER', () => ({})],
  ['startBulkContacts', 'MEMBER', ({ bulkContacts }) => bulkContacts],
  ['startBulkCompanies', 'MEMBER', ({ bulkCompanies }) => bulkCompanies],
  ['cancelJob', 'MEMBER', ({ job }) => ({ id: job })],
  ['undoJob', 'MANAGER', ({ doneJob }) => ({ id: doneJob })],
  ['createIndustry', 'ADMIN', () => ({ name: 'Cars' })],
  ['renameIndustry', 'ADMIN', ({ industry }) => ({ id: industry, name: 'Cars' })],
  ['createCompanySize', 'ADMIN', () => ({ name: 'Large' })],
  ['renameCompanySize', 'ADMIN', ({ size }) => ({ id: size, name: 'Large' })],
  ['createUser', 'ADMIN', () => ({ email: 'new@example.com', name: 'New', role: 'VIEWER' })],
  ['renameUser', 'ADMIN', ({ tenant }) => ({ id: tenant.users.VIEWER, name: 'New' })],
  ['updateUser', 'ADMIN', ({ tenant }) => ({ id: tenant.users.VIEWER, role: 'MEMBER' })],
  ['deactivateUser', 'ADMIN', ({ tenant }) => ({ id: tenant.users.VIEWER })],
  ['reactivateUser', 'ADMIN', ({ goneUser }) => ({ id: goneUser })],
  ['updateTenant', 'ADMIN', () => ({ uniqueEmails: true })],
  ['moveIndustry', 'ADMIN', ({ industry }) => ({ id: industry, place: 2 })],
  ['mergeIndustry', 'ADMIN', ({ industry, otherIndustry }) => ({ id: industry, intoId: otherIndustry })],
  ['deleteIndustry', 'ADMIN', ({ industry }) => ({ id: industry })],
  ['moveCompanySize', 'ADMIN', ({ size }) => ({ id: size, place: 2 })],
  ['mergeCompanySize', 'ADMIN', ({ size, otherSize }) => ({ id: size, intoId: otherSize })],
  ['deleteCompanySize', 'ADMIN', ({ size }) => ({ id: size })],
  ['createCustomFieldDefinition', 'ADMIN', () => ({ entityType: 'COMPANY', key: 'new', label: 'New', type: 'TEXT' })],
  ['updateCustomFieldDefinition', 'ADMIN', ({ field }) => ({ id: field, label: 'New' })],
  ['moveCustomFieldDefinition', 'ADMIN', ({ field }) => ({ id: field, place: 2 })],
  ['archiveCustomFieldDefinition', 'ADMIN', ({ field }) => ({ id: field })],
  ['restoreCustomFieldDefinition', 'ADMIN', ({ archivedField }) => ({ id: archivedField })],
  ['deleteCustomFieldDefinition', 'ADMIN', ({ field }) => ({ id: field })],
  ['mergeCustomFieldOption', 'ADMIN', ({ field }) => ({ id: field, value: 'a', intoValue: 'b' })],
  ['planCustomFieldChange', 'ADMIN', ({ field }) => ({ id: field, type: 'TEXT' })],
  ['applyCustomFieldChange', 'ADMIN', ({ field, planHash }) => ({ id: field, type: 'TEXT', planHash })],
  ['startImport', 'MEMBER', ({ file }) => file],
  ['undoCustomFieldChange', 'ADMIN', ({ changedField }) => ({ id: changedField })],
]

// They tell what another one would do, or are about work that a worker does.
const WITHOUT_EFFECT = new Set([
  ...['planCustomFieldChange', 'startImport', 'startBulkContacts', 'startBulkCompanies', 'cancelJob', 'undoJob'],
  ...['createContactExport', 'createCompanyExport'],
])

test('the table below has every mutation of the schema', () => {
  const all = Object.keys(buildSchema(readSchema()).getMutationType()?.getFields() ?? {})
  const fields = all.filter((name) => !OPERATORS_OPERATIONS.includes(name))
  expect(MUTATIONS.map(([mutation]) => mutation).sort()).toEqual(fields.sort())
})

describe.each(MUTATIONS)('%s needs %s', (mutation, needed, inputOf) => {
  const allowed = ROLES.filter((role) => roleIncludes(role, needed))
  const refused = ROLES.filter((role) => !allowed.includes(role))

  test(`and refuses ${refused.join(', ')}, who change nothing`, async () => {
    const records = untouched
    const before = await desk.rowsOf(records.tenant)
    for (const role of refused) {
      const run = () =>
        desk.api.run(records.tenant.principal(role), mutationText(mutation), { input: inputOf(records) })
      const statements = await desk.api.statements(async () => {
        const { errors, status } = await run()
        expect([status, errors]).toEqual([
          200,
          [
            {
              message: `This needs the role ${needed}; yours is ${role}.`,
              locations: [{ line: 2, column: 5 }],
              path: [mutation],
              extensions: { code: 'FORBIDDEN', requestId: expect.any(String) },
            },
          ],
        ])
      })
      expect(statements).toEqual([])
    }
    expect(await desk.rowsOf(records.tenant)).toEqual(before)
  })

  test.each(allowed)('and lets %s', async (role) => {
    const records = await openRecords()
    const before = await desk.rowsOf(records.tenant)
    expect((await desk.mutate(records.tenant.principal(role), mutation, inputOf(records))).userErrors).toEqual([])
    const isSame = isDeepStrictEqual(await desk.rowsOf(records.tenant), before)
    expect(isSame).toBe(WITHOUT_EFFECT.has(mutation))
  })
})

test('every role reads everything', async () => {
  const { tenant, contact, company } = await openRecords()
  const query = `query ($contact: ID!, $company: ID!) { me { role } contact(id: $contact) { id } company(id: $company) { id }
    node(id: $company) { id } contacts { totalCount } companies { totalCount } users { totalCount } industries { totalCount }
    companySizes { totalCount } }`
  for (const role of ROLES) {
    expect(await desk.ask(tenant.principal(role), query, { contact, company })).toEqual({
      me: { role },
      contact: { id: contact },
      company: { id: company },
      node: { id: company },
      contacts: { totalCount: 1 },
      companies: { totalCount: 1 },
      users: { totalCount: 5 },
      industries: { totalCount: 2 },
      companySizes: { totalCount: 2 },
    })
  }
})
