import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { serverAudits } from 'graphql-http'
import { startHttpServer, type HttpServer } from '../support/http-server.js'

let server: HttpServer

beforeAll(async () => {
  server = await startHttpServer()
})

afterAll(async () => {
  await server.close()
})

// 400 where the audits would have 200 for a refused request that accepts application/json: what Apollo Server answers,
// and what clients that look at the status want.
const EXPECTED_WARNINGS = ['572B', '7B9B', 'FDE2']

test('the server passes the audits of GraphQL over HTTP, but for three recommendations', async () => {
  const token = await server.token()
  const audits = serverAudits({
    url: `${server.base}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          authorization: `Bearer ${token}`,
          'apollo-require-preflight': '1',
        },
      }),
  })
  const results = await Promise.all(audits.map((audit) => audit.fn()))
  expect(results.filter((result) => result.status === 'error')).toEqual([])
  expect(
    results
      .filter((result) => result.status !== 'ok')
      .map((result) => result.id)
      .sort(),
  ).toEqual(EXPECTED_WARNINGS)
  expect(results).toHaveLength(61)
})
