import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { relayStylePagination } from '@apollo/client/utilities'
import type { GraphQLFormattedError } from 'graphql'
import { tap } from 'rxjs'
import { sha256 } from '../sha256.js'

// Which objects an interface or a union of the schema stands for.
export const POSSIBLE_TYPES = {
  Node: [
    'Address',
    'Company',
    'CompanySize',
    'Contact',
    'CustomFieldDefinition',
    'EmailAddress',
    'Industry',
    'PhoneNumber',
    'SocialMediaAccount',
    'Tenant',
    'User',
  ],
  ContactInfoOwner: ['Company', 'Contact'],
  CustomFieldValue: [
    'CustomBooleanValue',
    'CustomCurrencyValue',
    'CustomDateTimeValue',
    'CustomDateValue',
    'CustomDecimalValue',
    'CustomEmailValue',
    'CustomNumberValue',
    'CustomOptionValue',
    'CustomOptionsValue',
    'CustomPhoneValue',
    'CustomTextValue',
    'CustomUrlValue',
  ],
  SearchRecord: ['Company', 'Contact'],
}

// The arguments that make another list; first, after, last and before choose a page of it.
export const TYPE_POLICIES = {
  Query: {
    fields: {
      contacts: relayStylePagination(['filter', 'orderBy', 'search', 'deleted']),
      companies: relayStylePagination(['filter', 'orderBy', 'search', 'deleted']),
      users: relayStylePagination(['filter', 'orderBy']),
      industries: relayStylePagination(['filter', 'orderBy']),
      companySizes: relayStylePagination(['filter', 'orderBy']),
      search: relayStylePagination(['query', 'types']),
    },
  },
  Company: { fields: { contacts: relayStylePagination(['filter', 'orderBy', 'deleted']) } },
  // The one object of the schema with relations but without an id.
  Me: { keyFields: [] },
}

/** What the server says of the cost of a request, in `extensions.cost` of its answer. */
export interface Cost {
  readonly requested: number
  readonly limit: number
}

/**
 * Apollo Client over the API: queries by their hash and GET, the rest by POST. `onCost` is told what each request
 * costs.
 */
export function createApolloClient(url: string, token: string, onCost: (cost: Cost) => void): ApolloClient {
  const costs = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap(({ extensions }) => {
        if (extensions?.['cost']) onCost(extensions['cost'] as Cost)
      }),
    ),
  )
  const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true })
  const http = new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } })
  const link = ApolloLink.from([costs, persisted, http])
  return new ApolloClient({
    link,
    cache: new InMemoryCache({ possibleTypes: POSSIBLE_TYPES, typePolicies: TYPE_POLICIES }),
  })
}

/**
 * The codes of what was refused. An answer that isn't 200 and no `application/graphql-response+json` is a ServerError.
 */
export function codesOf(error: unknown): unknown[] {
  const errors: readonly GraphQLFormattedError[] = CombinedGraphQLErrors.is(error)
    ? error.errors
    : ServerError.is(error)
      ? (JSON.parse(error.bodyText) as { errors: GraphQLFormattedError[] }).errors
      : []
  return errors.map(({ extensions }) => extensions?.['code'])
}
