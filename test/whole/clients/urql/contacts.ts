import { gql } from '@urql/core'

export const CONTACTS = gql`
  query Contacts($first: Int!, $filter: ContactFilter) {
    contacts(first: $first, filter: $filter, orderBy: [{ field: LAST_NAME }]) {
      edges {
        node {
          id
          fullName
          version
        }
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
