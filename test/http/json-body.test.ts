import { expect, test } from '@jest/globals'
import { fastify } from 'fastify'
import { addJsonBodies, nestingOf } from '../../src/http/json-body.js'

test.each([
  ['1', 0],
  ['{}', 1],
  ['[[],[],[[]]]', 3],
  ['{"a":{"b":[1]},"c":2}', 3],
  ['"[[[["', 0],
  ['["\\"[[", "\\\\", []]', 2],
])('%s is %i levels deep', (json, depth) => {
  expect(nestingOf(json)).toBe(depth)
})

test('a body of 64 levels is read, one of 65 is refused before it is parsed', async () => {
  const app = fastify()
  addJsonBodies(app)
  app.post('/', (request) => ({ got: JSON.stringify(request.body) }))
  const post = (payload: string) =>
    app.inject({ method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, payload })
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  expect((await post(nested(64))).json()).toEqual({ got: nested(64) })
  const refused = await post(nested(65))
  expect([refused.statusCode, refused.json()]).toEqual([
    400,
    expect.objectContaining({ message: 'The body is nested deeper than 64 levels.' }),
  ])
  // It is not even JSON.
  expect((await post('['.repeat(3000))).json()).toMatchObject({ message: 'The body is nested deeper than 64 levels.' })
  expect((await post('{"a":')).statusCode).toBe(400)
  expect((await post('{"__proto__":{}}')).statusCode).toBe(400)
})
