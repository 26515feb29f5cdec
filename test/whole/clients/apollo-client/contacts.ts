import { gql, type TypedDocumentNode } from '@apollo/client'

/** A page of contacts: `edges`, as their pages are put together; `nodes` are not. */
export interface ContactsData {
  readonly contacts: {
    readonly totalCount: number
    readonly totalCountIsExact: boolean
    readonly edges: readonly {
      readonly node: { readonly id: string; readonly fullName: string; readonly version: number }
    }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

export const CONTACTS: TypedDocumentNode<ContactsData, { first: number; after?: string | null }> = gql`
  query Contacts($first: Int!, $after: String) {
    contacts(first: $first, after: $after, orderBy: [{ field: LAST_NAME }]) {
      totalCount
      totalCountIsExact
      edges {
        node {
          id
          fullName
          version
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`

export const UPDATE = gql`
  mutation Update($input: UpdateContactInput!) {
    updateContact(input: $input) {
      contact {
        id
        fullName
        version
      }
      userErrors {
        code
        message
        field
        currentVersion
      }
    }
  }
`

/** Two mutations, of which one may be refused: its payload is null, the other's stands. */
export const CREATE_AND_DELETE = gql`
  mutation CreateAndDelete($create: CreateContactInput!, $delete: DeleteContactInput!) {
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

/** 40,000 contacts at once: more than a request may cost. */
export const TOO_MUCH = gql`
  query TooMuch($first: Int!) {
    companies(first: $first) {
      edges {
        node {
          id
          contacts(first: 200) {
            edges {
              node {
                id
              }
            }
          }
        }
      }
    }
  }
`
