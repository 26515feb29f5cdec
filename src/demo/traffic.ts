/** One thing that a client of the demo does. */
export interface Errand {
  /** the name of its operation */
  readonly name: string
  readonly query: string
  readonly variables: Record<string, unknown>
  /** whose token it is sent with; nobody's is refused */
  readonly as: 'ADMIN' | 'VIEWER' | 'NOBODY'
  readonly client: string
  /** what it must be answered with: an answer, or the code of a refusal */
  readonly outcome: string
}

/** What errands know of the tenant: records that they read and write. */
export interface TrafficRecords {
  readonly contacts: readonly { readonly id: string; readonly lastName: string | null }[]
  readonly companies: readonly { readonly id: string; readonly name: string }[]
}

/** The query by which the records of the traffic are found. */
export const TRAFFIC_RECORDS = `query TrafficRecords { contacts(first: 200, orderBy: [{ field: CREATED_AT, direction: DESC }]) { nodes { id lastName } }
  companies(first: 200) { nodes { id name } } }`

const PAGE = `query ContactsPage($first: Int!, $search: String) { contacts(first: $first, search: $search) { nodes {
    id fullName jobTitle company { id name } owner { name } emailAddresses { email } phoneNumbers { number } }
  pageInfo { hasNextPage endCursor } } }`
const CONTACT = `query ContactCard($id: ID!) { contact(id: $id) { id fullName jobTitle createdAt version company { name industry { name } }
  owner { name } emailAddresses { email isPrimary } phoneNumbers { number } addresses { city country } } }`
const COMPANIES = `query CompaniesByRevenue { companies(first: 50, orderBy: [{ field: ANNUAL_REVENUE, direction: DESC }]) { nodes {
  id name annualRevenue status contacts(first: 5) { nodes { fullName } } } totalCount } }`
const SEARCH = `query SearchBox($query: String!) { search(query: $query, first: 10) { nodes { record { __typename
  ... on Contact { fullName } ... on Company { name } } matches { field text } } } }`
const REPORT = `query QuarterReport { contacts(first: 200, filter: { company: { name: { contains: "a" } }, notes: { contains: "e" } },
  orderBy: [{ field: LAST_NAME }]) { nodes { fullName notes company { name contacts(first: 20) { nodes { fullName } } } } totalCount } }`
const CREATE = `mutation CreateLead($input: CreateContactInput!) { createContact(input: $input) { contact { id } userErrors { code } } }`
const UPDATE = `mutation RenameJob($input: UpdateContactInput!) { updateContact(input: $input) { contact { version } userErrors { code } } }`
const OLD_CURSOR = `query OldCursor { contacts(first: 10, after: "b2xk") { nodes { id } } }`
const JOBS = ['Buyer', 'Engineer', 'Founder', 'Head of Sales', 'Nurse', 'Teacher']

interface Kind {
  /** of a hundred */
  readonly share: number
  readonly errand: (records: TrafficRecords, random: () => number) => Errand
}

const web = { client: 'web-app', as: 'ADMIN', outcome: 'OK' } as const

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('The tenant has no records: run npm run db:seed first.')
  return item
}

/** The mix: about seven reads, one search, one write of ten; some slow, some refused. */
const KINDS: readonly Kind[] = [
  {
    share: 34,
    errand: (_, random) => ({
      ...web,
      name: 'ContactsPage',
      query: PAGE,
      variables: { first: 10 + Math.floor(random() * 40) },
    }),
  },
  {
    share: 25,
    errand: ({ contacts }, random) => ({
      ...web,
      name: 'ContactCard',
      query: CONTACT,
      variables: { id: pick(contacts, random).id },
    }),
  },
  { share: 8, errand: () => ({ ...web, name: 'CompaniesByRevenue', query: COMPANIES, variables: {}, as: 'VIEWER' }) },
  {
    share: 12,
    errand: ({ contacts, companies }, random) => {
      const words = random() < 0.5 ? pick(companies, random).name : (pick(contacts, random).lastName ?? 'smith')
      return { ...web, name: 'SearchBox', query: SEARCH, variables: { query: words }, client: 'mobile' }
    },
  },
  {
    share: 9,
    errand: ({ contacts }, random) => ({
      ...web,
      name: 'RenameJob',
      query: UPDATE,
      variables: { input: { id: pick(contacts, random).id, jobTitle: pick(JOBS, random) } },
    }),
  },
  {
    share: 5,
    errand: (_, random) => {
      const number = Math.floor(random() * 1e6)
      const input = { firstName: 'Traffic', lastName: `Lead ${number}`, jobTitle: pick(JOBS, random) }
      return { ...web, name: 'CreateLead', query: CREATE, variables: { input }, client: 'importer' }
    },
  },
  { share: 2, errand: () => ({ ...web, name: 'QuarterReport', query: REPORT, variables: {}, client: 'reports' }) },
  {
    share: 2,
    errand: () => {
      const variables = { input: { firstName: 'Refused' } }
      return { ...web, name: 'CreateLead', query: CREATE, variables, as: 'VIEWER', outcome: 'FORBIDDEN' }
    },
  },
  {
    share: 2,
    errand: () => ({ ...web, name: 'OldCursor', query: OLD_CURSOR, variables: {}, outcome: 'INVALID_CURSOR' }),
  },
  {
    share: 1,
    errand: () => ({
      ...web,
      name: 'ContactsPage',
      query: PAGE,
      variables: { first: 10 },
      as: 'NOBODY',
      outcome: 'UNAUTHENTICATED',
    }),
  },
]

/** The next errand, by a number from 0 to 1 that `random` gives. */
export function nextErrand(records: TrafficRecords, random: () => number): Errand {
  let left = random() * KINDS.reduce((sum, { share }) => sum + share, 0)
  for (const { share, errand } of KINDS) {
    if (left < share) return errand(records, random)
    left -= share
  }
  return (KINDS[0] as Kind).errand(records, random)
}
