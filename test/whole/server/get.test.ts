import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startHttpServer, type GraphQLBody, type HttpServer } from '../support/http-server.js'

let server: HttpServer

beforeAll(async () => {
  server = await startHttpServer()
})

afterAll(async () => {
  await server.close()
})

const signed = async (): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await server.token('VIEWER')}`,
})

function get(query: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${server.base}/graphql?${new URLSearchParams({ query }).toString()}`, { headers })
}

// What browsers send to other sites without asking first: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
const SIMPLE_HEADERS = { accept: 'application/json', 'accept-language': 'en', 'content-language': 'en' }
const SCHEMA_QUERY = '{ __schema { queryType { name } } }'

describe('a query by GET', () => {
  test('is answered with a token: a browser asks before it sends one to another site', async () => {
    const response = await get('{ me { role } }', { ...SIMPLE_HEADERS, ...(await signed()) })
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { data: { me: { role: 'VIEWER' } }, extensions: { cost: { requested: 1, limit: 20_000 } } },
    })
  })

  test.each(['apollo-require-preflight', 'x-apollo-operation-name'])('is answered with %s', async (name) => {
    const response = await get(SCHEMA_QUERY, { ...SIMPLE_HEADERS, [name]: '1' })
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: {
        data: { __schema: { queryType: { name: 'Query' } } },
        extensions: { cost: { requested: 0, limit: 20_000 } },
      },
    })
  })

  test.each<[string, Record<string, string>]>([
    ['is refused with what a link or an image sends', SIMPLE_HEADERS],
    ['is refused with the type of a form', { ...SIMPLE_HEADERS, 'content-type': 'application/x-www-form-urlencoded' }],
    ['is refused with the type of a form with files', { ...SIMPLE_HEADERS, 'content-type': 'multipart/form-data' }],
    ['is refused with the type of a text', { ...SIMPLE_HEADERS, 'content-type': 'text/plain' }],
  ])('%s', async (_, headers) => {
    const response = await get(SCHEMA_QUERY, headers)
    expect(response.status).toBe(400)
    const { errors } = (await response.json()) as GraphQLBody
    expect(errors).toEqual([
      {
        message: expect.stringContaining('Cross-Site Request Forgery'),
        extensions: { code: 'BAD_REQUEST', requestId: response.headers.get('x-request-id') },
      },
    ])
  })

  test('that would change something is refused', async () => {
    const mutation = 'mutation { createContact(input: { lastName: "Get" }) { userErrors { code } } }'
    const response = await get(mutation, await signed())
    expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' })
    const { errors } = (await response.json()) as GraphQLBody
    expect(errors).toEqual([
      {
        message: expect.stringContaining('GET requests only support query operations'),
        extensions: { code: 'BAD_REQUEST', requestId: response.headers.get('x-request-id') },
      },
    ])
    expect((await server.ask('{ contacts { totalCount } }')).body.data).toEqual({ contacts: { totalCount: 0 } })
  })
})

// A client that reports an error names the request; the log has the same id.
describe('the id of the request', () => {
  const hash = '0'.repeat(64)
  test.each<[string, string, string, number, string]>([
    ['JSON that is none', '{bad', 'application/json', 400, 'BAD_REQUEST'],
    ['null', 'null', 'application/json', 400, 'BAD_REQUEST'],
    ['a list', '[]', 'application/json', 400, 'BAD_REQUEST'],
    ['no document', '{}', 'application/json', 400, 'BAD_REQUEST'],
    [
      'variables that are a list',
      '{"query":"{ me { role } }","variables":[1]}',
      'application/json',
      400,
      'BAD_REQUEST',
    ],
    ['a text', '{ me { role } }', 'text/plain', 400, 'BAD_REQUEST'],
    ['a form', 'query=1', 'application/x-www-form-urlencoded', 415, 'BAD_REQUEST'],
    ['no GraphQL', '{"query":"{"}', 'application/json', 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{"query":"{ nobody }"}', 'application/json', 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an unknown operation',
      '{"query":"query A { me { role } }","operationName":"B"}',
      'application/json',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'a variable of another type',
      '{"query":"query($first: Int) { contacts(first: $first) { totalCount } }","variables":{"first":"x"}}',
      'application/json',
      400,
      'BAD_USER_INPUT',
    ],
    [
      'an unknown hash',
      `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${hash}"}}}`,
      'application/json',
      200,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    [
      'a hash of another query',
      `{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}}`,
      'application/json',
      400,
      'BAD_REQUEST',
    ],
    [
      'another version of persisted queries',
      `{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"${hash}"}}}`,
      'application/json',
      400,
      'BAD_REQUEST',
    ],
    ['a subscription', '{"query":"subscription { x }"}', 'application/json', 400, 'BAD_USER_INPUT'],
    [
      'a cursor that is none',
      '{"query":"{ contacts(after: \\"x\\") { totalCount } }"}',
      'application/json',
      400,
      'INVALID_CURSOR',
    ],
    [
      'a role that may not',
      '{"query":"mutation { deleteContact(input: { id: \\"0190b0c0-0000-7000-8000-000000000001\\", version: 1 }) { userErrors { code } } }"}',
      'application/json',
      200,
      'FORBIDDEN',
    ],
  ])('comes with the error for %s', async (_, body, type, status, code) => {
    const response = await fetch(`${server.base}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${await server.token('MEMBER')}` },
      body,
    })
    const { errors } = (await response.json()) as GraphQLBody
    expect({
      status: response.status,
      codes: errors?.map(({ extensions }) => extensions['code']),
      requestIds: errors?.map(({ extensions }) => extensions['requestId']),
    }).toEqual({ status, codes: [code], requestIds: [response.headers.get('x-request-id')] })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})
