import { gzipSync } from 'node:zlib'
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
