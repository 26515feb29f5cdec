/// <reference lib="dom" />
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { FIRST_QUERY } from '../../../src/http/pages.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { openBrowser, visit } from './browser.js'

const BUILT_PAGE = pathToFileURL('dist/public/graphiql.html')

let browser: Browser
let server: HttpServer
let local: HttpServer
let tenantName = ''

beforeAll(async () => {
  if (!existsSync(BUILT_PAGE)) throw new Error('dist/public/graphiql.html is missing. Run: npm run build')
  browser = await openBrowser()
  // As in production: no page of our own, nobody is signed in.
  server = await startHttpServer({ isLocal: false })
  local = await startHttpServer(({ settings }) => ({ graphiqlPage: BUILT_PAGE, demoTenantId: settings.id }))
  tenantName = local.tenant.settings.name
  const { body } = await server.ask('{ me { tenant { name } } }')
  expect(body.data).toEqual({ me: { tenant: { name: tenantName } } })
})

afterAll(async () => {
  await browser?.close()
  await local?.close()
  await server?.close()
})

async function signedInPost(query: string): Promise<unknown> {
  const options = (await (await fetch(`${local.base}/graphiql/options.json`)).json()) as { headers: string }
  const response = await fetch(`${local.base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(JSON.parse(options.headers) as Record<string, string>) },
    body: JSON.stringify({ query }),
  })
  return response.json()
}

describe('GraphiQL', () => {
  test('opens from the server alone, with the first query, and runs it as the demo ADMIN', async () => {
    await signedInPost(
      'mutation { createContact(input: { firstName: "Zoë", lastName: "Kowalska" }) { userErrors { message } } }',
    )
    const { page, hosts, errors } = await visit(browser, `${local.base}/graphiql`)
    await page.waitForFunction(() => document.body.innerText.includes('FirstContacts'))
    await page.click('button[aria-label^="Execute query"]')
    await page.waitForFunction(() => /Zoë\s+Kowalska/.test(document.body.innerText))
    await page.screenshot({ path: 'test-results/graphiql.png' })
    expect([...hosts]).toEqual([new URL(local.base).host])
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('shows the descriptions of the schema', async () => {
    const { page, errors } = await visit(browser, `${local.base}/graphiql`)
    await page.waitForFunction(() => document.body.innerText.includes('FirstContacts'))
    await page.click('button[aria-label="Show Documentation Explorer"]')
    await page.click('a.graphiql-doc-explorer-type-name >> text=Query')
    await page.waitForFunction(() =>
      document.body.innerText.includes('asks for others, newest first unless another order is asked for.'),
    )
    await page.screenshot({ path: 'test-results/graphiql-documentation.png' })
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('is not there in production, nor are its options', async () => {
    expect((await fetch(`${server.base}/graphiql`)).status).toBe(404)
    expect((await fetch(`${server.base}/graphiql/options.json`)).status).toBe(404)
  })

  test('is served packed, and not again while it is the same', async () => {
    const first = await fetch(`${local.base}/graphiql`, { headers: { 'accept-encoding': 'br' } })
    expect(first.headers.get('content-encoding')).toBe('br')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{27}"$/)
    expect((await fetch(`${local.base}/graphiql`, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })
})

describe('the landing page of /graphql', () => {
  test('is Apollo Sandbox with the first query and, locally, the token', async () => {
    const page = await (await fetch(`${local.base}/graphql`, { headers: { accept: 'text/html' } })).text()
    expect(page).toContain('embeddable-sandbox')
    expect(page).toContain(JSON.stringify(FIRST_QUERY).slice(1, 60))
    expect(page).toContain('Bearer ey')
  })

  test('is kept to browsers on this machine', async () => {
    const { request } = await import('node:http')
    const ask = (path: string, host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const sent = request(`${local.base}${path}`, { headers: { host, accept: 'text/html' } }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
        sent.on('error', reject).end()
      })
    const { port } = new URL(local.base)
    for (const path of ['/graphql', '/graphiql', '/graphiql/options.json']) {
      expect(await ask(path, `rebound.example:${port}`)).toBe(403)
      expect(await ask(path, `localhost:${port}`)).toBe(200)
    }
  })

  test('has no token in production', async () => {
    const page = await (await fetch(`${server.base}/graphql`, { headers: { accept: 'text/html' } })).text()
    expect(JSON.parse(page)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(page).not.toContain('Bearer')
  })

  test('without a way to the Internet says so', async () => {
    const { page, hosts } = await visit(browser, `${local.base}/graphql`)
    const fallback = page.locator('.fallback p', { hasText: 'Apollo Sandbox cannot be loaded' })
    // It fades in after a while.
    await page.waitForFunction(
      () => Number(getComputedStyle(document.querySelector('.fallback') ?? document.body).opacity) > 0.9,
    )
    expect(await fallback.innerText()).toBe(
      'Apollo Sandbox cannot be loaded; it appears that you might be offline. GraphiQL works offline.',
    )
    expect(await fallback.locator('a').getAttribute('href')).toBe('/graphiql')
    await page.screenshot({ path: 'test-results/sandbox-offline.png' })
    expect(
      [...hosts].filter((host) => !host.endsWith('apollographql.com') && !host.endsWith('googleapis.com')),
    ).toEqual([new URL(local.base).host])
    await page.context().close()
  })
})
