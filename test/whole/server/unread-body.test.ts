import { once } from 'node:events'
import type { Transform } from 'node:stream'
import {
  brotliCompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  deflateSync,
  gzipSync,
} from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sendRaw } from '../../support/raw-request.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'

let local: HttpServer
let production: HttpServer

beforeAll(async () => {
  local = await startHttpServer()
  production = await startHttpServer({ isLocal: false })
})

afterAll(async () => {
  await local.close()
  await production.close()
})

/** What a server answers to the head of a request, whose body never comes: its status and code. */
async function answerToHead({ base }: HttpServer, headers: readonly string[]): Promise<[number, string]> {
  const { hostname, port } = new URL(base)
  const lines = ['Host: localhost', 'Content-Type: application/json', ...headers]
  const { status, body } = await sendRaw({ address: hostname, port: Number(port) }, 'POST /graphql HTTP/1.1', lines)
  const { errors } = JSON.parse(body) as { errors: { extensions: { code: string } }[] }
  return [status, errors[0]?.extensions.code ?? '']
}

test.each<[string, 'local' | 'production', string[], number, string]>([
  ['no token', 'production', ['Content-Length: 900000'], 401, 'UNAUTHENTICATED'],
  ['a wrong token', 'production', ['Content-Length: 900000', 'Authorization: Bearer x'], 401, 'UNAUTHENTICATED'],
  ['a wrong token', 'local', ['Content-Length: 900000', 'Authorization: Bearer x'], 401, 'UNAUTHENTICATED'],
  ['no token, 64 kB and a byte', 'local', ['Content-Length: 65537'], 413, 'LIMIT_BODY'],
  ['no token, a compressed body', 'local', ['Content-Length: 10', 'Content-Encoding: gzip'], 413, 'LIMIT_BODY'],
  ['no token, a body without end', 'local', ['Transfer-Encoding: chunked'], 413, 'LIMIT_BODY'],
])('%s, %s: the body is not waited for', async (_, which, headers, status, code) => {
  expect(await answerToHead(which === 'local' ? local : production, headers)).toEqual([status, code])
})

test('without a token 64 kB of introspection are read, with one a compressed body too', async () => {
  const query = '{ __schema { queryType { name } } }'
  const post = (body: string | Uint8Array, headers: object) =>
    fetch(`${local.base}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body as never,
    })
  const text = JSON.stringify({ query })
  expect((await post(text.padEnd(65_536), {})).status).toBe(200)
  const authorization = `Bearer ${await local.token()}`
  const compressed = await post(gzipSync(JSON.stringify({ query: '{ me { role } }' })), {
    authorization,
    'content-encoding': 'gzip',
  })
  expect(await compressed.json()).toMatchObject({ data: { me: { role: 'ADMIN' } } })
})

/** Counts the bytes that streams of a kind give until `stop`; `closed` waits for the end of each. */
function watchUnpacking(example: Transform) {
  const prototype = Object.getPrototypeOf(example) as Transform
  const push = Reflect.get(prototype, 'push') as (chunk: Buffer | null) => boolean
  const ends = new Map<Transform, Promise<unknown>>()
  let bytes = 0
  prototype.push = function (this: Transform, chunk: Buffer | null) {
    if (!ends.has(this)) ends.set(this, once(this, 'close'))
    bytes += chunk?.length ?? 0
    return Reflect.apply(push, this, [chunk])
  }
  return {
    closed: async () => [(await Promise.all(ends.values())).length, bytes] as const,
    // It is the one of all streams, which is inherited.
    stop: () => Reflect.deleteProperty(prototype, 'push'),
  }
}

test.each([
  ['br', createBrotliDecompress, brotliCompressSync],
  ['deflate', createInflate, deflateSync],
  ['gzip', createGunzip, gzipSync],
] as const)('a bomb of %s is unpacked as far as a body may be, and not on when it is answered', async (...kind) => {
  const [encoding, createUnpacker, pack] = kind
  const bytes = 50_000_000
  const body = new Uint8Array(pack(Buffer.alloc(bytes, ' ')))
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await local.token('VIEWER')}` }
  const unpacking = watchUnpacking(createUnpacker())
  try {
    const response = await fetch(`${local.base}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-encoding': encoding },
      body,
    })
    expect([response.status, await response.json()]).toMatchObject([
      413,
      { errors: [{ extensions: { code: 'LIMIT_BODY' } }] },
    ])
    const [streams, unpacked] = await unpacking.closed()
    expect(streams).toBe(1)
    // A body has 1,000,000 bytes; some pieces more come while the answer is on its way.
    expect(unpacked).toBeGreaterThan(1_000_000)
    expect(unpacked).toBeLessThan(bytes / 4)
  } finally {
    unpacking.stop()
  }
})
