import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { createFrontDoor } from '../../src/http/front-door.js'
import { addGraphiQL, FIRST_QUERY, sandboxPlugin, type PageOptions } from '../../src/http/pages.js'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-pages-'))
  for (const suffix of ['', '.gz', '.br']) writeFileSync(join(folder, `graphiql.html${suffix}`), '')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Options whose tokens are counted: `token-1`, `token-2` … */
function counted(): PageOptions {
  let count = 0
  return {
    isLocal: true,
    token: async () => `token-${++count}`,
    operatorToken: async () => `operator-${++count}`,
    tokenTtlSeconds: 60,
  }
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
  expect(tokens(await html())).toEqual(['token-1'])
  expect(tokens(await html())).toEqual(['token-2'])
})

test('no page asks for a token in production', async () => {
  const options: PageOptions = {
    isLocal: false,
    token: () => Promise.reject(new Error('a page asked for a token')),
    operatorToken: () => Promise.reject(new Error('a page asked for a token')),
    tokenTtlSeconds: 60,
  }
  const app = await createFrontDoor({ logger: pino({ level: 'silent' }), bodyLimitBytes: 1000 })
  addGraphiQL(app, pathToFileURL(join(folder, 'graphiql.html')), options)
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  expect(await (await fetch(`${base}/graphiql/options.json`)).json()).toEqual({ title: 'Kith', query: FIRST_QUERY })
  await app.close()
  const listener = await sandboxPlugin(options, false).serverWillStart?.({} as never)
  const { html } = (await listener?.renderLandingPage?.()) ?? { html: '' }
  expect(typeof html === 'string' ? html : await html()).not.toContain('Bearer')
})
