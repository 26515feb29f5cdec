import {
  commitMutation,
  createOperationDescriptor,
  fetchQuery,
  getFragment,
  getRefetchMetadata,
  getRequest,
  getSingularSelector,
  type Environment,
  type GraphQLTaggedNode,
  type MutationParameters,
  type PayloadError,
} from 'relay-runtime'
import type { contactsCard$data, contactsCard$key } from './__generated__/contactsCard.graphql.js'
import type { contactsCardRefetchQuery } from './__generated__/contactsCardRefetchQuery.graphql.js'
import type { contactsCreateAndDeleteMutation } from './__generated__/contactsCreateAndDeleteMutation.graphql.js'
import type { contactsList$data } from './__generated__/contactsList.graphql.js'
import type { contactsListPaginationQuery } from './__generated__/contactsListPaginationQuery.graphql.js'
import type { contactsPageQuery } from './__generated__/contactsPageQuery.graphql.js'
import type { contactsUpdateMutation } from './__generated__/contactsUpdateMutation.graphql.js'
import { graphql } from './graphql.js'

const PAGE = graphql`
  query contactsPageQuery($filter: ContactFilter!, $first: Int!) {
    ...contactsList @arguments(filter: $filter, first: $first)
  }
`

const LIST = graphql`
  fragment contactsList on Query
  @argumentDefinitions(filter: { type: "ContactFilter" }, first: { type: "Int" }, after: { type: "String" })
  @refetchable(queryName: "contactsListPaginationQuery") {
    contacts(first: $first, after: $after, filter: $filter, orderBy: [{ field: LAST_NAME }])
      @connection(key: "contactsList_contacts") {
      totalCount
      totalCountIsExact
      edges {
        node {
          id
          fullName
          version
          ...contactsCard
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`

const CARD = graphql`
  fragment contactsCard on Contact @refetchable(queryName: "contactsCardRefetchQuery") {
    jobTitle
    company {
      name
    }
  }
`

const UPDATE = graphql`
  mutation contactsUpdateMutation($input: UpdateContactInput!) {
    updateContact(input: $input) {
      contact {
        version
        ...contactsCard
      }
      isChanged
      userErrors {
        code
        message
        field
        currentVersion
      }
    }
  }
`

const CREATE_AND_DELETE = graphql`
  mutation contactsCreateAndDeleteMutation($create: CreateContactInput!, $delete: DeleteContactInput!) {
    createContact(input: $create) {
      contact {
        fullName
      }
      userErrors {
        message
      }
    }
    deleteContact(input: $delete) {
      userErrors {
        message
      }
    }
  }
`

type Variables = contactsPageQuery['variables']

/** A list of contacts as an app shows it: it reads from Relay's store and follows it. */
export async function openContacts(environment: Environment, variables: Variables) {
  await fetchQuery<contactsPageQuery>(environment, PAGE, variables).toPromise()
  const operation = createOperationDescriptor(getRequest(PAGE), variables)
  const retained = environment.retain(operation)
  const page = environment.lookup(operation.fragment).data
  let snapshot = environment.lookup(getSingularSelector(getFragment(LIST), page))
  const subscription = environment.subscribe(snapshot, (next) => (snapshot = next))
  const list = (): contactsList$data['contacts'] => (snapshot.data as contactsList$data).contacts

  return {
    /** what it shows of each contact, and the rest of the list, as they are in the store */
    read() {
      const { edges, ...rest } = list()
      const cards = edges.map(({ node }) => ({
        fullName: node.fullName,
        version: node.version,
        ...readCard(environment, node),
      }))
      return { cards, ...rest }
    },
    /** loads the page after those that are there; the store puts it behind them */
    async loadNext(): Promise<void> {
      const after = list().pageInfo.endCursor
      const { refetchableRequest } = getRefetchMetadata(getFragment(LIST), 'openContacts')
      await fetchQuery<contactsListPaginationQuery>(environment, refetchableRequest, {
        ...variables,
        after,
      }).toPromise()
    },
    close(): void {
      subscription.dispose()
      retained.dispose()
    },
  }
}

function readCard(environment: Environment, contact: contactsCard$key): contactsCard$data {
  const selector = getSingularSelector(getFragment(CARD), contact)
  return environment.lookup(selector).data as contactsCard$data
}

/** Reads the card of a contact again, by `node(id:)`. */
export async function refetchCard(environment: Environment, id: string): Promise<void> {
  const { refetchableRequest } = getRefetchMetadata(getFragment(CARD), 'refetchCard')
  await fetchQuery<contactsCardRefetchQuery>(environment, refetchableRequest, { id }).toPromise()
}

/** Changes a contact: every list that shows it has its new values and its new version. */
export const updateContact = (environment: Environment, variables: contactsUpdateMutation['variables']) =>
  mutate<contactsUpdateMutation>(environment, UPDATE, variables)

/** Two mutations, of which one may be refused: its payload is null, the other's stands. */
export const createAndDelete = (environment: Environment, variables: contactsCreateAndDeleteMutation['variables']) =>
  mutate<contactsCreateAndDeleteMutation>(environment, CREATE_AND_DELETE, variables)

interface Answer<Data> {
  readonly data: Data
  /** errors of single fields, which stand beside the data of the others */
  readonly errors: readonly PayloadError[] | null | undefined
}

function mutate<Mutation extends MutationParameters>(
  environment: Environment,
  mutation: GraphQLTaggedNode,
  variables: Mutation['variables'],
): Promise<Answer<Mutation['response']>> {
  return new Promise((resolve, reject) => {
    commitMutation<Mutation>(environment, {
      mutation,
      variables,
      onCompleted: (data, errors) => resolve({ data, errors }),
      onError: reject,
    })
  })
}
