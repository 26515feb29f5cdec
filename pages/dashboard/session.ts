/** What the server says of its pages, and locally a token. */
export interface PageOptions {
  readonly hasGraphiQL?: boolean
  readonly token?: string
}

/** Who looks: the token stays in this tab, and goes nowhere but into the header of requests to this server. */
export interface Session {
  readonly token: () => string | null
  readonly signIn: (token: string) => void
  readonly signOut: () => void
  /** Asks the server for another token, as it gives them locally; false where it gives none. */
  readonly renew: () => Promise<boolean>
  readonly options: () => PageOptions
}

/** Opens the session of this tab on a page: with the token that was typed before, else with the one that the server gives. */
export async function openSession(page: 'dashboard' | 'import' = 'dashboard'): Promise<Session> {
  const key = `kith.${page}.token`
  let options: PageOptions = {}
  let isGiven = false
  const read = async (): Promise<void> => {
    const response = await fetch(`/${page}/options.json`).catch(() => undefined)
    if (response?.ok) options = (await response.json()) as PageOptions
  }
  await read()
  let token = sessionStorage.getItem(key)
  if (token === null && options.token !== undefined) {
    token = options.token
    isGiven = true
  }
  return {
    token: () => token,
    signIn(typed) {
      token = typed
      isGiven = false
      sessionStorage.setItem(key, typed)
    },
    signOut() {
      token = null
      isGiven = false
      sessionStorage.removeItem(key)
    },
    async renew() {
      if (!isGiven) return false
      await read()
      if (options.token === undefined || options.token === token) return false
      token = options.token
      return true
    },
    options: () => options,
  }
}
