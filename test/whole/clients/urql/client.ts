import { cacheExchange, Client, fetchExchange, type CombinedError } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { sha256 } from '../sha256.js'

/** urql over the API: queries by GET, as it sends them by itself, mutations by POST. */
export function createUrqlClient(url: string, token: string): Client {
  return new Client({
    url,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: () => ({ headers: { authorization: `Bearer ${token}` } }),
  })
}

/** The same with persisted queries: a document is sent once, then its hash in the place of it. */
export function createPersistedUrqlClient(url: string, token: string): Client {
  return new Client({
    url,
    exchanges: [cacheExchange, persistedExchange({ generateHash: sha256 }), fetchExchange],
    fetchOptions: () => ({ headers: { authorization: `Bearer ${token}` } }),
  })
}

/** The codes of what was refused, whatever the status. */
export function codesOf(error: CombinedError | undefined): unknown[] {
  return (error?.graphQLErrors ?? []).map(({ extensions }) => extensions['code'])
}
