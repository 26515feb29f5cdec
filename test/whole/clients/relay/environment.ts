import { Environment, Network, RecordSource, Store, type FetchFunction, type PayloadError } from 'relay-runtime'

/** Relay over the API: one request for each operation, with the text of its document. */
export function createEnvironment(url: string, token: string): Environment {
  const fetchOperation: FetchFunction = async ({ text }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    })
    return response.json()
  }
  return new Environment({ network: Network.create(fetchOperation), store: new Store(new RecordSource()) })
}

/** The codes of a request that was refused as a whole: Relay throws where there is no `data`. */
export function codesOf(error: unknown): unknown[] {
  const { source } = error as { source?: { errors: (PayloadError & { extensions?: Record<string, unknown> })[] } }
  return (source?.errors ?? []).map(({ extensions }) => extensions?.['code'])
}
