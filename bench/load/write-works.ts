import { ask, dataOf, type Target, type Work } from './http.js'

/** The contacts that each connection changes in turn; no other connection touches them, so none loses a race. */
const CONTACTS_PER_CONNECTION = 10

const SCALARS = `id firstName middleName lastName fullName jobTitle department emailOptIn smsOptIn callOptIn birthDate
  notes externalId version createdAt updatedAt deletedAt`
const UPDATE = `mutation ($input: UpdateContactInput!) {
  updateContact(input: $input) { contact { ${SCALARS} } userErrors { code message field } } }`
const CREATE = `mutation ($input: CreateContactInput!) {
  createContact(input: $input) { contact { ${SCALARS} } userErrors { code message field } } }`
const OWN = `query ($first: Int!) { contacts(first: $first) { nodes { id version } } }`
const CREATED = 'query ($filter: ContactFilter!) { contacts(first: 200, filter: $filter) { nodes { id } } }'
const DESTROY = `mutation ($input: DestroyContactInput!) {
  destroyContact(input: $input) { destroyedId userErrors { code message } } }`

/** The last name of all contacts that are created here, to find them again. */
const LAST_NAME = 'Created By The Benchmark'

interface Contact {
  readonly id: string
  version: number
}

/**
 * The writes that are measured: one field of a contact, and a new contact with an e-mail and a phone. Every answer is
 * checked. `connections` are the most that will be used at once, 20 at most.
 */
export async function writeWorks(target: Target, connections: number): Promise<Work[]> {
  const { contacts } = await ask(target, OWN, { first: connections * CONTACTS_PER_CONNECTION })
  const { nodes } = contacts as { nodes: Contact[] }
  if (nodes.length < connections * CONTACTS_PER_CONNECTION) throw new Error(`only ${nodes.length} contacts`)
  return [updates(nodes, connections), creations(Date.now())]
}

function updates(contacts: readonly Contact[], connections: number): Work {
  let sent = 0
  return {
    name: 'update one field of a contact',
    query: UPDATE,
    open(connection) {
      const own = contacts.filter((_, index) => index % connections === connection)
      let next = 0
      let [contact] = own as [Contact]
      let jobTitle = ''
      return {
        variables() {
          contact = own[next++ % own.length] as Contact
          jobTitle = `Engineer ${++sent}`
          return { input: { id: contact.id, version: contact.version, jobTitle } }
        },
        accept(answer) {
          const changed = writtenContact(answer, 'updateContact')
          const expected = { id: contact.id, jobTitle, version: contact.version + 1 }
          if (
            changed.id !== expected.id ||
            changed.jobTitle !== expected.jobTitle ||
            changed.version !== expected.version
          ) {
            throw new Error(`${JSON.stringify(expected)} was answered with ${answer}`)
          }
          contact.version = changed.version
        },
      }
    },
  }
}

/** `run` keeps the e-mail addresses of one run apart from those of others. */
function creations(run: number): Work {
  let sent = 0
  return {
    name: 'create a contact with an e-mail and a phone',
    query: CREATE,
    open() {
      let firstName = ''
      return {
        variables() {
          firstName = `Contact ${++sent}`
          const emailAddresses = [{ email: `contact.${run}.${sent}@example.com` }]
          const phoneNumbers = [{ number: `+1 212 555 ${String(sent % 10_000).padStart(4, '0')}` }]
          return {
            input: { firstName, lastName: LAST_NAME, jobTitle: 'Engineer', emailAddresses, phoneNumbers },
          }
        },
        accept(answer) {
          const created = writtenContact(answer, 'createContact')
          if (created.firstName !== firstName || created.version !== 1) {
            throw new Error(`${firstName} was answered with ${answer}`)
          }
        },
      }
    },
  }
}

interface WrittenContact {
  readonly id: string
  readonly firstName: string | null
  readonly jobTitle: string | null
  readonly version: number
}

function writtenContact(answer: string, mutation: string): WrittenContact {
  const payload = dataOf(answer)[mutation] as { contact: WrittenContact | null; userErrors: unknown[] }
  if (!payload.contact || payload.userErrors.length > 0) throw new Error(`The server answered: ${answer}`)
  return payload.contact
}

/**
 * Destroys all contacts that this bench created, now or in a run that was killed, so that all runs find the same data.
 */
export async function removeCreated(target: Target, connections: number): Promise<void> {
  for (;;) {
    const { contacts } = await ask(target, CREATED, { filter: { lastName: { eq: LAST_NAME } } })
    const { nodes } = contacts as { nodes: Contact[] }
    if (nodes.length === 0) return
    const destroy = async (connection: number): Promise<void> => {
      for (const { id } of nodes.filter((_, index) => index % connections === connection)) {
        const { destroyContact } = await ask(target, DESTROY, { input: { id } })
        const { destroyedId } = destroyContact as { destroyedId: string | null }
        if (destroyedId !== id) throw new Error(`${id} could not be destroyed: ${JSON.stringify(destroyContact)}`)
      }
    }
    await Promise.all(Array.from({ length: connections }, (_, connection) => destroy(connection)))
  }
}
