import { openTenant, type Desk } from '../support/desk.js'
import type { RoundTripCase } from './round-trip-cases.js'

const INFO = `emailAddresses { email } phoneNumbers { number } addresses { city } socialMediaAccounts { handle }`
const CONTACT = 'id fullName jobTitle createdAt version'
const COMPANY = 'id name status createdAt version'
const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
const SEARCHED = `nodes { record { __typename ... on Contact { ${CONTACT} company { name } } ... on Company { ${COMPANY} } }
  matches { field text } } ${PAGE_INFO} isPartial`

type Ids = Awaited<ReturnType<typeof openFilled>>['ids']

/** The queries: their rows' names, documents, and the variables that they are sent with. */
const QUERIES: readonly (readonly [string, string, ((ids: Ids) => Record<string, unknown>)?])[] = [
  ['me', '{ me { tenant { id name } user { id name } role } }'],
  [
    'node: a contact',
    `query ($id: ID!) { node(id: $id) { id ... on Contact { ${CONTACT} } } }`,
    ({ contacts: [id] }) => ({ id }),
  ],
  [
    'node: an e-mail address',
    'query ($id: ID!) { node(id: $id) { id ... on EmailAddress { email isPrimary } } }',
    ({ emailAddress }) => ({ id: emailAddress }),
  ],
  [
    'nodes: of six types',
    `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Contact { ${CONTACT} } ... on Company { ${COMPANY} } } }`,
    ({ contacts, companies, emailAddress, user, industry, size }) => ({
      ids: [...contacts, ...companies, emailAddress, user, industry, size],
    }),
  ],
  ['contact', `query ($id: ID!) { contact(id: $id) { ${CONTACT} } }`, ({ contacts: [id] }) => ({ id })],
  [
    'contact: with all that belongs to it',
    `query ($id: ID!) { contact(id: $id) { ${CONTACT} company { ${COMPANY} industry { name } } owner { name } ${INFO} } }`,
    ({ contacts: [id] }) => ({ id }),
  ],
  ['company', `query ($id: ID!) { company(id: $id) { ${COMPANY} } }`, ({ companies: [id] }) => ({ id })],
  [
    'company: with all that belongs to it',
    `query ($id: ID!) { company(id: $id) { ${COMPANY} industry { name } size { name } assignedTo { name } ${INFO}
      contacts(first: 10) { nodes { ${CONTACT} } totalCount } } }`,
    ({ companies: [id] }) => ({ id }),
  ],
  ['contacts', `{ contacts(first: 50) { nodes { ${CONTACT} } ${PAGE_INFO} } }`],
  [
    'contacts: with company, owner, contact info',
    `{ contacts(first: 50) { nodes { ${CONTACT} company { name } owner { name } ${INFO} } } }`,
  ],
  [
    'contacts: filtered and ordered through relations',
    `{ contacts(first: 50, orderBy: [{ field: COMPANY_NAME }, { field: LAST_NAME }],
        filter: { company: { status: { eq: CUSTOMER } }, emailAddresses: { some: { domain: { endsWith: ".com" } } } }) {
      nodes { ${CONTACT} } ${PAGE_INFO} } }`,
  ],
  ['contacts: count alone', '{ contacts { totalCount } }'],
  [
    'contacts: page, count and estimate',
    `{ contacts(first: 50) { nodes { ${CONTACT} } ${PAGE_INFO} totalCount estimatedCount } }`,
  ],
  ['contacts: search', `{ contacts(first: 50, search: "ada love") { nodes { ${CONTACT} } ${PAGE_INFO} } }`],
  ['companies', `{ companies(first: 50) { nodes { ${COMPANY} } ${PAGE_INFO} } }`],
  [
    'companies: with relations, contact info, contacts',
    `{ companies(first: 50) { nodes { ${COMPANY} industry { name } size { name } assignedTo { name } ${INFO}
      contacts(first: 2) { nodes { ${CONTACT} } totalCount } } } }`,
  ],
  ['companies: search', `{ companies(first: 50, search: "acme") { nodes { ${COMPANY} } ${PAGE_INFO} } }`],
  ['users', `{ users(first: 50) { nodes { id name email role } ${PAGE_INFO} } }`],
  ['industries', `{ industries(first: 50) { nodes { id name position } ${PAGE_INFO} } }`],
  ['companySizes', `{ companySizes(first: 50) { nodes { id name position } ${PAGE_INFO} } }`],
  ['search: a name', `{ search(query: "ada lovelace", first: 20) { ${SEARCHED} } }`],
  ['search: a name with a typing error', `{ search(query: "ada lovelcae", first: 20) { ${SEARCHED} } }`],
  ['search: an e-mail address', `{ search(query: "ada@example.com", first: 20) { ${SEARCHED} } }`],
  ['search: a phone number', `{ search(query: "+12125550123", first: 20) { ${SEARCHED} } }`],
  [
    'performance: of the own tenant',
    '{ performance { coverage { since } operations { entries { name } } slowQueries { entries { name } } recentMinutes { at count } } }',
  ],
  ['search: nothing is found', `{ search(query: "qqqqqq xxxxxx", first: 20) { ${SEARCHED} } }`],
]

/** A tenant with two companies, and two contacts of the first. */
async function openFilled(desk: Desk) {
  const { tenant, admin } = await openTenant(desk)
  const entry = async (mutation: string, field: string): Promise<string> =>
    (await desk.mutate(admin, mutation, { name: 'Steel' }, `${field} { id }`))[field].id
  const [industry, size] = [await entry('createIndustry', 'industry'), await entry('createCompanySize', 'companySize')]
  const user = tenant.users.MEMBER
  const info = (email: string) => ({
    emailAddresses: [{ email }],
    phoneNumbers: [{ number: '+1 212 555 0123' }],
    addresses: [{ city: 'London' }],
    socialMediaAccounts: [{ platform: 'GITHUB', handle: 'ada' }],
  })
  const company = async (name: string): Promise<string> => {
    const links = { industryId: industry, sizeId: size, assignedToId: user }
    const input = { name, status: 'CUSTOMER', ...links, ...info(`office@${name.toLowerCase()}.example.com`) }
    return (await desk.mutate(admin, 'createCompany', input, 'company { id }'))['company'].id
  }
  const companies = [await company('Acme'), await company('Borg')]
  const contact = async (firstName: string) => {
    const input = { firstName, lastName: 'Lovelace', companyId: companies[0], ownerId: user }
    const more = info(`${firstName.toLowerCase()}@example.com`)
    const selection = 'contact { id emailAddresses { id } }'
    return (await desk.mutate(admin, 'createContact', { ...input, ...more }, selection))['contact']
  }
  const [ada, bob] = [await contact('Ada'), await contact('Bob')]
  const emailAddress = ada.emailAddresses[0].id as string
  return { admin, ids: { contacts: [ada.id, bob.id] as string[], companies, emailAddress, user, industry, size } }
}

/** The cases of all queries, over one tenant that is filled at the first of them. */
export function queryCases(): RoundTripCase[] {
  let filled: ReturnType<typeof openFilled> | undefined
  return QUERIES.map(([name, query, variables]) => ({
    name,
    prepare: async (desk) => {
      const { admin, ids } = await (filled ??= openFilled(desk))
      return { principal: admin, query, variables: variables?.(ids) ?? {} }
    },
  }))
}
