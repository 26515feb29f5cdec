import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import { deriveKey } from '../../../src/lib/derive-key.js'
import { signToken } from '../../../src/features/identity/token.js'
import { TEST_SECRET } from '../../support/api.js'
import { createTenant } from '../../support/records.js'
import { startHttpServer, type GraphQLBody, type HttpServer } from '../support/http-server.js'
import { holdUpStatement } from './hold-up.js'

const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

let server: HttpServer
let production: HttpServer

beforeAll(async () => {
  server = await startHttpServer({ metricsToken: 'a token for the metrics', slowQueryMs: 30, bodyLimitBytes: 20_000 })
  production = await startHttpServer({ isLocal: false })
})

afterAll(async () => {
  await server.close()
  await production.close()
})

function post(body: string, headers: Record<string, string> = {}, base = server.base): Promise<Response> {
  return fetch(`${base}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
}

const ME = JSON.stringify({ query: '{ me { role tenant { id } } }' })

describe('who asks', () => {
  test('a valid token is answered for its tenant', async () => {
    const { status, body, headers } = await server.ask('{ me { role user { id } tenant { id } } }', {}, 'MEMBER')
    expect(status).toBe(200)
    expect(body).toEqual({
      data: {
        me: { role: 'MEMBER', user: { id: server.tenant.users.MEMBER }, tenant: { id: server.tenant.settings.id } },
      },
      extensions: { cost: { requested: 3, limit: 20_000 } },
    })
    expect(headers.get('x-request-id')).toMatch(REQUEST_ID)
  })

  const sign = (changes: (jwt: SignJWT) => SignJWT, key = deriveKey(TEST_SECRET, 'tokens')): Promise<string> =>
    changes(
      new SignJWT({ tenant_id: server.tenant.settings.id, role: 'ADMIN' })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(server.tenant.users.ADMIN)
        .setIssuer('kith')
        .setAudience('kith')
        .setExpirationTime('1h'),
    ).sign(key)
  const unsigned = (): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = {
      tenant_id: server.tenant.settings.id,
      sub: server.tenant.users.ADMIN,
      role: 'ADMIN',
      iss: 'kith',
      aud: 'kith',
      exp: 4e9,
    }
    return `${part({ alg: 'none' })}.${part(claims)}.`
  }

  test.each<[string, () => Promise<string> | string]>([
    ['garbage', () => 'x.y.z'],
    ['no signature', unsigned],
    ['another key', () => sign((jwt) => jwt, deriveKey('another secret, also long enough', 'tokens'))],
    ["the cursors' key", () => sign((jwt) => jwt, deriveKey(TEST_SECRET, 'cursors'))],
    ['another issuer', () => sign((jwt) => jwt.setIssuer('else'))],
    ['another audience', () => sign((jwt) => jwt.setAudience('else'))],
    ['an end in the past', () => sign((jwt) => jwt.setExpirationTime('-1m'))],
    ['an unknown user', () => sign((jwt) => jwt.setSubject('0190b0c0-0000-7000-8000-000000000001'))],
    ["another tenant's user", () => sign((jwt) => jwt.setSubject(production.tenant.users.ADMIN))],
    ['a user that is no id', () => sign((jwt) => jwt.setSubject("' or 1=1"))],
  ])('a token with %s is refused as a whole', async (_, token) => {
    const response = await post(ME, { authorization: `Bearer ${await token()}` })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'A valid bearer token is needed.',
          extensions: { code: 'UNAUTHENTICATED', requestId: response.headers.get('x-request-id') },
        },
      ],
    })
  })

  test('without a token only introspection is answered, and only locally', async () => {
    const introspection = JSON.stringify({ query: '{ __schema { queryType { name } } }' })
    expect(await (await post(introspection)).json()).toEqual({
      data: { __schema: { queryType: { name: 'Query' } } },
      extensions: { cost: { requested: 0, limit: 20_000 } },
    })
    expect((await post(ME)).status).toBe(401)
    expect((await post(JSON.stringify({ query: '{ __typename me { role } }' }))).status).toBe(401)
    expect((await post(introspection, {}, production.base)).status).toBe(401)
  })

  test('production speaks of the schema to those with a token', async () => {
    const { body } = await production.ask('{ __schema { mutationType { name } } }', {}, 'VIEWER')
    expect(body).toEqual({
      data: { __schema: { mutationType: { name: 'Mutation' } } },
      extensions: { cost: { requested: 0, limit: 20_000 } },
    })
  })
})

describe('requests', () => {
  const signed = async () => ({ authorization: `Bearer ${await server.token()}` })

  test('answer with the media type that was asked for', async () => {
    const response = await post(ME, { ...(await signed()), accept: 'application/graphql-response+json' })
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8')
    expect((await post(ME, await signed())).headers.get('content-type')).toBe('application/json; charset=utf-8')
  })

  test('may name a document by its hash once it was sent', async () => {
    const query = '{ me { role } }'
    const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } }
    const unknown = (await (await post(JSON.stringify({ extensions }), await signed())).json()) as GraphQLBody
    expect(unknown.errors?.[0]?.extensions['code']).toBe('PERSISTED_QUERY_NOT_FOUND')
    await post(JSON.stringify({ query, extensions }), await signed())
    expect(await (await post(JSON.stringify({ extensions }), await signed())).json()).toEqual({
      data: { me: { role: 'ADMIN' } },
      extensions: { cost: { requested: 1, limit: 20_000 } },
    })
  })

  test.each([
    ['JSON that is none', '{bad', 'application/json', 400, 'BAD_REQUEST'],
    ['nothing', 'null', 'application/json', 400, 'BAD_REQUEST'],
    ['a list of requests', `[${ME}]`, 'application/json', 400, 'BAD_REQUEST'],
    ['a form that carries a token', 'query=%7Bme%7D', 'multipart/form-data; boundary=x', 415, 'BAD_REQUEST'],
    ['another content type', ME, 'text/plain', 400, 'BAD_REQUEST'],
    ['a form', 'query=%7Bme%7D', 'application/x-www-form-urlencoded', 415, 'BAD_REQUEST'],
    ['a document that is none', JSON.stringify({ query: '{ me { ' }), 'application/json', 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', JSON.stringify({ query: '{ nobody }' }), 'application/json', 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      '2,001 tokens',
      JSON.stringify({ query: `{ ${'me '.repeat(2001)} }` }),
      'application/json',
      400,
      'GRAPHQL_PARSE_FAILED',
    ],
    ['a body over the limit', JSON.stringify({ query: ' '.repeat(20_001) }), 'application/json', 413, 'LIMIT_BODY'],
  ])('with %s are refused in JSON, without a stack', async (_, body, type, status, code) => {
    const response = await post(body, { ...(await signed()), 'content-type': type })
    const text = await response.text()
    expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({
      status,
      type: 'application/json; charset=utf-8',
    })
    const { errors } = JSON.parse(text) as GraphQLBody
    expect(errors?.[0]?.extensions['code']).toBe(code)
    expect(text).not.toMatch(/node_modules|at .*\.js|stack/)
  })

  test.each(['[]', `[${ME}]`, `[${ME},${ME}]`])('in a list are refused: %s', async (body) => {
    const response = await post(body, await signed())
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 400,
      body: {
        errors: [
          {
            message: 'Batching is off: send each operation in a request of its own.',
            extensions: { code: 'BAD_REQUEST', requestId: response.headers.get('x-request-id') },
          },
        ],
      },
    })
  })

  test('that change something by GET are refused', async () => {
    const url = `${server.base}/graphql?query=${encodeURIComponent('mutation { createIndustry(input: { name: "x" }) { userErrors { code } } }')}`
    const response = await fetch(url, { headers: { ...(await signed()), 'apollo-require-preflight': '1' } })
    expect(response.status).toBe(405)
    expect((await server.ask('{ industries { totalCount } }')).body.data).toEqual({ industries: { totalCount: 0 } })
  })

  test('for an unknown address are answered in JSON', async () => {
    const response = await fetch(`${server.base}/nowhere`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'There is nothing here.',
          extensions: { code: 'NOT_FOUND', requestId: expect.stringMatching(REQUEST_ID) },
        },
      ],
    })
  })
})

describe('the state of the process', () => {
  test('/livez and /readyz say that it lives and may be asked', async () => {
    expect(await (await fetch(`${server.base}/livez`)).json()).toEqual({ status: 'live' })
    expect(await (await fetch(`${server.base}/readyz`)).json()).toEqual({ status: 'ready' })
  })

  test('/metrics is for the token of the metrics alone: it has names of all tenants', async () => {
    const read = (token: string): Promise<Response> =>
      fetch(`${server.base}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    expect((await fetch(`${server.base}/metrics`)).status).toBe(401)
    expect((await read(await server.token('ADMIN'))).status).toBe(401)
    expect((await read('a token for the metric')).status).toBe(401)
    expect((await read('a token for the metrics')).status).toBe(200)
    await server.ask('query Named($name: ID!) { contact(id: $name) { id } }', { name: server.tenant.users.VIEWER })
    await server.ask('mutation { createIndustry(input: { name: "Secret name" }) { userErrors { code } } }')
    const text = await (await read('a token for the metrics')).text()
    expect(text).toMatch(
      /kith_statement_duration_seconds_count\{statement="findContactsByIds",role="kith_app",outcome="ok"\} 1/,
    )
    expect(text).toMatch(
      /kith_statement_duration_seconds_count\{statement="insertRows.industries",role="kith_app",outcome="ok"\} 1/,
    )
    expect(text).toMatch(/kith_request_duration_seconds_count\{operation="Named",outcome="ok"\} 1/)
    expect(text).toMatch(/kith_pool_connections\{state="waiting"\} 0/)
    expect(text).not.toContain('Secret name')
  })

  test("a tenant's names of operations leave room for another's, and are cut", async () => {
    const other = await createTenant(server.database)
    const names = Array.from({ length: 220 }, (_, index) => `Mine${index}`)
    for (const name of names) await server.ask(`query ${name} { me { role } }`)
    await server.ask(`query ${'Long'.repeat(1000)} { me { role } }`)
    const token = await signToken(
      deriveKey(TEST_SECRET, 'tokens'),
      { tenantId: other.settings.id, userId: other.users.ADMIN, role: 'ADMIN' },
      new Date(),
      60,
    )
    await post('{"query":"query Theirs { me { role } }"}', { authorization: `Bearer ${token}` })
    const text = await (
      await fetch(`${server.base}/metrics`, { headers: { authorization: 'Bearer a token for the metrics' } })
    ).text()
    const counted = [...text.matchAll(/kith_request_duration_seconds_count\{operation="(\w+)",outcome="ok"\}/g)]
    expect(counted.map(([, name]) => name)).toContain('Theirs')
    expect(new Set(counted.map(([, name]) => name)).size).toBeLessThanOrEqual(202)
    expect(text).not.toContain('Long'.repeat(26))
  })

  test('slow statements are logged by their names', async () => {
    await holdUpStatement(server)
    const slow = server.log.filter((line) => line['msg'] === 'slow statement')
    expect(slow).toContainEqual(
      expect.objectContaining({ level: 40, statement: 'lockRecords.contacts', role: 'kith_app' }),
    )
    expect(JSON.stringify(server.log)).not.toContain('0190b0c0')
  })
})

describe('a server that stops', () => {
  test('says so to those who ask whether it is ready, and still answers', async () => {
    const stopping = await startHttpServer({ drain: { delayMs: 1500, limitMs: 25_000 } })
    const closed = stopping.close()
    const ready = await fetch(`${stopping.base}/readyz`)
    expect({ status: ready.status, body: await ready.json() }).toEqual({ status: 503, body: { status: 'draining' } })
    expect((await stopping.ask('{ me { role } }')).body).toEqual({
      data: { me: { role: 'ADMIN' } },
      extensions: { cost: { requested: 1, limit: 20_000 } },
    })
    await closed
    await expect(fetch(`${stopping.base}/livez`)).rejects.toThrow('fetch failed')
  })
})
