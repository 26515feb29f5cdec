import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { FIRST_QUERY } from '../../../src/http/pages.js'
import { sendRaw, type RawAnswer } from '../../support/raw-request.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { BUILT_PAGE, openPages, type Pages } from './built-page.js'

let pages: Pages
let bare: HttpServer
let open: HttpServer

beforeAll(async () => {
  pages = openPages()
  bare = await startHttpServer({ isLocal: false })
  open = await startHttpServer(({ settings }) => ({
    isLocal: false,
    graphiqlPage: pages.file,
    hasSandbox: true,
    // Even then nobody is signed in.
    demoTenantId: settings.id,
  }))
})

afterAll(async () => {
  await bare.close()
  await open.close()
  pages.close()
})

/** What a browser of somewhere else gets, behind a proxy. */
const browse = ({ base }: HttpServer, path: string, headers: readonly string[] = []): Promise<RawAnswer> =>
  sendRaw({ port: Number(new URL(base).port) }, `GET ${path} HTTP/1.1`, [
    'Host: crm.example.com',
    'X-Forwarded-For: 192.0.2.1',
    'Sec-Fetch-Site: cross-site',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    ...headers,
  ])

const codeOf = ({ body }: RawAnswer): unknown =>
  (JSON.parse(body) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code

describe('production', () => {
  test.each([
    ['/graphql', 401, 'UNAUTHENTICATED'],
    ['/graphiql', 404, 'NOT_FOUND'],
    ['/graphiql/options.json', 404, 'NOT_FOUND'],
    ['/sandbox', 404, 'NOT_FOUND'],
  ])('serves no page by itself: %s', async (path, status, code) => {
    const answer = await browse(bare, path)
    expect([answer.status, codeOf(answer), answer.headers['content-type']]).toEqual([
      status,
      code,
      'application/json; charset=utf-8',
    ])
  })

  test('serves no page to who has a token either', async () => {
    const answer = await browse(bare, '/graphql?query=%7Bme%7Brole%7D%7D', [
      `Authorization: Bearer ${await bare.token()}`,
    ])
    expect({ status: answer.status, body: JSON.parse(answer.body) }).toEqual({
      status: 200,
      body: { data: { me: { role: 'ADMIN' } }, extensions: { cost: { requested: 1, limit: 20_000 } } },
    })
  })
})

describe('production with pages', () => {
  test('serves Apollo Sandbox at /graphql under any host, without a token, with a policy of Apollo’s hosts alone', async () => {
    const { status, headers, body } = await browse(open, '/graphql')
    expect({ status, type: headers['content-type'], cache: headers['cache-control'] }).toEqual({
      status: 200,
      type: 'text/html',
      cache: 'no-store',
    })
    expect(headers['content-security-policy']?.replaceAll(/sha256-[\w+/=]{44}/g, 'sha256-…')).toBe(
      "default-src 'none'; script-src 'sha256-…' https://embeddable-sandbox.cdn.apollographql.com; " +
        "style-src 'sha256-…'; frame-src https://sandbox.embed.apollographql.com; img-src data:; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    const hosts = [...body.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host)
    expect(new Set(hosts)).toEqual(new Set(['embeddable-sandbox.cdn.apollographql.com']))
    const [, options = ''] = /id="options">(.*?)<\/script>/s.exec(body) ?? []
    expect(JSON.parse(options)).toEqual({
      document: FIRST_QUERY,
      headers: {},
      endpointIsEditable: false,
      runTelemetry: false,
      allowDynamicStyles: false,
    })
    expect(body).not.toContain('Bearer')
  })

  test('serves GraphiQL at /graphiql under any host, without a token', async () => {
    const { status, headers, body } = await browse(open, '/graphiql')
    expect([status, body]).toEqual([200, BUILT_PAGE])
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'")
    const options = await browse(open, '/graphiql/options.json')
    expect([options.status, JSON.parse(options.body)]).toEqual([200, { title: 'Kith', query: FIRST_QUERY }])
  })

  test.each([
    ['a query', '/graphql?query=%7B__typename%7D', []],
    ['a query of the schema', '/graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D', []],
    ['one that asks for JSON before HTML', '/graphql?query=%7B__typename%7D', ['Accept: application/json, text/html']],
    [
      'one with a header that needs a preflight',
      '/graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D',
      ['Accept: application/json, text/html;q=0.9', 'Apollo-Require-Preflight: 1'],
    ],
  ])('still answers nobody without a token: %s', async (_, path, headers) => {
    const address = { port: Number(new URL(open.base).port) }
    const answer = await sendRaw(address, `GET ${path} HTTP/1.1`, ['Host: crm.example.com', ...headers])
    expect([answer.status, codeOf(answer), answer.headers['www-authenticate']]).toEqual([
      401,
      'UNAUTHENTICATED',
      'Bearer',
    ])
  })

  test('answers a wrong token with 401, not with the page', async () => {
    const answer = await browse(open, '/graphql', ['Authorization: Bearer x'])
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED'])
  })
})
