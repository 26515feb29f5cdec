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

/**
 * Sends a request with the session's token. Where the server takes it for none any more, it is asked for another, and the request is
 * sent once again. @throws SignedOut, or what `send` throws
 */
export async function signed<Answer extends { readonly status: number }>(
  session: Session,
  send: (authorization: string) => Promise<Answer>,
): Promise<Answer> {
  const once = (): Promise<Answer> => send(`Bearer ${session.token() ?? ''}`)
  let answer = await once()
  if (answer.status === 401 && (await session.renew())) answer = await once()
  if (answer.status === 401) throw new SignedOut('The token is not valid, or has expired.')
  return answer
}

/** The API as a session may use it; `clientName` is what its page calls itself. */
export function createApi(session: Session, clientName = CLIENT_NAME): Ask {
  const named = { 'content-type': 'application/json', 'apollographql-client-name': clientName }
  return async <Data>(query: string, variables = {}) => {
    const body = JSON.stringify({ query, variables })
    const response = await signed(session, (authorization) =>
      fetch('/graphql', { method: 'POST', headers: { ...named, authorization }, body }),
    )
    const { data = null, errors = [] } = (await response.json()) as Partial<Answer<Data>>
    return { data, errors }
  }
}
