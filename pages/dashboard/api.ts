import type { Session } from './session.js'

/** What the dashboard calls itself. */
export const CLIENT_NAME = 'kith-dashboard'

/** An error of the API. */
export interface ApiError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: { readonly code?: string }
}

/** What the API answers: as far as it goes where some fields were refused. */
export interface Answer<Data> {
  readonly data: Data | null
  readonly errors: readonly ApiError[]
}

/** The token isn't valid any more. */
export class SignedOut extends Error {}

/** Asks the API; a token that the server gave itself is asked for anew once. @throws SignedOut, or what fetch throws */
export type Ask = <Data>(query: string, variables?: object) => Promise<Answer<Data>>

/** The API as a session may use it; `clientName` is what its page calls itself. */
export function createApi(session: Session, clientName = CLIENT_NAME): Ask {
  const send = (query: string, variables: object): Promise<Response> =>
    fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${session.token() ?? ''}`,
        'apollographql-client-name': clientName,
      },
      body: JSON.stringify({ query, variables }),
    })
  return async <Data>(query: string, variables = {}) => {
    let response = await send(query, variables)
    if (response.status === 401 && (await session.renew())) response = await send(query, variables)
    if (response.status === 401) throw new SignedOut('The token is not valid, or has expired.')
    const { data = null, errors = [] } = (await response.json()) as Partial<Answer<Data>>
    return { data, errors }
  }
}
