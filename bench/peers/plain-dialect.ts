import { KITH_DOCUMENTS } from './kith-dialect.js'
import { FOUND_ROWS, readsBy, SCALARS, type Dialect } from './works.js'

const FILTER = `query ($status: String!, $domain: String!) {
  contacts(first: ${FOUND_ROWS}, byLastName: true, filter: { companyStatus: $status, emailDomain: $domain }) {
    totalCount nodes { id fullName lastName jobTitle } } }`
const SEARCH = `query ($text: String!) { search(query: $text, first: ${FOUND_ROWS}) { id fullName } }`
const UPDATE = `mutation ($input: UpdateContact!) { updateContact(input: $input) { contact { ${SCALARS} } } }`
const CREATE = `mutation ($input: CreateContact!) { createContact(input: $input) { contact { ${SCALARS} } } }`

/** How the plain server is asked, whose lists are called as Kith's. */
export const plainDialect: Dialect = {
  reads: readsBy({ ...KITH_DOCUMENTS, filter: FILTER, search: SEARCH }),
  update: (_, { id, version }, jobTitle) => ({ query: UPDATE, variables: { input: { id, version, jobTitle } } }),
  create: (_, { email, phone, ...contact }) => ({
    query: CREATE,
    variables: { input: { ...contact, emails: [email], phones: [phone] } },
  }),
}
