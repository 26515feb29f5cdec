import { aliases, ALIASED_ROWS, FOUND_ROWS, readsBy, SCALARS, type Dialect, type ReadDocuments } from './works.js'

const LISTED =
  'id fullName jobTitle company { id name } owner { id name } emailAddresses { email } phoneNumbers { number }'
const WHOLE = `${SCALARS}
  company { id name domain status industry { id name } owner { id name } }
  owner { id name email }
  emailAddresses { id email type isPrimary position optedOutAt createdAt updatedAt }
  phoneNumbers { id number e164 extension type isPrimary position }
  addresses { id type line1 line2 city region postalCode country latitude longitude isPrimary position }
  socialMediaAccounts { id platform handle url isPrimary position }`

const PAGE = `query ($first: Int!) { contacts(first: $first) { nodes { ${LISTED} } } }`
const CONTACT = `query ($id: ID!) { contact(id: $id) { ${WHOLE} } }`
const COMPANIES = '{ companies(first: 20) { nodes { id name contacts(first: 10) { nodes { id fullName } } } } }'
const FILTER = `query ($status: CompanyStatus!, $domain: String!) {
  contacts(first: ${FOUND_ROWS}, orderBy: [{ field: LAST_NAME }],
    filter: { company: { status: { eq: $status } }, emailAddresses: { some: { domain: { eq: $domain } } } }) {
    totalCount nodes { id fullName lastName jobTitle } } }`
const SEARCH = `query ($text: String!) { search(query: $text, first: ${FOUND_ROWS}) {
  nodes { record { __typename ... on Contact { id fullName } ... on Company { id name } } } } }`
const UPDATE = `mutation ($input: UpdateContactInput!) {
  updateContact(input: $input) { contact { ${SCALARS} } userErrors { code message field } } }`
const CREATE = `mutation ($input: CreateContactInput!) {
  createContact(input: $input) { contact { ${SCALARS} } userErrors { code message field } } }`

/** What Kith is asked. */
export const KITH_DOCUMENTS: ReadDocuments = {
  page: PAGE,
  contact: CONTACT,
  companies: COMPANIES,
  filter: FILTER,
  search: SEARCH,
  aliases: aliases(
    (offset) => `contacts(first: ${ALIASED_ROWS}, offset: ${offset}) { nodes { id fullName jobTitle } }`,
  ),
}

/** How Kith is asked. */
export const kithDialect: Dialect = {
  reads: readsBy(KITH_DOCUMENTS),
  update: (_, { id, version }, jobTitle) => ({ query: UPDATE, variables: { input: { id, version, jobTitle } } }),
  create: (_, { email, phone, ...contact }) => ({
    query: CREATE,
    variables: { input: { ...contact, emailAddresses: [{ email }], phoneNumbers: [{ number: phone }] } },
  }),
}
