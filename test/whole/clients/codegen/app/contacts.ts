import { graphql } from './generated/gql.js'
import type { ContactsQuery, TypedDocumentString } from './generated/graphql.js'

const CONTACTS = graphql(`
  query Contacts($first: Int!, $after: String, $filter: ContactFilter) {
    contacts(first: $first, after: $after, filter: $filter, orderBy: [{ field: LAST_NAME }]) {
      edges {
        node {
          id
          fullName
          version
          createdAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const UPDATE = graphql(`
  mutation Update($input: UpdateContactInput!) {
    updateContact(input: $input) {
      contact {
        jobTitle
        version
      }
      userErrors {
        code
        field
        currentVersion
      }
    }
  }
`)

const [, , url = '', token = ''] = process.argv

/** Sends an operation; what comes back has the type of its document. */
async function send<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables }),
  })
  const { data, errors } = (await response.json()) as { data: Result; errors?: { message: string }[] }
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'))
  return data
}

/** The contacts of all pages, in the order of the list. */
async function readContacts() {
  const contacts: ContactsQuery['contacts']['edges'][number]['node'][] = []
  let after: string | null = null
  do {
    const page: ContactsQuery = await send(CONTACTS, { first: 2, after })
    contacts.push(...page.contacts.edges.map(({ node }) => node))
    after = page.contacts.pageInfo.hasNextPage ? page.contacts.pageInfo.endCursor : null
  } while (after !== null)
  return contacts
}

const contacts = await readContacts()
const [{ id, version } = { id: '', version: 0 }] = contacts
// A payload is null where its mutation was refused; what it refused itself is in userErrors.
const { updateContact: saved } = await send(UPDATE, { input: { id, version, jobTitle: 'Gardener' } })
const { updateContact: late } = await send(UPDATE, { input: { id, version, jobTitle: 'Forester' } })
console.log(
  JSON.stringify({
    names: contacts.map(({ fullName }) => fullName),
    areTexts: contacts.every(({ createdAt }) => createdAt.endsWith('Z')),
    saved,
    late,
  }),
)

// What the schema doesn't have is an error of the compiler.
// @ts-expect-error: there is no nickname
contacts.map(({ nickname }) => nickname)
// @ts-expect-error: a field of the filter that isn't there
void (() => send(CONTACTS, { first: 2, filter: { nickname: { eq: 'Ada' } } }))
// @ts-expect-error: `first` is required
void (() => send(CONTACTS, {}))
