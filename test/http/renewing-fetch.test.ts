import { beforeEach, describe, expect, test } from '@jest/globals'
import { createRenewingFetch } from '../../src/http/renewing-fetch.js'

const LIFE_SECONDS = 28_800
const HALF_MS = (LIFE_SECONDS * 1000) / 2
const OPTIONS = '/graphiql/options.json'

/** What the browser sent: `<url> <Authorization>`. */
let sent: string[] = []
let nowMs = 0
/** Which tokens the server takes. */
let isValid: (token: string) => boolean = () => true
/** Whether the server gives out tokens. */
let isGiving = true
let tokens = 0

const filledIn = (token: string): { headers: string; expiresInSeconds: number } => ({
  headers: JSON.stringify({ authorization: `Bearer ${token}` }),
  expiresInSeconds: LIFE_SECONDS,
})

/** A browser's fetch with the server behind it; its tokens are `token-1`, `token-2` … */
async function browserFetch(url: string, init?: RequestInit): Promise<Response> {
  const authorization = new Headers(init?.headers).get('authorization') ?? 'no token'
  sent.push(`${url} ${authorization}`)
  await Promise.resolve()
  if (url === OPTIONS)
    return isGiving ? Response.json(filledIn(`token-${++tokens}`)) : new Response('', { status: 503 })
  return new Response('', { status: isValid(authorization.replace('Bearer ', '')) ? 200 : 401 })
}

const pageFetch = (first = filledIn('token-0')): typeof browserFetch =>
  createRenewingFetch(browserFetch, () => nowMs, first)

const query = (authorization?: string): RequestInit => ({
  method: 'POST',
  body: '{}',
  headers: authorization === undefined ? {} : { Authorization: authorization, 'x-own': '1' },
})

beforeEach(() => {
  sent = []
  nowMs = 1_000_000
  isValid = () => true
  isGiving = true
  tokens = 0
})

describe('a request with the token of the page', () => {
  test('goes out as it is while the token is young', async () => {
    const fetch = pageFetch()
    nowMs += HALF_MS - 1
    expect((await fetch('/graphql', query('Bearer token-0'))).status).toBe(200)
    expect(sent).toEqual(['/graphql Bearer token-0'])
  })

  test('gets a new one when half of its life is over, and then again', async () => {
    const fetch = pageFetch()
    nowMs += HALF_MS
    await fetch('/graphql', query('Bearer token-0'))
    nowMs += HALF_MS - 1
    await fetch('/graphql', query('Bearer token-0'))
    nowMs += 1
    await fetch('/graphql', query('Bearer token-0'))
    expect(sent).toEqual([
      `${OPTIONS} no token`,
      '/graphql Bearer token-1',
      '/graphql Bearer token-1',
      `${OPTIONS} no token`,
      '/graphql Bearer token-2',
    ])
  })

  test('gets a new one where the server refuses it, and is sent once more, with all else that it holds', async () => {
    const requests: RequestInit[] = []
    isValid = (token) => token !== 'token-0'
    const fetch = createRenewingFetch(
      (url, init) => {
        if (init) requests.push(init)
        return browserFetch(url, init)
      },
      () => nowMs,
      filledIn('token-0'),
    )
    expect((await fetch('/graphql', query('Bearer token-0'))).status).toBe(200)
    expect(sent).toEqual(['/graphql Bearer token-0', `${OPTIONS} no token`, '/graphql Bearer token-1'])
    expect(requests.map(({ method, body }) => ({ method, body }))).toEqual(
      Array(2).fill({ method: 'POST', body: '{}' }),
    )
    expect(requests.map(({ headers }) => new Headers(headers).get('x-own'))).toEqual(['1', '1'])
  })

  test('is sent twice at most: the second refusal is the answer', async () => {
    isValid = () => false
    expect((await pageFetch()('/graphql', query('Bearer token-0'))).status).toBe(401)
    expect(sent).toEqual(['/graphql Bearer token-0', `${OPTIONS} no token`, '/graphql Bearer token-1'])
  })

  test('goes out with what it has where there is no new one, and asks again the next time', async () => {
    const fetch = pageFetch()
    isGiving = false
    nowMs += HALF_MS
    expect((await fetch('/graphql', query('Bearer token-0'))).status).toBe(200)
    isGiving = true
    await fetch('/graphql', query('Bearer token-0'))
    expect(sent).toEqual([
      `${OPTIONS} no token`,
      '/graphql Bearer token-0',
      `${OPTIONS} no token`,
      '/graphql Bearer token-1',
    ])
  })

  test('survives a server that is away', async () => {
    let isAway = true
    const fetch = createRenewingFetch(
      (url, init) =>
        url === OPTIONS && isAway ? Promise.reject(new TypeError('Failed to fetch')) : browserFetch(url, init),
      () => nowMs,
      filledIn('token-0'),
    )
    nowMs += HALF_MS
    await fetch('/graphql', query('Bearer token-0'))
    isAway = false
    await fetch('/graphql', query('Bearer token-0'))
    expect(sent).toEqual(['/graphql Bearer token-0', `${OPTIONS} no token`, '/graphql Bearer token-1'])
  })

  test('shares one renewal with those beside it', async () => {
    const fetch = pageFetch()
    nowMs += HALF_MS
    await Promise.all([1, 2, 3].map(() => fetch('/graphql', query('Bearer token-0'))))
    expect(sent).toEqual([`${OPTIONS} no token`, ...Array<string>(3).fill('/graphql Bearer token-1')])
  })

  test('is known by any token that the page had', async () => {
    const fetch = pageFetch()
    nowMs += HALF_MS
    await fetch('/graphql', query('Bearer token-0'))
    await fetch('/graphql', query('Bearer token-1'))
    expect(sent.slice(1)).toEqual(Array(2).fill('/graphql Bearer token-1'))
  })
})

describe('what somebody typed', () => {
  test.each([
    ['another token', 'Bearer typed'],
    ['a part of the token', 'Bearer token-'],
    ['no token', undefined],
    ['another scheme', 'Basic token-0'],
  ])('goes out as it is, however old the page: %s', async (_, authorization) => {
    isValid = () => false
    const fetch = pageFetch()
    nowMs += 10 * HALF_MS
    expect((await fetch('/graphql', query(authorization))).status).toBe(401)
    expect(sent).toEqual([`/graphql ${authorization ?? 'no token'}`])
  })

  test('is all there is where the server fills in nothing', async () => {
    isValid = () => false
    const fetch = createRenewingFetch(browserFetch, () => nowMs, {})
    nowMs += 10 * HALF_MS
    await fetch('/graphql', query())
    await fetch('/graphql')
    expect(sent).toEqual(['/graphql no token', '/graphql no token'])
  })
})
