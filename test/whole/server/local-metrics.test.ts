import { expect, test } from '@jest/globals'
import { startHttpServer } from '../support/http-server.js'

/** The status of /metrics without a token, sent plainly and as through a proxy. */
async function statuses(isLocal: boolean, metricsToken?: string): Promise<number[]> {
  const server = await startHttpServer({ isLocal, hasSandbox: false, metricsToken })
  try {
    const read = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${server.base}/metrics`, { headers })).status
    return [await read({}), await read({ 'x-forwarded-for': '203.0.113.7' })]
  } finally {
    await server.close()
  }
}

test('locally /metrics needs no token on the same machine, unless one is set or a proxy lies between', async () => {
  expect(await statuses(true)).toEqual([200, 401])
  expect(await statuses(true, 'a token')).toEqual([401, 401])
})

test('in production nobody reads /metrics without a token that is set', async () => {
  expect(await statuses(false)).toEqual([401, 401])
})
