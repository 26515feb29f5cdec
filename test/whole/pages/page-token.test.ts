/// <reference lib="dom" />
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from '@jest/globals'
import type { Browser, Page, Request } from 'playwright-core'
import { signToken } from '../../../src/features/identity/token.js'
import { deriveKey } from '../../../src/lib/derive-key.js'
import { TEST_SECRET } from '../../support/api.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { openBrowser, visit } from './browser.js'

const OPTIONS = '**/graphiql/options.json'
const HOUR_MS = 3_600_000
const QUERY = '{ contacts { totalCount } }'
const EXECUTE = 'button[aria-label^="Execute query"]'
const HEADERS_EDITOR = 'section[aria-label="Headers"] .graphiql-editor:not(.hidden)'

let browser: Browser
let server: HttpServer
let page: Page
/** the requests of the page to the server but for its own files, in their order, with the status of each answer */
let sent: { request: Request; status: number }[] = []

beforeAll(async () => {
  browser = await openBrowser()
  server = await startHttpServer(({ settings }) => ({
    graphiqlPage: pathToFileURL('dist/public/graphiql.html'),
    demoTenantId: settings.id,
  }))
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

beforeEach(async () => {
  page = (await visit(browser, 'about:blank')).page
  sent = []
  page.on('response', (response) => {
    if (/graphql$|options\.json$/.test(response.url()))
      sent.push({ request: response.request(), status: response.status() })
  })
})

afterEach(() => page.context().close())

const tokenAt = (now: Date): Promise<string> =>
  signToken(
    deriveKey(TEST_SECRET, 'tokens'),
    { tenantId: server.tenant.settings.id, userId: server.tenant.users.ADMIN, role: 'ADMIN' },
    now,
    8 * 3600,
  )

/** What was sent, as `<path> <status>`. */
const paths = (): string[] => sent.map(({ request, status }) => `${new URL(request.url()).pathname} ${status}`)

/** The authorization of each request for data, in their order. */
const authorizations = (): (string | undefined)[] =>
  sent.filter(({ request }) => request.method() === 'POST').map(({ request }) => request.headers()['authorization'])

async function open(): Promise<void> {
  // The page asks for the schema at once; with an old token that is what brings the new one.
  const schema = page.waitForResponse((response) => response.url().endsWith('/graphql') && response.status() === 200)
  await page.goto(`${server.base}/graphiql?query=${encodeURIComponent(QUERY)}`)
  await schema
  await page.click('button:has-text("Headers")')
  await page.waitForFunction(() => document.body.innerText.includes('"authorization"'))
}

/** Opens GraphiQL with the token that it was given nine hours ago. Returns its authorization. */
async function openWithOldToken(): Promise<string> {
  const authorization = `Bearer ${await tokenAt(new Date(Date.now() - 9 * HOUR_MS))}`
  const json = { title: 'Kith', headers: JSON.stringify({ authorization }, null, 2), expiresInSeconds: 8 * 3600 }
  await page.route(OPTIONS, (route) => route.fulfill({ json }), { times: 1 })
  await open()
  return authorization
}

async function typeHeaders(headers: Record<string, string>): Promise<void> {
  await page.click(HEADERS_EDITOR)
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(JSON.stringify(headers))
  // The editor has closed quotes and brackets once more, behind the cursor.
  await page.keyboard.press('ControlOrMeta+Shift+End')
  await page.keyboard.press('Delete')
}

/** Runs the query, and forgets what was sent before. */
async function execute(status: number): Promise<void> {
  sent = []
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/graphql') && response.status() === status,
  )
  await page.click(EXECUTE)
  await answered
}

// The editors write spaces as spaces that don't break.
const waitForText = (pattern: RegExp): Promise<unknown> =>
  page.waitForFunction((source) => new RegExp(source).test(document.body.innerText), pattern.source)

describe('GraphiQL whose token has expired', () => {
  test('gets another one where the server refuses it, and goes on', async () => {
    const old = await openWithOldToken()
    expect(paths()).toEqual([
      '/graphiql/options.json 200',
      '/graphql 401',
      '/graphiql/options.json 200',
      '/graphql 200',
    ])
    const [refused, fresh] = authorizations()
    expect(refused).toBe(old)
    expect(fresh).not.toBe(old)
    await execute(200)
    await waitForText(/"totalCount":\s0/)
    expect(paths()).toEqual(['/graphql 200'])
    expect(authorizations()).toEqual([fresh])
    await page.screenshot({ path: 'test-results/graphiql-renewed.png' })
  })

  test('keeps and sends what was typed beside it', async () => {
    const authorization = await openWithOldToken()
    const [, fresh] = authorizations()
    await typeHeaders({ authorization, 'x-typed': 'still here' })
    await execute(200)
    await waitForText(/"totalCount":\s0/)
    expect(authorizations()).toEqual([fresh])
    expect(sent[0]?.request.headers()['x-typed']).toBe('still here')
    expect(await page.innerText(HEADERS_EDITOR)).toMatch(/"x-typed":"still\shere"/)
  })

  test('sends a token that was typed instead of it as it is', async () => {
    await openWithOldToken()
    await typeHeaders({ authorization: 'Bearer typed' })
    await execute(401)
    await waitForText(/A\svalid\sbearer\stoken\sis\sneeded\./)
    expect(paths()).toEqual(['/graphql 401'])
    expect(authorizations()).toEqual(['Bearer typed'])
  })
})

test('GraphiQL that stays open asks for another token before the first one expires', async () => {
  // The clock that never goes back moves with it; the one on the wall has no say.
  await page.clock.install()
  await open()
  expect(paths()).toEqual(['/graphiql/options.json 200', '/graphql 200'])
  await page.clock.fastForward(3 * HOUR_MS)
  await execute(200)
  expect(paths()).toEqual(['/graphql 200'])
  await page.clock.fastForward(2 * HOUR_MS)
  const renewal = page.waitForResponse(OPTIONS)
  await execute(200)
  expect(paths()).toEqual(['/graphiql/options.json 200', '/graphql 200'])
  const { headers } = (await (await renewal).json()) as { headers: string }
  expect(authorizations()).toEqual([(JSON.parse(headers) as { authorization: string }).authorization])
})
