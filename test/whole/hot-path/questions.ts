/** What is measured: a document, and variables that differ from run to run. */
export interface Question {
  readonly name: string
  readonly query: string
  readonly variables: (run: number, samples: Samples) => Record<string, unknown>
}

/** Rows that are there. */
export interface Samples {
  readonly contactIds: readonly string[]
  readonly lastNames: readonly string[]
}

const SCALARS = 'id firstName lastName fullName jobTitle department birthDate notes version createdAt updatedAt'
const PAGE = `query ($first: Int!) { contacts(first: $first) { nodes {
  id fullName jobTitle company { id name } owner { id name } emailAddresses { email } phoneNumbers { number } } } }`

/** The main questions of a CRM's clients. */
export const QUESTIONS: readonly Question[] = [
  { name: 'no statement', query: '{ __typename }', variables: () => ({}) },
  { name: 'page of 50 contacts with four relations', query: PAGE, variables: () => ({ first: 50 }) },
  { name: '200 of them', query: PAGE, variables: () => ({ first: 200 }) },
  {
    name: 'one contact with everything',
    query: `query ($id: ID!) { contact(id: $id) { ${SCALARS} company { id name industry { id name } } owner { id name }
      emailAddresses { id email type isPrimary } phoneNumbers { id number type isPrimary }
      addresses { id city country } socialMediaAccounts { id handle } customFields { key value } } }`,
    variables: (run, { contactIds }) => ({ id: at(contactIds, run) }),
  },
  {
    name: '20 companies with their first 10 contacts',
    query: '{ companies(first: 20) { nodes { id name contacts(first: 10) { nodes { id fullName } } } } }',
    variables: () => ({}),
  },
  {
    name: 'a filter through a relation with a count',
    query: `query ($name: String!) { contacts(first: 20, orderBy: [{ field: LAST_NAME }],
      filter: { company: { status: { eq: CUSTOMER } }, lastName: { startsWith: $name } }) { totalCount nodes { id fullName } } }`,
    variables: (run, { lastNames }) => ({ name: at(lastNames, run).slice(0, 2) }),
  },
  {
    name: 'a search of four letters',
    query: `query ($text: String!) { search(query: $text, first: 20) { nodes { record { __typename
      ... on Contact { id fullName } ... on Company { id name } } } } }`,
    variables: (run, { lastNames }) => ({ text: at(lastNames, run).slice(0, 4) }),
  },
  {
    name: 'ten lists under aliases',
    query: `{ ${Array.from({ length: 10 }, (_, list) => `a${list}: contacts(first: 10, offset: ${list * 10}) { nodes { id fullName } }`).join(' ')} }`,
    variables: () => ({}),
  },
  {
    name: 'an update of one field',
    query: `mutation ($input: UpdateContactInput!) { updateContact(input: $input) {
      contact { ${SCALARS} } userErrors { code } } }`,
    variables: (run, { contactIds }) => ({ input: { id: at(contactIds, run), jobTitle: `Title ${run}` } }),
  },
  {
    name: 'a new contact with an e-mail and a phone',
    query: `mutation ($input: CreateContactInput!) { createContact(input: $input) {
      contact { ${SCALARS} } userErrors { code } } }`,
    variables: (run) => ({
      input: {
        ...{ firstName: 'Anna', lastName: 'Schmidt' },
        emailAddresses: [{ email: `anna${run}@example.com` }],
        phoneNumbers: [{ number: '+1 202 224 3441' }],
      },
    }),
  },
]

function at(values: readonly string[], run: number): string {
  return values[run % values.length] ?? ''
}
