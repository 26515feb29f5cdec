import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startHttpServer, type HttpServer } from '../support/http-server.js'

let server: HttpServer

beforeAll(async () => {
  server = await startHttpServer({ uploadLimitBytes: 1000, isLocal: false })
})
afterAll(() => server.close())

async function send(method: string, path: string, more: Record<string, string> = {}, body?: string) {
  const authorization = `Bearer ${await server.token('MEMBER')}`
  const headers = { authorization, 'tus-resumable': '1.0.0', ...more }
  const response = await fetch(`${server.base}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  const { status } = response
  const of = (name: string) => response.headers.get(name)
  return { status, location: of('location'), offset: of('upload-offset'), length: of('upload-length') }
}

const create = (length: number) =>
  send('POST', '/import/tus', {
    'upload-length': String(length),
    'upload-metadata': `filename ${Buffer.from('people.csv').toString('base64')}`,
  })
const patch = (path: string, offset: number, body: string) =>
  send('PATCH', path, { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, body)
const FILE = 'query ($id: ID!) { importFile(id: $id) { name sizeBytes receivedBytes isComplete } }'

test('an upload goes on where it broke, and is complete at its end', async () => {
  const { status, location } = await create(10)
  expect([status, location]).toEqual([201, expect.stringMatching(/^\/import\/tus\/[0-9a-f]{8}-[0-9a-f]{4}-7/)])
  const path = location ?? ''
  const id = path.split('/').at(-1) ?? ''
  const fileOf = async () => (await server.ask(FILE, { id }, 'MEMBER')).body.data['importFile'] as unknown
  expect(await patch(path, 0, 'Name\n')).toMatchObject({ status: 204, offset: '5' })
  expect(await fileOf()).toEqual({ name: 'people.csv', sizeBytes: 10, receivedBytes: 5, isComplete: false })
  expect(await send('HEAD', path)).toMatchObject({ status: 200, offset: '5', length: '10' })
  // What is there already isn't added again.
  expect((await patch(path, 0, 'Name\n')).status).toBe(409)
  expect(await patch(path, 5, 'Ada\r\n')).toMatchObject({ status: 204, offset: '10' })
  expect(await fileOf()).toEqual({ name: 'people.csv', sizeBytes: 10, receivedBytes: 10, isComplete: true })
})

test('an upload that is too large, unknown, or nobody’s is refused', async () => {
  expect((await create(1001)).status).toBe(413)
  expect((await send('HEAD', '/import/tus/019a0000-0000-7000-8000-000000000000')).status).toBe(404)
  expect((await send('HEAD', '/import/tus/x')).status).toBe(404)
  expect((await send('POST', '/import/tus', { authorization: 'Bearer x', 'upload-length': '5' })).status).toBe(401)
  const { location } = await create(10)
  expect((await send('DELETE', location ?? '')).status).toBe(204)
  expect((await send('HEAD', location ?? '')).status).toBe(404)
})
