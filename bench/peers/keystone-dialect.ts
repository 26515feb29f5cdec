import { aliases, ALIASED_ROWS, FOUND_ROWS, readsBy, SCALARS, type Dialect } from './works.js'

const NEWEST = 'orderBy: [{ createdAt: desc }, { id: desc }]'
const IN_ORDER = '(orderBy: [{ position: asc }])'
const LISTED = `id fullName jobTitle company { id name } owner { id name }
  emailAddresses${IN_ORDER} { email } phoneNumbers${IN_ORDER} { number }`
const WHOLE = `${SCALARS}
  company { id name domain status industry { id name } owner { id name } }
  owner { id name email }
  emailAddresses${IN_ORDER} { id email type isPrimary position optedOutAt createdAt updatedAt }
  phoneNumbers${IN_ORDER} { id number e164 extension type isPrimary position }
  addresses${IN_ORDER} { id type line1 line2 city region postalCode country latitude longitude isPrimary position }
  socialMediaAccounts${IN_ORDER} { id platform handle url isPrimary position }`

const PAGE = `query ($first: Int!) { contacts(take: $first, ${NEWEST}) { ${LISTED} } }`
const CONTACT = `query ($id: ID!) { contact(where: { id: $id }) { ${WHOLE} } }`
const COMPANIES = `{ companies(take: 20, ${NEWEST}) { id name contacts(take: 10, ${NEWEST}) { id fullName } } }`
const WHERE =
  'where: { company: { status: { equals: $status } }, emailAddresses: { some: { emailDomain: { equals: $domain } } } }'
const FILTER = `query ($status: String!, $domain: String!) {
  contacts(take: ${FOUND_ROWS}, ${WHERE}, orderBy: [{ lastNameFolded: asc }, { id: asc }]) {
    id fullName lastName jobTitle }
  totalCount: contactsCount(${WHERE}) }`
const SEARCH = `query ($text: String!) {
  search: contacts(take: ${FOUND_ROWS}, ${NEWEST}, where: { fullNameFolded: { contains: $text } }) { id fullName } }`
const UPDATE = `mutation ($id: ID!, $data: ContactUpdateInput!) {
  updateContact(where: { id: $id }, data: $data) { ${SCALARS} } }`

interface Listed {
  readonly contacts: unknown
}

/** How Keystone is asked. Its lists are arrays, counted by a field of their own; a mutation answers with the row. */
export const keystoneDialect: Dialect = {
  reads: readsBy({
    page: PAGE,
    contact: CONTACT,
    companies: COMPANIES,
    filter: FILTER,
    search: SEARCH,
    aliases: aliases(
      (offset) => `contacts(take: ${ALIASED_ROWS}, skip: ${offset}, ${NEWEST}) { id fullName jobTitle }`,
    ),
  }),
  // Like PostGraphile's CRUD, it sets what it is told.
  update: (_, { id, version }, jobTitle) => ({
    query: UPDATE,
    variables: { id, data: { jobTitle, version: version + 1, updatedAt: new Date().toISOString() } },
  }),
  // Its nested creates write the columns that carry the foreign keys, which Kith's tables generate.
  create: null,
  shape: {
    page50: ({ contacts }) => ({ contacts: { nodes: contacts } }),
    page200: ({ contacts }) => ({ contacts: { nodes: contacts } }),
    companies: ({ companies }) => ({
      companies: {
        nodes: (companies as Listed[]).map(({ contacts, ...company }) => ({
          ...company,
          contacts: { nodes: contacts },
        })),
      },
    }),
    filter: ({ contacts, totalCount }) => ({ contacts: { nodes: contacts, totalCount } }),
    aliases: (data) => Object.fromEntries(Object.entries(data).map(([name, nodes]) => [name, { nodes }])),
    update: ({ updateContact }) => ({ updateContact: { contact: updateContact } }),
  },
}
