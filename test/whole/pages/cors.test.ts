/// <reference lib="dom" />
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { openBrowser, visit } from './browser.js'

// Two sites that the browser finds on this machine, as DNS would say; their names are none of this machine's.
const APP_HOST = 'app.example.com'
const OTHER_HOST = 'other.example.com'

let site: Server
let port = 0
let browser: Browser
let production: HttpServer
let local: HttpServer

beforeAll(async () => {
  site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>An app</title>')
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  port = (site.address() as AddressInfo).port
  browser = await openBrowser([`--host-resolver-rules=MAP ${APP_HOST} 127.0.0.1, MAP ${OTHER_HOST} 127.0.0.1`])
  production = await startHttpServer({ isLocal: false, corsOrigins: [`http://${APP_HOST}:${port}`] })
  local = await startHttpServer()
})

afterAll(async () => {
  await browser?.close()
  await production?.close()
  await local?.close()
  site?.close()
})

const CREATE =
  'mutation { createContact(input: { firstName: "Ada", lastName: "Ash" }) { contact { fullName } userErrors { code } } }'
const READ = '{ contacts { nodes { fullName } } }'

/**
 * What a page of the app, at a host, sees of a change by POST and then of a query by GET; and what the server has after
 * them.
 */
async function callFrom(host: string, server: HttpServer): Promise<{ post: unknown; get: unknown; names: string[] }> {
  const { page } = await visit(browser, `http://${host}:${port}/`)
  const url = `${server.base}/graphql`
  const authorization = `Bearer ${await server.token()}`
  const seen = await page.evaluate(
    async ({ url, authorization, create, read }) => {
      async function see(answer: Promise<Response>): Promise<unknown> {
        try {
          const response = await answer
          const { data } = (await response.json()) as { data: unknown }
          return { status: response.status, requestId: response.headers.has('x-request-id'), data }
        } catch (error) {
          return String(error)
        }
      }
      const post = await see(
        fetch(url, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify({ query: create }),
        }),
      )
      // As urql sends a query.
      const address = `${url}?${new URLSearchParams({ query: read }).toString()}`
      return { post, get: await see(fetch(address, { method: 'GET', headers: { authorization } })) }
    },
    { url, authorization, create: CREATE, read: READ },
  )
  await page.context().close()
  const { body } = await server.ask(READ)
  return { ...seen, names: body.data['contacts'].nodes.map(({ fullName }: { fullName: string }) => fullName) }
}

const answered = (...names: string[]): object => ({
  post: {
    status: 200,
    requestId: true,
    data: { createContact: { contact: { fullName: 'Ada Ash' }, userErrors: [] } },
  },
  get: { status: 200, requestId: true, data: { contacts: { nodes: names.map((fullName) => ({ fullName })) } } },
  names,
})
const refused = (...names: string[]): object => ({
  post: 'TypeError: Failed to fetch',
  get: 'TypeError: Failed to fetch',
  names,
})

describe('a page of another origin', () => {
  test('in production calls the API where its site is named, and is refused by the browser where it is not', async () => {
    expect(await callFrom(OTHER_HOST, production)).toEqual(refused())
    expect(await callFrom('localhost', production)).toEqual(refused())
    expect(await callFrom(APP_HOST, production)).toEqual(answered('Ada Ash'))
  })

  test('locally calls the API from any port of localhost, and from nowhere else', async () => {
    expect(await callFrom(APP_HOST, local)).toEqual(refused())
    expect(await callFrom('localhost', local)).toEqual(answered('Ada Ash'))
    expect(await callFrom('127.0.0.1', local)).toEqual(answered('Ada Ash', 'Ada Ash'))
  })
})
