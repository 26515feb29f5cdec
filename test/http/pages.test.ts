import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { createFrontDoor } from '../../src/http/front-door.js'
import { addGraphiQL, sandboxPlugin, type PageOptions } from '../../src/http/pages.js'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-pages-'))
  for (const suffix of ['', '.gz', '.br']) writeFileSync(join(folder, `graphiql.html${suffix}`), '')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Options whose tokens are counted: `token-1`, `token-2` … */
function counted(): PageOptions {
  let count = 0
  return { token: async () => `token-${++count}`, tokenTtlSeconds: 60 }
}

test('the options of GraphiQL hold another token each time they are asked for', async () => {
  const app = await createFrontDoor({ logger: pino({ level: 'silent' }), bodyLimitBytes: 1000 })
  addGraphiQL(app, pathToFileURL(join(folder, 'graphiql.html')), counted())
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const ask = async (): Promise<unknown> => (await fetch(`${base}/graphiql/options.json`)).json()
  const headers = (token: string): string => `{\n  "authorization": "Bearer ${token}"\n}`
  expect(await ask()).toMatchObject({ headers: headers('token-1'), expiresInSeconds: 60 })
  expect(await ask()).toMatchObject({ headers: headers('token-2'), expiresInSeconds: 60 })
  await app.close()
})

test('the landing page holds another token each time it is rendered', async () => {
  const listener = await sandboxPlugin(counted(), true).serverWillStart?.({} as never)
  const { html } = (await listener?.renderLandingPage?.()) ?? { html: '' }
  if (typeof html === 'string') throw new Error('The page is rendered once and for all.')
  const tokens = (page: string): string[] => [...page.matchAll(/token-\d+/g)].map(([token]) => token)
  // In the headers of the first document, and in those that all documents share.
  expect(tokens(await html())).toEqual(['token-1', 'token-1'])
  expect(tokens(await html())).toEqual(['token-2', 'token-2'])
})
