import pg from 'pg'
import { ask, type Target, type Work } from './http.js'

/** A kind of request on lists, with what the seed promises of it: milliseconds, at 95 of 100. */
export interface ListWork extends Work {
  readonly name: string
  readonly promiseMs: number
}

const SEARCH_MS = 50
const RELATIONS_MS = 100
const PAGE_MS = 200

const SAMPLES = 40
const PAGE_SIZE = 50
// The last but a few of 19,200 live contacts, so that the smaller tenant has it too.
const DEEP_PAGE = 380
const LARGEST_OFFSET = 10_000
const LARGEST_PAGE = 200

const PAGE = 'nodes { id fullName jobTitle createdAt } pageInfo { hasNextPage endCursor }'
const contacts = (args: string, selection = PAGE): string => `contacts(${args}) { ${selection} }`
const SEARCH = `query ($text: String!) { search(query: $text, first: 20) {
  nodes { record { __typename ... on Contact { id fullName } ... on Company { id name } } } isPartial } }`

interface Sample {
  readonly first_name: string
  readonly last_name: string
  readonly email: string
  readonly number_e164: string
}

/** The works for one tenant, with texts that it has. */
export async function listWorks(adminUrl: string, tenantId: string, target: Target): Promise<ListWork[]> {
  const samples = await findSamples(adminUrl, tenantId)
  const search = (name: string, text: (sample: Sample) => string): ListWork => ({
    name: `search: ${name}`,
    promiseMs: SEARCH_MS,
    query: SEARCH,
    variants: samples.map((sample) => ({ text: text(sample) })),
  })
  const page = (name: string, args: string, variables: object = {}, types = ''): ListWork => ({
    name,
    promiseMs: PAGE_MS,
    query: `query ${types} { ${contacts(`first: ${PAGE_SIZE}${args}`)} }`,
    variants: [variables],
  })
  return [
    {
      name: `newest ${PAGE_SIZE} with company, owner, e-mails, phones`,
      promiseMs: RELATIONS_MS,
      query: `{ ${contacts(`first: ${PAGE_SIZE}`, 'nodes { id fullName jobTitle company { id name } owner { id name } emailAddresses { email } phoneNumbers { number } }')} }`,
      variants: [{}],
    },
    page('by last name', ', orderBy: [{ field: LAST_NAME }]'),
    page("by the company's name", ', orderBy: [{ field: COMPANY_NAME }]'),
    page(`page ${DEEP_PAGE}`, ', after: $after', { after: await deepCursor(target) }, '($after: String!)'),
    {
      ...page('filter: customers of three industries', ''),
      promiseMs: RELATIONS_MS,
      query: `{ ${contacts(`first: ${PAGE_SIZE}, filter: { company: { status: { eq: CUSTOMER }, industry: { position: { lte: 3 } } } }`)} }`,
    },
    {
      ...page('filter: e-mail', ''),
      query: `query ($email: String!) { ${contacts('first: 50, filter: { emailAddresses: { some: { email: { eq: $email } } } }')} }`,
      variants: samples.map(({ email }) => ({ email })),
    },
    { ...page('count', ''), query: '{ contacts { totalCount } }' },
    search('first and last name', (sample) => `${sample.first_name} ${sample.last_name}`),
    search('start of a last name', (sample) => sample.last_name.slice(0, 4)),
    search('e-mail', (sample) => sample.email),
    search('phone number', (sample) => sample.number_e164),
    search('last name with a typing error', (sample) => misspelt(sample.last_name)),
  ]
}

async function findSamples(adminUrl: string, tenantId: string): Promise<Sample[]> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rows } = await client.query<Sample>(
      `select c.first_name, c.last_name, e.email, p.number_e164
       from (select * from contacts where tenant_id = $1 and deleted_at is null and first_name is not null
               and last_name ~ '^[A-Za-z]{6,}$' order by hashtextextended(id::text, 7) limit $2) c
       cross join lateral (select email from email_addresses e
         where e.tenant_id = c.tenant_id and e.entity_type = 'CONTACT' and e.entity_id = c.id limit 1) e
       cross join lateral (select number_e164 from phone_numbers p where p.tenant_id = c.tenant_id
         and p.entity_type = 'CONTACT' and p.entity_id = c.id and number_e164 is not null limit 1) p
       limit $3`,
      [tenantId, SAMPLES * 10, SAMPLES],
    )
    if (rows.length < SAMPLES) throw new Error(`only ${rows.length} samples`)
    return rows
  } finally {
    await client.end()
  }
}

/** Two letters in the middle change places. */
function misspelt(name: string): string {
  const middle = Math.floor(name.length / 2)
  return `${name.slice(0, middle - 1)}${name.charAt(middle)}${name.charAt(middle - 1)}${name.slice(middle + 1)}`
}

async function deepCursor(target: Target): Promise<string> {
  const rows = (DEEP_PAGE - 1) * PAGE_SIZE
  const next = async (args: string): Promise<string> => {
    const data = await ask(target, `{ ${contacts(args, 'pageInfo { endCursor }')} }`, {})
    return (data['contacts'] as { pageInfo: { endCursor: string } }).pageInfo.endCursor
  }
  let after = await next(`first: 1, offset: ${LARGEST_OFFSET - 1}`)
  for (let passed = LARGEST_OFFSET; passed < rows; passed += LARGEST_PAGE) {
    after = await next(`first: ${Math.min(LARGEST_PAGE, rows - passed)}, after: "${after}"`)
  }
  return after
}
