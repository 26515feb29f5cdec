import { ask, type Sender, type Target, type Work } from './http.js'

/** A kind of request on lists, with what the seed promises of it: milliseconds, at 95 of 100. */
export interface ListWork extends Work {
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
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly phone: string
}

/** The works for the tenant of a target, with texts that it has. */
export async function listWorks(target: Target): Promise<ListWork[]> {
  const samples = await findSamples(target)
  const search = (name: string, text: (sample: Sample) => string): ListWork => ({
    name: `search: ${name}`,
    promiseMs: SEARCH_MS,
    query: SEARCH,
    open: inTurn(samples.map((sample) => ({ text: text(sample) }))),
  })
  const page = (name: string, args: string, variables: object = {}, types = ''): ListWork => ({
    name,
    promiseMs: PAGE_MS,
    query: `query ${types} { ${contacts(`first: ${PAGE_SIZE}${args}`)} }`,
    open: inTurn([variables]),
  })
  return [
    {
      name: `newest ${PAGE_SIZE} with company, owner, e-mails, phones`,
      promiseMs: RELATIONS_MS,
      query: `{ ${contacts(`first: ${PAGE_SIZE}`, 'nodes { id fullName jobTitle company { id name } owner { id name } emailAddresses { email } phoneNumbers { number } }')} }`,
      open: inTurn([{}]),
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
      open: inTurn(samples.map(({ email }) => ({ email }))),
    },
    { ...page('count', ''), query: '{ contacts { totalCount } }' },
    search('first and last name', ({ firstName, lastName }) => `${firstName} ${lastName}`),
    search('start of a last name', ({ lastName }) => lastName.slice(0, 4)),
    search('e-mail', ({ email }) => email),
    search('phone number', ({ phone }) => phone),
    search('last name with a typing error', ({ lastName }) => misspelt(lastName)),
  ]
}

/** Senders that use the variables in turn, over all connections; each answer must be a whole one. */
function inTurn(variants: readonly object[]): Work['open'] {
  let next = 0
  const sender: Sender = {
    variables: () => variants[next++ % variants.length] ?? {},
    accept(answer) {
      if (!answer.startsWith('{"data":{')) throw new Error(`The server answered: ${answer.slice(0, 500)}`)
    },
  }
  return () => sender
}

interface Person {
  readonly firstName: string | null
  readonly lastName: string | null
  readonly emailAddresses: readonly { readonly email: string }[]
  readonly phoneNumbers: readonly { readonly e164: string | null }[]
}

/**
 * Contacts with all that is searched for, by their birth dates: an order that has nothing to do with names or with age,
 * by which results are ordered.
 */
async function findSamples(target: Target): Promise<Sample[]> {
  const filter =
    '{ birthDate: { isNull: false }, firstName: { isNull: false }, emailAddresses: { some: {} }, phoneNumbers: { some: {} } }'
  const selection = 'nodes { firstName lastName emailAddresses { email } phoneNumbers { e164 } }'
  const args = `first: ${LARGEST_PAGE}, orderBy: [{ field: BIRTH_DATE }], filter: ${filter}`
  const { nodes } = (await ask(target, `{ ${contacts(args, selection)} }`))['contacts'] as { nodes: Person[] }
  const samples = nodes.flatMap(({ firstName, lastName, emailAddresses, phoneNumbers }) => {
    const [email, phone] = [emailAddresses[0]?.email, phoneNumbers[0]?.e164]
    const isPlain = lastName && /^[A-Za-z]{6,}$/.test(lastName)
    return firstName && isPlain && email && phone ? [{ firstName, lastName, email, phone }] : []
  })
  if (samples.length < SAMPLES) throw new Error(`only ${samples.length} samples`)
  return samples.slice(0, SAMPLES)
}

/** Two letters in the middle change places. */
function misspelt(name: string): string {
  const middle = Math.floor(name.length / 2)
  return `${name.slice(0, middle - 1)}${name.charAt(middle)}${name.charAt(middle - 1)}${name.slice(middle + 1)}`
}

async function deepCursor(target: Target): Promise<string> {
  const rows = (DEEP_PAGE - 1) * PAGE_SIZE
  const next = async (args: string): Promise<string> => {
    const data = await ask(target, `{ ${contacts(args, 'pageInfo { endCursor }')} }`)
    return (data['contacts'] as { pageInfo: { endCursor: string } }).pageInfo.endCursor
  }
  let after = await next(`first: 1, offset: ${LARGEST_OFFSET - 1}`)
  for (let passed = LARGEST_OFFSET; passed < rows; passed += LARGEST_PAGE) {
    after = await next(`first: ${Math.min(LARGEST_PAGE, rows - passed)}, after: "${after}"`)
  }
  return after
}
