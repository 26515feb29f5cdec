import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openPages, type Pages } from './built-page.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { sendRaw, type RawAnswer } from '../../support/raw-request.js'

let pages: Pages
let local: HttpServer
let production: HttpServer

beforeAll(async () => {
  pages = openPages()
  local = await startHttpServer({ graphiqlPage: pages.file })
  production = await startHttpServer({ isLocal: false })
})

afterAll(async () => {
  await local.close()
  await production.close()
  pages.close()
})

const links = (page: string): (string | undefined)[] => [...page.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)

test('/ says where the API and the pages are', async () => {
  const response = await fetch(`${local.base}/`)
  const page = await response.text()
  expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
  })
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  expect(page).toContain('The API is at <code>/graphql</code>, by POST with a bearer token.')
  expect(links(page)).toEqual(['/graphql', '/graphiql'])
})

test('/ names no page where none is served', async () => {
  const response = await fetch(`${production.base}/`)
  const page = await response.text()
  expect(response.status).toBe(200)
  expect(page).toContain('The API is at <code>/graphql</code>, by POST with a bearer token.')
  expect(links(page)).toEqual([])
})

test('/graphql/ leads a client to /graphql, with method, body and token', async () => {
  const response = await fetch(`${production.base}/graphql/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await production.token()}` },
    body: '{"query":"{ me { role } }"}',
  })
  expect({ url: response.url, body: await response.json() }).toEqual({
    url: `${production.base}/graphql`,
    body: { data: { me: { role: 'ADMIN' } }, extensions: { cost: { requested: 1, limit: 20_000 } } },
  })
})

test('/graphql/ does not wait for a body, and keeps the query', async () => {
  const send = ({ base }: HttpServer, line: string, headers: string[] = []): Promise<RawAnswer> =>
    sendRaw({ port: Number(new URL(base).port) }, line, ['Host: localhost', ...headers])
  const { status, headers, body } = await send(production, 'POST /graphql/?a=%2F%0d%0ax:y&b=/ HTTP/1.1', [
    'Content-Type: application/json',
    'Content-Length: 900000',
  ])
  expect({ status, body, location: headers['location'] }).toEqual({
    status: 308,
    body: '',
    location: '/graphql?a=%2F%0d%0ax:y&b=/',
  })
  expect((await send(local, 'GET /graphiql/ HTTP/1.1')).headers['location']).toBe('/graphiql')
  expect((await send(production, 'GET /graphiql/ HTTP/1.1')).status).toBe(404)
})
