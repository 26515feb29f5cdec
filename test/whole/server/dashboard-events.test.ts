import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createEventParser, type ServerSentEvent } from '../../../pages/dashboard/server-sent-events.js'
import { tokenKeys } from '../../../src/features/identity/principal.service.js'
import { signOperatorToken } from '../../../src/features/identity/token.js'
import type { Role } from '../../../src/lib/principal.js'
import { TEST_SECRET } from '../../support/api.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'

const INTERVAL_MS = 50
const PAGE = '<p>the built page</p>'

let folder = ''
let server: HttpServer

const operator = (ttlSeconds = 600): Promise<string> =>
  signOperatorToken(tokenKeys(TEST_SECRET).operators, new Date(), ttlSeconds)

beforeAll(async () => {
  folder = `${mkdtempSync(join(tmpdir(), 'kith-dashboard-'))}/`
  writeFileSync(join(folder, 'index.html'), PAGE)
  writeFileSync(join(folder, 'index.html.gz'), gzipSync(PAGE))
  writeFileSync(join(folder, 'index.html.br'), brotliCompressSync(PAGE))
  const options = { isLocal: false, dashboardFolder: pathToFileURL(folder), liveIntervalMs: INTERVAL_MS }
  server = await startHttpServer(options)
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Opens the stream; `events` resolves with those that came when `isEnough` says so, or it ended. */
async function open(token: string | undefined, { headers = {}, query = '', base = server.base } = {}) {
  const controller = new AbortController()
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(`${base}/dashboard/events${query}`, {
    headers: { ...authorization, ...headers },
    signal: controller.signal,
  })
  const found: ServerSentEvent[] = []
  const parse = createEventParser()
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  return {
    response,
    async events(isEnough: (events: readonly ServerSentEvent[]) => boolean): Promise<ServerSentEvent[]> {
      while (!isEnough(found)) {
        const { done, value } = await reader.read()
        if (done) break
        found.push(...parse(value))
      }
      return found
    },
    close: () => controller.abort(),
  }
}

const hasTicks = (count: number) => (events: readonly ServerSentEvent[]) =>
  events.filter(({ name }) => name === 'tick').length >= count

describe('events', () => {
  test('come to an operator, with all tenants’ figures', async () => {
    await server.ask('query Watched { contacts(first: 1) { nodes { id } } }')
    const stream = await open(await operator())
    expect([
      stream.response.status,
      stream.response.headers.get('content-type'),
      stream.response.headers.get('cache-control'),
    ]).toEqual([200, 'text/event-stream; charset=utf-8', 'no-store'])
    const events = await stream.events(hasTicks(2))
    stream.close()
    expect(events.map(({ name }) => name).slice(0, 3)).toEqual(['hello', 'figures', 'tick'])
    const figures = JSON.parse(events[1]!.data)
    expect(figures.operations.entries[0].name).toBe('Watched')
    expect(figures.pools).toHaveLength(1)
    expect(figures.tenants[0].tenantId).toBe(server.tenant.settings.id)
  })

  test('go on after the last one that somebody has', async () => {
    const token = await operator()
    const stream = await open(token)
    const ids = (events: readonly ServerSentEvent[]) => events.flatMap(({ id }) => (id ? [id] : []))
    const first = ids(await stream.events(hasTicks(2)))
    stream.close()
    const again = await open(token, { headers: { 'last-event-id': first[0]! } })
    const events = await again.events(hasTicks(2))
    again.close()
    expect(JSON.parse(events[0]!.data)).toMatchObject({ isResumed: true })
    expect(ids(events)[0]).toBe(first[1])
  })

  test('show an ADMIN the own tenant alone', async () => {
    const stream = await open(await server.token('ADMIN'), { query: '?window=LAST_HOUR' })
    const [, figures] = await stream.events(hasTicks(1))
    stream.close()
    expect(JSON.parse(figures!.data)).toMatchObject({ tenants: null, pools: null, openAlerts: null })
  })

  test.each(['MANAGER', 'MEMBER', 'VIEWER'] as const)('are refused to a %s', async (role: Role) => {
    const { response } = await open(await server.token(role)).catch(() => ({ response: undefined }))
    expect(response?.status).toBe(403)
  })

  test.each([
    ['no token', undefined, '', 401, 'UNAUTHENTICATED', 'A valid bearer token is needed.'],
    ['a wrong token', 'x.y.z', '', 401, 'UNAUTHENTICATED', 'A valid bearer token is needed.'],
    [
      'another window',
      'operator',
      '?window=YESTERDAY',
      400,
      'BAD_REQUEST',
      'window must be one of SINCE_START, LAST_HOUR, LAST_FIFTEEN_MINUTES, LAST_MINUTE.',
    ],
  ])('are refused with %s', async (_, token, query, status, code, message) => {
    const authorization = token === 'operator' ? await operator() : token
    const response = await fetch(`${server.base}/dashboard/events${query}`, {
      headers: authorization === undefined ? {} : { authorization: `Bearer ${authorization}` },
    })
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] }
    expect([response.status, errors[0]?.extensions.code, errors[0]?.message]).toEqual([status, code, message])
  })

  test('are not opened by HEAD, which shows none', async () => {
    const headers = { authorization: `Bearer ${await operator()}` }
    const { status, headers: answered } = await fetch(`${server.base}/dashboard/events`, { method: 'HEAD', headers })
    expect([status, answered.get('allow')]).toEqual([405, 'GET'])
  })

  test('end when the token expires', async () => {
    const stream = await open(await operator(-4))
    const events = await stream.events(() => false)
    expect(JSON.parse(events.at(-1)!.data)).toEqual({ reason: 'EXPIRED' })
  })
})

test('a server that stops ends the streams, and does not wait for them', async () => {
  const options = { isLocal: false, dashboardFolder: pathToFileURL(folder), drain: { delayMs: 0, limitMs: 600_000 } }
  const stopping = await startHttpServer(options)
  const stream = await open(await operator(), { base: stopping.base })
  await stream.events((events) => events.length >= 2)
  const [events] = await Promise.all([stream.events(() => false), stopping.close()])
  expect(JSON.parse(events.at(-1)!.data)).toEqual({ reason: 'STOPPING' })
})

describe('the page', () => {
  test('is for everyone in production, without a token, with a policy of its own', async () => {
    const response = await fetch(`${server.base}/dashboard`)
    expect([response.status, await response.text(), response.headers.get('content-security-policy')]).toEqual([
      200,
      PAGE,
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    ])
    const options = await fetch(`${server.base}/dashboard/options.json`)
    expect([options.headers.get('cache-control'), await options.json()]).toEqual(['no-store', { hasGraphiQL: false }])
    const moved = await fetch(`${server.base}/dashboard/?a=1`, { redirect: 'manual' })
    expect([moved.status, moved.headers.get('location')]).toEqual([308, '/dashboard?a=1'])
  })

  test('is kept to this machine locally, where it is filled in with an operator’s token', async () => {
    const local = await startHttpServer({ dashboardFolder: pathToFileURL(folder) })
    try {
      const { token, ...rest } = (await (await fetch(`${local.base}/dashboard/options.json`)).json()) as {
        token: string
      }
      expect(rest).toEqual({ hasGraphiQL: false, expiresInSeconds: 8 * 3600 })
      const response = await fetch(`${local.base}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: '{"query":"{ performance { planFlips { name } } }"}',
      })
      expect(await response.json()).toMatchObject({ data: { performance: { planFlips: [] } } })
      for (const path of ['/dashboard', '/dashboard/options.json']) {
        const proxied = await fetch(`${local.base}${path}`, { headers: { 'x-forwarded-for': '192.0.2.1' } })
        expect([path, proxied.status]).toEqual([path, 403])
        const cross = await fetch(`${local.base}${path}`, { headers: { origin: 'http://localhost:1' } })
        expect([path, cross.status]).toEqual([path, 403])
      }
    } finally {
      await local.close()
    }
  })

  test('is not there where nobody asked for it', async () => {
    const bare = await startHttpServer({ isLocal: false })
    try {
      for (const path of ['/dashboard', '/dashboard/options.json', '/dashboard/events']) {
        expect([path, (await fetch(`${bare.base}${path}`)).status]).toEqual([path, 404])
      }
    } finally {
      await bare.close()
    }
  })
})
