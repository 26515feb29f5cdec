import { jest } from '@jest/globals'

interface Sent {
  readonly query?: string | null
  readonly extensions?: unknown
}

/**
 * Watches what clients send from now on. Each call returns what was sent since the last one: `GET hash`, `GET text`,
 * `GET hash+text`, `POST text` …
 */
export function watchRequests(): () => string[] {
  const watched = jest.spyOn(globalThis, 'fetch')
  return () =>
    watched.mock.calls.splice(0).map(([address, init]) => {
      const method = init?.method ?? 'GET'
      const { query, extensions }: Sent =
        method === 'GET'
          ? Object.fromEntries(new URL(address instanceof Request ? address.url : address).searchParams)
          : (JSON.parse(init?.body as string) as Sent)
      const hasHash = JSON.stringify(extensions ?? '').includes('sha256Hash')
      return `${method} ${[hasHash && 'hash', query && 'text'].filter(Boolean).join('+')}`
    })
}
