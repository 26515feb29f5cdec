import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startHttpServer, type GraphQLBody, type HttpServer } from '../support/http-server.js'

const APP = 'https://app.example.com'

let bare: HttpServer
let open: HttpServer
let local: HttpServer

beforeAll(async () => {
  bare = await startHttpServer({ isLocal: false })
  open = await startHttpServer({ isLocal: false, corsOrigins: [APP, 'https://crm.example.com:8443'] })
  local = await startHttpServer({ corsOrigins: [APP] })
})

afterAll(async () => {
  await bare.close()
  await open.close()
  await local.close()
})

const preflight = ({ base }: HttpServer, origin: string, path = '/graphql'): Promise<Response> =>
  fetch(`${base}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,apollographql-client-name',
    },
  })

const post = ({ base }: HttpServer, origin: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', ...headers },
    body: '{"query":"{ me { role } }"}',
  })

/** All that an answer says of other sites. */
function corsHeaders({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')))
}

const variesByOrigin = ({ headers }: Response): boolean => /\borigin\b/i.test(headers.get('vary') ?? '')

describe('a site that is named', () => {
  test.each([APP, 'https://crm.example.com:8443'])('may send what needs a preflight: %s', async (origin) => {
    const response = await preflight(open, origin)
    expect({ status: response.status, body: await response.text(), ...corsHeaders(response) }).toEqual({
      status: 204,
      body: '',
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization,content-type,apollographql-client-name',
      'access-control-expose-headers': 'x-request-id, retry-after',
      'access-control-max-age': '7200',
    })
    expect(variesByOrigin(response)).toBe(true)
  })

  test('may read answers, refused ones too', async () => {
    const answered = await post(open, APP, { authorization: `Bearer ${await open.token()}` })
    const refused = await post(open, APP)
    const invalid = await post(open, APP, { authorization: `Bearer ${await open.token()}`, 'content-type': 'x' })
    expect([answered.status, refused.status, invalid.status]).toEqual([200, 401, 415])
    for (const response of [answered, refused, invalid]) {
      expect(corsHeaders(response)).toEqual({
        'access-control-allow-origin': APP,
        'access-control-expose-headers': 'x-request-id, retry-after',
      })
      expect(variesByOrigin(response)).toBe(true)
    }
    // A token is a header that the page itself puts there: no cookie, no login of the browser's goes with it.
    expect(answered.headers.get('access-control-allow-credentials')).toBeNull()
  })
})

describe('a site that is not named', () => {
  const OTHERS = [
    'https://evil.example',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://sub.app.example.com',
    'https://app.example.com.evil.example',
    'https://evil-app.example.com',
    'HTTPS://APP.EXAMPLE.COM',
    'null',
    '',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
  ]

  test.each(OTHERS)('is told of nothing that it may do: %j', async (origin) => {
    for (const response of [await preflight(open, origin), await post(open, origin)]) {
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(variesByOrigin(response)).toBe(true)
    }
  })

  test.each([APP, ...OTHERS])('is answered as if there were no other sites where none is named: %j', async (origin) => {
    const response = await preflight(bare, origin)
    expect([response.status, corsHeaders(response)]).toEqual([404, {}])
    expect(corsHeaders(await post(bare, origin))).toEqual({})
  })
})

describe('locally', () => {
  test.each([
    APP,
    'http://localhost:3000',
    'http://localhost',
    'https://localhost:5173',
    'http://127.0.0.1:8080',
    'http://127.9.8.7',
    'http://[::1]:4321',
  ])('%s may call too', async (origin) => {
    expect(corsHeaders(await preflight(local, origin))['access-control-allow-origin']).toBe(origin)
  })

  test.each([
    'http://localhost.evil.example',
    'http://evil.localhost',
    'http://evil-localhost:3000',
    'http://localhost:3000.evil.example',
    'http://127.0.0.1.evil.example',
    'http://[::2]:4321',
    'http://10.0.0.1',
    'file://',
    'null',
    'http://localhost:evil',
  ])('%s may not', async (origin) => {
    expect((await preflight(local, origin)).headers.get('access-control-allow-origin')).toBeNull()
  })
})

test.each(['/', '/metrics', '/readyz', '/livez', '/graphiql', '/graphiql/options.json', '/nowhere'])(
  'no other address says anything of other sites: %s',
  async (path) => {
    const asked = await preflight(local, APP, path)
    const { errors } = (await asked.json()) as GraphQLBody
    expect([asked.status, errors?.[0]?.extensions['code'], corsHeaders(asked)]).toEqual([404, 'NOT_FOUND', {}])
    expect(corsHeaders(await fetch(`${local.base}${path}`, { headers: { origin: APP } }))).toEqual({})
  },
)
