import { kithDialect } from './kith-dialect.js'
import { FILTERED_STATUS, FOUND_ROWS, SCALARS, type Dialect } from './works.js'

const FILTER = `query ($status: String!, $domain: String!) {
  contacts(first: ${FOUND_ROWS}, byLastName: true, filter: { companyStatus: $status, emailDomain: $domain }) {
    totalCount nodes { id fullName lastName jobTitle } } }`
const SEARCH = `query ($text: String!) { search(query: $text, first: ${FOUND_ROWS}) { id fullName } }`
const UPDATE = `mutation ($input: UpdateContact!) { updateContact(input: $input) { contact { ${SCALARS} } } }`
const CREATE = `mutation ($input: CreateContact!) { createContact(input: $input) { contact { ${SCALARS} } } }`

/** How the plain server is asked, whose lists are called as Kith's. */
export const plainDialect: Dialect = {
  reads: {
    ...kithDialect.reads,
    filter: ({ domains }) =>
      domains.map((domain) => ({ query: FILTER, variables: { status: FILTERED_STATUS, domain } })),
    search: ({ texts }) => texts.map((text) => ({ query: SEARCH, variables: { text } })),
  },
  update: (_, { id, version }, jobTitle) => ({ query: UPDATE, variables: { input: { id, version, jobTitle } } }),
  create: (_, { email, phone, ...contact }) => ({
    query: CREATE,
    variables: { input: { ...contact, emails: [email], phones: [phone] } },
  }),
}
