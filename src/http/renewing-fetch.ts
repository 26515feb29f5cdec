/** The answer of `/graphiql/options.json`, as far as tokens are concerned; without a token both are missing. */
export interface FilledInHeaders {
  /** the text of the headers editor, as `{"authorization": "Bearer …"}` */
  readonly headers?: string
  readonly expiresInSeconds?: number
}

/**
 * A `fetch` for GraphiQL that keeps the token of the page fresh. A request with a token that the page was filled in
 * with goes out with its latest one, which is asked for anew when half of its life is over, or when the server answers
 * 401 (a computer that slept, a server with another secret). What somebody typed into the headers editor, be it another
 * token or none, goes out as it is.
 *
 * The build writes this function into the page as text: it uses nothing from outside but what a browser has too.
 *
 * @param fetch the browser's own
 * @param nowMs the time in ms of a clock that never goes back, of no fixed beginning
 * @param first what the page was filled in with
 * @param optionsUrl where that came from
 */
export function createRenewingFetch(
  fetch: (input: string, init?: RequestInit) => Promise<Response>,
  nowMs: () => number,
  first: FilledInHeaders,
  optionsUrl = '/graphiql/options.json',
): (input: string, init?: RequestInit) => Promise<Response> {
  const given = new Set<string>()
  let latest = ''
  let renewAtMs = Infinity
  let running: Promise<void> | undefined

  const take = ({ headers, expiresInSeconds }: FilledInHeaders): void => {
    if (headers === undefined || expiresInSeconds === undefined) return
    latest = (JSON.parse(headers) as { authorization: string }).authorization
    given.add(latest)
    renewAtMs = nowMs() + (expiresInSeconds * 1000) / 2
  }
  // A renewal that fails changes nothing; the next request tries again.
  const renew = (): Promise<void> => {
    running ??= fetch(optionsUrl)
      .then(async (response) => {
        if (response.ok) take((await response.json()) as FilledInHeaders)
      })
      .catch(() => undefined)
      .finally(() => {
        running = undefined
      })
    return running
  }
  take(first)

  return async (input, init) => {
    const headers = new Headers(init?.headers)
    if (!given.has(headers.get('authorization') ?? '')) return fetch(input, init)
    const send = (): Promise<Response> => {
      headers.set('authorization', latest)
      return fetch(input, { ...init, headers })
    }
    if (nowMs() >= renewAtMs) await renew()
    const sent = latest
    const response = await send()
    if (response.status !== 401) return response
    await renew()
    return latest === sent ? response : send()
  }
}
