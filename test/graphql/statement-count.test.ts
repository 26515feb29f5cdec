import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { refreshSearchIndex } from '../../src/search/search-rows.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'
import type { TestTenant } from '../support/records.js'

let desk: Desk
/** Tenants that are alike but for the number of companies and contacts. */
let one: { tenant: TestTenant; admin: Principal }
let many: { tenant: TestTenant; admin: Principal }

beforeAll(async () => {
  desk = await openDesk()
  one = await openFilled(1)
  many = await openFilled(200)
})

afterAll(() => desk.close())

/**
 * A tenant of `count` companies and contacts, each contact at its company, with all relations and one row of each kind.
 */
async function openFilled(count: number) {
  const { tenant, admin } = await openTenant(desk)
  const values = [tenant.settings.id, count, tenant.users.MEMBER]
  const moment = `timestamptz '2026-01-01' + n * interval '1 ms', now()`
  const statements = [
    `insert into industries (tenant_id, id, name, position, created_at, updated_at)
      select $1, gen_random_uuid(), 'Industry ' || n, n, ${moment} from generate_series(1, $2) as n where $3::uuid is not null`,
    `insert into company_sizes (tenant_id, id, name, position, created_at, updated_at)
      select $1, gen_random_uuid(), 'Size ' || n, n, ${moment} from generate_series(1, $2) as n where $3::uuid is not null`,
    `insert into companies (tenant_id, id, name, industry_id, size_id, assigned_to_id, created_at, updated_at)
      select $1, gen_random_uuid(), 'Company ' || n, i.id, s.id, $3, ${moment} from generate_series(1, $2) as n
      join industries i on i.tenant_id = $1 and i.position = n join company_sizes s on s.tenant_id = $1 and s.position = n`,
    `insert into contacts (tenant_id, id, first_name, company_id, owner_id, created_at, updated_at)
      select $1, gen_random_uuid(), 'Contact ' || n, c.id, $3, ${moment} from generate_series(1, $2) as n
      join companies c on c.tenant_id = $1 and c.name = 'Company ' || n`,
  ]
  for (const statement of statements) await desk.sql(statement, values)
  const info: [string, string, string][] = [
    ['email_addresses', 'type, email, email_domain', `'WORK', 'a@example.com', 'example.com'`],
    ['phone_numbers', 'type, number', `'WORK', '1'`],
    ['addresses', 'type, city', `'OFFICE', 'London'`],
    ['social_media_accounts', 'platform, handle', `'X', 'ada'`],
  ]
  for (const [table, columns, row] of info) {
    await desk.sql(
      `insert into ${table} (tenant_id, id, created_at, updated_at, entity_type, entity_id, position, is_primary, ${columns})
        select tenant_id, gen_random_uuid(), now(), now(), type, id, 1, true, ${row}
        from (select tenant_id, id, 'CONTACT' as type from contacts union all select tenant_id, id, 'COMPANY' from companies) as e
        where tenant_id = $1`,
      [tenant.settings.id],
    )
  }
  await desk.api.database.transaction(tenant.settings.id, 'test.index', async (tx) => {
    const contacts = await tx.sql<{ id: string }>({ label: 'contacts', text: 'select id from contacts', values: [] })
    await refreshSearchIndex(
      tenant.settings.id,
      tx,
      'CONTACT',
      contacts.map(({ id }) => id),
    )
  })
  return { tenant, admin }
}

async function labels(admin: Principal, query: string, variables: object = {}): Promise<string[]> {
  const statements = await desk.api.statements(() => desk.ask(admin, query, { ...variables }))
  return statements.map(({ label }) => label).sort()
}

const INFO = 'emailAddresses { id } phoneNumbers { id } addresses { id } socialMediaAccounts { id }'
const INFO_LABELS = [
  'findContactInfoByOwners.addresses',
  'findContactInfoByOwners.emailAddresses',
  'findContactInfoByOwners.phoneNumbers',
  'findContactInfoByOwners.socialMediaAccounts',
]
const COMPANY = 'industry { name } size { name } assignedTo { name }'
const COMPANY_LABELS = ['findCompanySizesByIds', 'findIndustriesByIds', 'findUsersByIds']

/** Each query with the labels of its statements, the same for 1 row and for 200. */
const LISTS: [string, string, string[]][] = [
  ['ids only', '{ contacts(first: 200) { nodes { id } } }', ['findContactsByIds', 'list.contacts']],
  ['a count only', '{ contacts { totalCount } }', ['count.contacts']],
  [
    'a page and its count',
    '{ contacts(first: 200) { edges { cursor node { firstName } } pageInfo { endCursor } totalCount } }',
    ['count.contacts', 'findContactsByIds', 'list.contacts'],
  ],
  [
    'all that belongs to a contact',
    `{ contacts(first: 200) { nodes { company { name } owner { name } ${INFO} } } }`,
    [...INFO_LABELS, 'findCompaniesByIds', 'findContactsByIds', 'findUsersByIds', 'list.contacts'],
  ],
  [
    'two levels of companies',
    `{ contacts(first: 200) { nodes { company { ${COMPANY} } } totalCount } }`,
    [
      'count.contacts',
      'findCompaniesByIds',
      'findCompanySizesOfCompanies',
      'findContactsByIds',
      'findIndustriesOfCompanies',
      'findUsersOfCompanies',
      'list.contacts',
    ],
  ],
  [
    'all that belongs to a company',
    `{ companies(first: 200) { nodes { ${COMPANY} ${INFO} contacts(first: 2) { nodes { id } totalCount } } } }`,
    [
      ...INFO_LABELS,
      'countContactsByCompanies',
      'findCompaniesByIds',
      ...COMPANY_LABELS,
      'findContactsByCompanies',
      'list.companies',
    ],
  ],
  [
    'the contacts of companies with their own relations',
    `{ companies(first: 200) { nodes { contacts(first: 2) { nodes { owner { name } emailAddresses { id } } } } } }`,
    [
      'findContactInfoByOwners.emailAddresses',
      'findCompaniesByIds',
      'findContactsByCompanies',
      'findUsersByIds',
      'list.companies',
    ],
  ],
  ['users', '{ users(first: 200) { nodes { name } totalCount } }', ['count.users', 'findUsersByIds', 'list.users']],
  [
    'industries',
    '{ industries(first: 200) { nodes { name } totalCount } }',
    ['count.industries', 'findIndustriesByIds', 'list.industries'],
  ],
  [
    'sizes',
    '{ companySizes(first: 200) { nodes { name } totalCount } }',
    ['count.companySizes', 'findCompanySizesByIds', 'list.companySizes'],
  ],
]

const ORDER = 'orderBy: [{ field: COMPANY_NAME }, { field: LAST_NAME, nulls: FIRST }]'
const FILTER = 'filter: { company: { industry: { name: { contains: "ind" } } }, emailAddresses: { some: {} } }'

/** The same for lists that are filtered, ordered, read from their end, counted and estimated. */
const ASKED: [string, string, string[]][] = [
  [
    'a filter and an order through relations',
    `{ contacts(last: 200, ${FILTER}, ${ORDER}) { nodes { company { name } owner { name } } } }`,
    ['findCompaniesByIds', 'findContactsByIds', 'findUsersByIds', 'list.contacts'],
  ],
  ...['FIRST_NAME', 'BIRTH_DATE, nulls: FIRST', 'VERSION', 'COMPANY_DOMAIN', 'COMPANY_STATUS', 'OWNER_NAME'].map(
    (field): [string, string, string[]] => [
      `an order by ${field}`,
      `{ contacts(first: 200, orderBy: [{ field: ${field} }]) { nodes { firstName } } }`,
      ['findContactsByIds', 'list.contacts'],
    ],
  ),
  [
    'an order by rank, and an offset',
    '{ companies(first: 200, offset: 0, orderBy: [{ field: STATUS }, { field: INDUSTRY_NAME }]) { nodes { name } } }',
    ['findCompaniesByIds', 'list.companies'],
  ],
  [
    'an `or` over relations',
    `{ contacts(first: 200, filter: { or: [{ owner: { name: { contains: "member" } } }, { emailAddresses: { some: {} } }] }) {
      nodes { firstName } totalCount } }`,
    ['count.contacts', 'findContactsByIds', 'list.contacts'],
  ],
  [
    'a count with whether it is exact, and an estimate',
    `{ contacts(${FILTER}) { totalCount totalCountIsExact estimatedCount } }`,
    ['count.contacts'],
  ],
  [
    'counts that stop at two places',
    `{ contacts { all: totalCount one: totalCount(max: 1) totalCountIsExact(max: 1) } }`,
    ['count.contacts', 'count.contacts'],
  ],
  ['whether a count is exact alone', '{ companies { totalCountIsExact } }', ['count.companies']],
  [
    'a page, its place, all numbers',
    `{ companies(last: 200) { edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount totalCountIsExact estimatedCount } }`,
    ['count.companies', 'estimate.companies', 'findCompaniesByIds', 'list.companies'],
  ],
  [
    'the contacts of companies, filtered, ordered, from their end, counted',
    `{ companies(first: 200) { nodes { contacts(last: 2, ${FILTER}, ${ORDER}) {
      nodes { firstName owner { name } } totalCount totalCountIsExact } } } }`,
    ['countContactsByCompanies', 'findCompaniesByIds', 'findContactsByCompanies', 'findUsersByIds', 'list.companies'],
  ],
  [
    'the contacts of companies in two ways, with an estimate',
    `{ companies(first: 200) { nodes { newest: contacts(first: 1) { nodes { id } }
      named: contacts(first: 1, filter: { firstName: { startsWith: "con" } }) { nodes { id } estimatedCount } } } }`,
    [
      'countContactsByCompanies',
      'findCompaniesByIds',
      'findContactsByCompanies',
      'findContactsByCompanies',
      'list.companies',
    ],
  ],
  [
    'a search',
    '{ contacts(search: "contact", first: 200, orderBy: [{ field: LAST_NAME }]) { nodes { company { name } } totalCount } }',
    ['findCompaniesByIds', 'findContactsByIds', 'list.contacts'],
  ],
]

describe('a list runs two statements, one more for each kind of relation, and for a count without a filter', () => {
  test.each([...LISTS, ...ASKED])('%s', async (_, query, expected) => {
    expect(await labels(one.admin, query)).toEqual([...expected].sort())
    expect(await labels(many.admin, query)).toEqual([...expected].sort())
  })

  test('an empty page reads no rows', async () => {
    const { admin } = await openTenant(desk)
    expect(await labels(admin, `{ contacts { nodes { company { name } ${INFO} } } }`)).toEqual(['list.contacts'])
  })

  test('contact info of contacts and of companies is read apart', async () => {
    const query =
      '{ contacts(first: 200) { nodes { emailAddresses { id } } } companies(first: 200) { nodes { emailAddresses { id } } } }'
    expect(await labels(many.admin, query)).toEqual([
      'findCompaniesByIds',
      'findContactInfoByOwners.emailAddresses',
      'findContactInfoByOwners.emailAddresses',
      'findContactsByIds',
      'list.companies',
      'list.contacts',
    ])
  })
})

describe('one record runs one statement, and one for each kind of relation', () => {
  const ids = async ({ tenant }: typeof one) => {
    const [row] = await desk.sql(
      `select c.id as contact, c.company_id as company, e.id as email from contacts c
        join email_addresses e on e.tenant_id = c.tenant_id and e.entity_id = c.id where c.tenant_id = $1 limit 1`,
      [tenant.settings.id],
    )
    return row as Record<string, string>
  }

  const RECORDS: [string, string, string[]][] = [
    ['a contact', 'query ($contact: ID!) { contact(id: $contact) { firstName } }', ['findContactsByIds']],
    [
      'a contact with all that belongs to it',
      `query ($contact: ID!) { contact(id: $contact) { company { name } owner { name } ${INFO} } }`,
      [...INFO_LABELS, 'findCompaniesOfContacts', 'findContactsByIds', 'findUsersOfContacts'],
    ],
    [
      'a company with all that belongs to it',
      `query ($company: ID!) { company(id: $company) { ${COMPANY} ${INFO} contacts { nodes { id } totalCount } } }`,
      [
        ...[...INFO_LABELS, 'countContactsByCompanies', 'findCompaniesByIds', 'findCompanySizesOfCompanies'],
        ...['findContactsByCompanies', 'findIndustriesOfCompanies', 'findUsersOfCompanies'],
      ],
    ],
    ['who asks', '{ me { role tenant { name } } }', []],
    ['who asks, with the user', '{ me { user { name } } }', ['findUsersByIds']],
    ['a node', 'query ($contact: ID!) { node(id: $contact) { id } }', ['findContactsByIds', 'findNodeTypes']],
    [
      'nodes of several types, with the owner of one',
      'query ($contact: ID!, $company: ID!, $email: ID!) { nodes(ids: [$contact, $company, $email]) { id ... on EmailAddress { owner { id } } } }',
      ['findContactInfoByIds.emailAddresses', 'findCompaniesByIds', 'findContactsByIds', 'findNodeTypes'],
    ],
  ]

  test.each(RECORDS)('%s', async (_, query, expected) => {
    expect(await labels(many.admin, query, await ids(many))).toEqual([...expected].sort())
  })

  test('company and owner of a contact are looked for with it, in one round trip, before it is known whether it has them', async () => {
    const { contact } = await desk.mutate(one.admin, 'createContact', { firstName: 'Free' }, 'contact { id }')
    const query = 'query ($id: ID!) { contact(id: $id) { company { name } owner { name } } }'
    const inOneFlight = ['findCompaniesOfContacts', 'findContactsByIds', 'findUsersOfContacts']
    expect(await labels(one.admin, query, { id: contact.id })).toEqual(inOneFlight)
    await desk.mutate(one.admin, 'destroyContact', { id: contact.id })
  })

  test('200 nodes run one statement more than one', async () => {
    const rows = await desk.sql('select id from contacts where tenant_id = $1', [many.tenant.settings.id])
    expect(
      await labels(many.admin, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
        ids: rows.map(({ id }) => id as string),
      }),
    ).toEqual(['findContactsByIds', 'findNodeTypes'])
  })
})
