import { afterEach, describe, expect, test } from '@jest/globals'
import { runAsAdmin } from '../../setup/test-run.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'

let server: HttpServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

const status = async (path: string): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`${server?.base ?? ''}${path}`)
  return { status: response.status, body: await response.json() }
}

/** Takes the database away under the running server: nobody gets in, who is in is thrown out. */
async function takeAway({ clone }: HttpServer): Promise<void> {
  const admin = Object.assign(new URL(clone.adminUrl), { pathname: '/postgres' }).href
  await runAsAdmin(admin, `ALTER DATABASE "${clone.name}" ALLOW_CONNECTIONS false`)
  await runAsAdmin(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${clone.name}'`)
}

async function giveBack({ clone }: HttpServer): Promise<void> {
  const admin = Object.assign(new URL(clone.adminUrl), { pathname: '/postgres' }).href
  await runAsAdmin(admin, `ALTER DATABASE "${clone.name}" ALLOW_CONNECTIONS true`)
}

describe('without its database', () => {
  test('the process lives, is not ready, and answers 503 with Retry-After; then goes on by itself', async () => {
    server = await startHttpServer()
    expect((await server.ask('{ contacts { totalCount } }')).status).toBe(200)
    await takeAway(server)
    expect(await status('/livez')).toEqual({ status: 200, body: { status: 'live' } })
    expect(await status('/readyz')).toEqual({ status: 503, body: { status: 'the database does not answer' } })
    const { status: away, body, headers } = await server.ask('{ contacts { totalCount } }')
    expect({ away, retryAfter: headers.get('retry-after'), body }).toEqual({
      away: 503,
      retryAfter: '1',
      body: {
        data: null,
        errors: [
          {
            message: 'The database is busy or away; try again.',
            locations: [{ line: 1, column: 14 }],
            path: ['contacts', 'totalCount'],
            extensions: { code: 'SERVICE_UNAVAILABLE', requestId: headers.get('x-request-id') },
          },
        ],
        extensions: { cost: { requested: 11, limit: 20_000 } },
      },
    })
    expect(JSON.stringify(body)).not.toMatch(/kith_test|127\.0\.0\.1|pg_|not currently accepting/)
    // Who asks can't be found out either: the whole request is refused.
    const stranger = await server.ask('{ me { role } }', {}, 'MEMBER')
    expect([stranger.status, stranger.headers.get('retry-after'), stranger.body]).toEqual([
      503,
      '1',
      {
        errors: [
          {
            message: 'The database is busy or away; try again.',
            extensions: { code: 'SERVICE_UNAVAILABLE', requestId: stranger.headers.get('x-request-id') },
          },
        ],
      },
    ])
    // The log has what the client doesn't see.
    expect(server.log).toContainEqual(
      expect.objectContaining({
        level: 50,
        requestId: headers.get('x-request-id'),
        err: expect.objectContaining({ message: expect.stringContaining('not currently accepting connections') }),
      }),
    )
    await giveBack(server)
    expect((await server.ask('{ contacts { totalCount } }')).body).toEqual({
      data: { contacts: { totalCount: 0 } },
      extensions: { cost: { requested: 11, limit: 20_000 } },
    })
  })
  test('the metrics are answered with 503 to the right token alone, and hold the figures of the process', async () => {
    server = await startHttpServer({ metricsToken: 'a token for the metrics' })
    const { base } = server
    const read = (token: string): Promise<Response> =>
      fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    expect((await read('a token for the metrics')).status).toBe(200)
    await takeAway(server)
    // Readiness is remembered for a second.
    let away = await read('a token for the metrics')
    while (away.status === 200) away = await read('a token for the metrics')
    expect({ status: away.status, retryAfter: away.headers.get('retry-after') }).toEqual({
      status: 503,
      retryAfter: '1',
    })
    expect(await away.text()).toMatch(/^kith_pool_connections\{state="total"\} 0$/m)
    expect((await read('another token')).status).toBe(401)
    expect((await read(await server.token('ADMIN'))).status).toBe(401)
    expect((await fetch(`${base}/metrics`)).status).toBe(401)
    await giveBack(server)
    let back = await read('a token for the metrics')
    while (back.status === 503) back = await read('a token for the metrics')
    expect(back.status).toBe(200)
  })
})
